import { connect } from "node:net";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { afterEach, describe, expect, it } from "vitest";
import { keyError } from "../../../src/http/access/auth.ts";
import { maxApiKeyLength } from "../../../src/limits/requests.ts";
import type { SmallApp } from "../app/small-app.ts";
import { smallApp } from "../app/small-app.ts";

let small: SmallApp | null = null;
afterEach(async () => {
  await small?.app.close();
  small = null;
});

async function portWithKey(apiKey: string): Promise<number> {
  small = await smallApp({ apiKey });
  await small.app.listen({ host: "127.0.0.1", port: 0 });
  return (small.app.server.address() as AddressInfo).port;
}

/** The answer's head, byte for byte as it comes over the wire. */
async function headOf(port: number, headerLine: string): Promise<string> {
  const socket = connect(port, "127.0.0.1");
  socket.write(
    `GET /v1/clusters HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n${headerLine}\r\n\r\n`,
  );
  const [head = ""] = (await text(socket)).split("\r\n\r\n");
  return head;
}

const basic = (key: string) => Buffer.from(`anyone:${key}`).toString("base64");

describe("an API key", () => {
  const visible = String.fromCharCode(...Array.from({ length: 94 }, (_, i) => 0x21 + i));

  it("of any visible ASCII works as bearer token, in its own header and as password", async () => {
    const port = await portWithKey(visible);
    for (const line of [
      `authorization: Bearer ${visible}`,
      `x-api-key: ${visible}`,
      `authorization: Basic ${basic(visible)}`,
    ]) {
      expect(await headOf(port, line)).toMatch(/^HTTP\/1\.1 200 /);
    }
  });

  it.each([
    ["", "is empty"],
    ["two words", "without blanks"],
    [" begins", "without blanks"],
    ["tab\t", "without blanks"],
    ["schl\u00fcssel", "some clients cannot send"],
    ["line\n", "some clients cannot send"],
    ["x".repeat(maxApiKeyLength + 1), "more than 1024 characters"],
  ])("cannot be %j, and the message says why", (key, why) => {
    expect(keyError(key)).toContain(why);
  });

  it("is asked for in two header lines, because browsers read one challenge per line", async () => {
    const port = await portWithKey("k-1");
    const head = await headOf(port, "accept: */*");
    const lines = head.split("\r\n").filter((line) => /^www-authenticate:/i.test(line));
    expect(lines.map((line) => line.toLowerCase())).toEqual([
      'www-authenticate: basic realm="fleetledger"',
      'www-authenticate: bearer realm="fleetledger"',
    ]);
  });
});

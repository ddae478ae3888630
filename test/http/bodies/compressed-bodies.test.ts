import { once } from "node:events";
import { Agent, request } from "node:http";
import type { IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { deflateSync, gzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  freelyInflatedBytes,
  maxInflation,
  maxRequestBytes,
} from "../../../src/limits/requests.ts";
import { anEvent } from "../app/memory-ledger.ts";
import type { SmallApp } from "../app/small-app.ts";
import { smallApp } from "../app/small-app.ts";

let small: SmallApp;
beforeEach(async () => {
  small = await smallApp();
});
afterEach(() => small.app.close());

const post = (payload: Buffer, type: string, encoding = "gzip") =>
  small.app.inject({
    method: "POST",
    url: "/v1/events",
    headers: { "content-type": type, "content-encoding": encoding },
    payload,
  });
const json = "application/json";
const ndjson = "application/x-ndjson";
const gzipped = (value: unknown) => gzipSync(JSON.stringify(value));

/** The checksum stands before the last four bytes. */
const withWrongChecksum = (body: Buffer) => body.fill(0, body.length - 8, body.length - 4);

describe("a body compressed with gzip", () => {
  it("is accepted like the plain one: an event, a list, and NDJSON", async () => {
    expect((await post(gzipped(anEvent()), json)).statusCode).toBe(201);
    expect((await post(gzipped([anEvent(), anEvent()]), json, "GZIP")).statusCode).toBe(201);
    const lines = [anEvent(), anEvent()].map((event) => JSON.stringify(event)).join("\n");
    const answer = await post(gzipSync(lines), ndjson, "x-gzip");
    expect(answer.body).toContain('"appended":2');
    expect(small.ledger.events).toHaveLength(5);
  });

  it("is refused with 413 if it expands beyond the limit of a plain one", async () => {
    const bomb = gzipSync(Buffer.alloc(maxRequestBytes + 1, " "));
    expect(bomb.length).toBeLessThan(20_000);
    const answer = await post(bomb, json);
    expect([answer.statusCode, answer.json().code]).toEqual([413, "too-large"]);
  });

  it("of lines is refused with 413 if it expands to far more than its own size", async () => {
    const bomb = gzipSync(Buffer.alloc(4 * freelyInflatedBytes, "\n"));
    expect(bomb.length * maxInflation).toBeLessThan(4 * freelyInflatedBytes);
    const answer = await post(bomb, ndjson);
    expect([answer.statusCode, answer.json().code]).toEqual([413, "too-large"]);
    expect(answer.json().detail).toContain(`more than ${maxInflation} times its size`);
  });

  it("of many equal lines is read as far as it may expand, and the summary says that the rest is missing", async () => {
    const line = `${JSON.stringify(anEvent())}\n`;
    const bomb = gzipSync(line + " ".repeat(200) + "\n".repeat(4 * freelyInflatedBytes));
    const answer = await post(bomb, ndjson);
    expect(small.ledger.events).toHaveLength(1);
    expect(answer.body).toContain('"status":"appended"');
    expect(answer.body).toContain('"complete":false');
    expect(answer.body).toContain("too-large");
  });

  it.each([
    ["no gzip", Buffer.from("{}")],
    ["gzip that is cut off", gzipped(anEvent()).subarray(0, 60)],
    ["gzip with a wrong checksum", withWrongChecksum(gzipped(anEvent()))],
  ])("that is %s is refused with 400", async (_what, body) => {
    for (const type of [json, ndjson]) {
      const answer = await post(body, type);
      expect([answer.statusCode, answer.json().code]).toEqual([400, "invalid-request"]);
      expect(answer.json().detail).toContain("not complete gzip");
    }
    expect(small.ledger.events).toHaveLength(0);
  });
});

describe("over real connections,", () => {
  async function statusesOf(bodies: readonly (readonly [Buffer, string])[]): Promise<number[]> {
    await small.app.listen({ host: "127.0.0.1", port: 0 });
    const { port } = small.app.server.address() as AddressInfo;
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const statuses: number[] = [];
    for (const [body, type] of bodies) {
      const headers = {
        "content-type": type,
        "content-encoding": "gzip",
        "content-length": body.length,
      };
      const sent = request({ agent, port, method: "POST", path: "/v1/events", headers });
      sent.end(body);
      const [answer] = (await once(sent, "response")) as [IncomingMessage];
      await text(answer);
      statuses.push(answer.statusCode ?? 0);
    }
    agent.destroy();
    return statuses;
  }

  it("a decompression bomb is refused, the server lives, and the next request is answered", async () => {
    const unfolding = gzipSync(Buffer.alloc(10 * freelyInflatedBytes, "\n"));
    const broken = Buffer.concat([gzipSync("{}").subarray(0, 12), Buffer.alloc(100_000, "x")]);
    const good = [gzipped(anEvent()), json] as const;
    expect(
      await statusesOf([
        [unfolding, json],
        good,
        [unfolding, ndjson],
        good,
        [unfolding, "text/plain"],
        good,
        [broken, "text/plain"],
        [broken, json],
        [broken, ndjson],
        good,
      ]),
    ).toEqual([413, 201, 413, 200, 415, 200, 415, 400, 400, 200]);
  });
});

describe("a body in another encoding", () => {
  it.each(["deflate", "br", "gzip, gzip", "nonsense"])(
    "such as %s is refused with 415, which names the accepted encodings",
    async (encoding) => {
      const answer = await post(deflateSync(JSON.stringify(anEvent())), json, encoding);
      expect([answer.statusCode, answer.json().errors[0].path]).toEqual([
        415,
        "/header/content-encoding",
      ]);
      expect(answer.headers["accept-encoding"]).toBe("gzip");
    },
  );

  it('with the encoding "identity" is accepted', async () => {
    const body = Buffer.from(JSON.stringify(anEvent()));
    expect((await post(body, json, "identity")).statusCode).toBe(201);
  });
});

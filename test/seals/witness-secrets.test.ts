import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { pino } from "pino";
import { describe, expect, onTestFinished, test } from "vitest";
import { eventually } from "../eventually.ts";
import { Audit } from "../../src/seals/audit.ts";
import { witness } from "../../src/seals/witness.ts";
import { failed } from "../ledger/sample-events.ts";
import { temporaryLedger } from "../ledger/temporary-ledger.ts";
import { run, temporaryFolder } from "../cli/run.ts";
import { signer } from "./sealed-ledger.ts";

const secrets = ["user-of-it", "pass:word", "pass%3Aword", "T0KEN", "qu3ry"];

/** A server that answers every checkpoint with a status; gives its port and what came. */
async function witnessServer(status: number): Promise<{ port: number; logins: string[] }> {
  const logins: string[] = [];
  const server = createServer((request, response) => {
    logins.push(request.headers.authorization ?? "");
    request.resume().on("end", () => response.writeHead(status, { location: "/" }).end());
  });
  await new Promise<void>((resume) => server.listen(0, "127.0.0.1", resume));
  onTestFinished(() => void server.close());
  return { port: (server.address() as AddressInfo).port, logins };
}

const addressAt = (port: number): string =>
  `http://user-of-it:pass%3Aword@127.0.0.1:${port}/hooks/T0KEN?key=qu3ry`;

/** All that a ledger says which seals to that witness: its state, as /readyz shows it, and its log. */
async function saidWhileSealingTo(address: string): Promise<string> {
  await using temporary = temporaryLedger();
  const ledger = await temporary.open();
  await ledger.submit([failed(1)]);
  const log: string[] = [];
  const logger = pino({ level: "trace" }, { write: (line: string) => void log.push(line) });
  const audit = new Audit({
    ledger,
    signer,
    clock: { nowMs: Date.now },
    intervalMs: 10,
    retryAfterMs: 1,
    witness: witness(address),
    onFailure: (error, what) => logger.error({ err: error }, `${what} failed`),
  });
  await audit.startSealing();
  await eventually(() => {
    const { failures = 0, isBehind = true } = audit.sealing() ?? {};
    expect(failures > 0 || !isBehind).toBe(true);
  });
  const state = JSON.stringify(audit.sealing());
  await audit.close();
  return state + log.join("");
}

describe("a witness whose address contains a user, a password and a token", () => {
  test("gets each checkpoint with user and password as Basic credentials", async () => {
    const { port, logins } = await witnessServer(204);
    const said = await saidWhileSealingTo(addressAt(port));
    const basic = `Basic ${Buffer.from("user-of-it:pass:word").toString("base64")}`;
    expect(new Set(logins)).toEqual(new Set([basic]));
    expect(said).toContain(`"witness":"http://127.0.0.1:${port}/…"`);
    for (const secret of secrets) expect(said).not.toContain(secret);
  });

  test.each([401, 302])("shows none of them when it answers %d", async (status) => {
    const { port } = await witnessServer(status);
    const said = await saidWhileSealingTo(addressAt(port));
    expect(said).toMatch(/answered 401|could not be reached: unexpected redirect/);
    for (const secret of secrets) expect(said).not.toContain(secret);
  });

  test("shows none of them when nobody answers", async () => {
    const said = await saidWhileSealingTo(addressAt(9));
    expect(said).toContain("could not be reached");
    for (const secret of secrets) expect(said).not.toContain(secret);
  });
});

describe("a witness name that is neither an address nor a file", () => {
  test.each([
    "ftp://user-of-it:pass%3Aword@host/T0KEN",
    "htps://host/T0KEN",
    "http:/user-of-it:T0KEN@host",
    "s3://bucket/T0KEN",
    "file:///T0KEN",
    "http://user-of-it:pass%3Aword@host:port/T0KEN",
    "http://user-of-it:100%@host/T0KEN",
  ])("such as %s is refused before anything is opened, and never shown", async (name) => {
    const folder = temporaryFolder();
    onTestFinished(() => folder.remove());
    const store = `sqlite:${folder.path("ledger.sqlite")}`;
    const args = ["--store", store, "--key", "none", "--seal-to", name, "--port", "0"];
    const { code, said } = await run("serve", ...args);
    expect(said).toMatch(/the witness/);
    expect(code).toBe(2);
    for (const secret of secrets) expect(said).not.toContain(secret);
  });

  test("is distinguished from names of files, also with a colon in a folder's name", () => {
    expect(witness("./http:x").description).toBe("./http:x");
    expect(() => witness("//user:s3cret@h/p")).toThrow(/^(?!.*s3cret).*begins with \/\//);
    expect(witness("/mnt/a:b/checkpoints").description).toBe("/mnt/a:b/checkpoints");
  });
});

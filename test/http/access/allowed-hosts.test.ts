import { request } from "node:http";
import type { IncomingMessage } from "node:http";
import { json } from "node:stream/consumers";
import { once } from "node:events";
import { pino } from "pino";
import { afterEach, describe, expect, it } from "vitest";
import { parseHost } from "../../../src/http/access/allowed-hosts.ts";
import { serve } from "../../../src/http/serve.ts";
import type { RunningServer, ServeOptions } from "../app/running-server.ts";
import { anEvent, memoryLedger } from "../app/memory-ledger.ts";
import type { MemoryLedger } from "../app/memory-ledger.ts";

let ledger: MemoryLedger;
let server: RunningServer | null = null;
afterEach(async () => {
  await server?.stop();
  server = null;
});

async function served(options: Partial<ServeOptions> = {}): Promise<number> {
  ledger = memoryLedger();
  const logger = pino({ level: "silent" });
  server = await serve({ ledger, logger, port: 0, stopOnSignals: false, ...options });
  return server.port;
}

interface Answer {
  readonly status: number;
  readonly problem: { readonly code?: string; readonly detail?: string };
}

/** What a browser sends whose page's name was bound to this machine: to our address, with headers of its own. */
async function ask(
  port: number,
  method: string,
  headers: Record<string, string>,
  body = "",
): Promise<Answer> {
  const sent = request({ host: "127.0.0.1", port, method, path: "/v1/events", headers });
  sent.end(body);
  const [answer] = (await once(sent, "response")) as [IncomingMessage];
  return { status: answer.statusCode ?? 0, problem: (await json(answer)) as Answer["problem"] };
}

const write = (port: number, headers: Record<string, string>) =>
  ask(port, "POST", { "content-type": "application/json", ...headers }, JSON.stringify(anEvent()));

describe("a page whose host name was rebound to this machine", () => {
  it("can neither read nor write, and the answer names the option that allows the name", async () => {
    const port = await served();
    const host = `evil.example:${port}`;
    const read = await ask(port, "GET", { host });
    expect([read.status, read.problem.code]).toEqual([421, "host-not-allowed"]);
    expect(read.problem.detail).toContain("--allowed-hosts evil.example");
    const written = await write(port, { host, origin: `http://${host}` });
    expect([written.status, written.problem.code]).toEqual([421, "host-not-allowed"]);
    expect(ledger.events).toHaveLength(0);
  });

  it.each(["localhost.evil.example", "127.0.0.1.evil.example", "localhost@evil", "a b", "[::2]"])(
    "cannot pass off %j as one of the ledger's names",
    async (host) => {
      const port = await served();
      expect((await ask(port, "GET", { host })).status).toBe(421);
    },
  );
});

describe("a page of another site", () => {
  it.each(["http://evil.example", "null", "http://localhost:1", "file://", "chrome-extension://x"])(
    "from %s cannot write",
    async (origin) => {
      const port = await served();
      const answer = await write(port, { origin });
      expect([answer.status, answer.problem.code]).toEqual([403, "origin-not-allowed"]);
      expect(ledger.events).toHaveLength(0);
    },
  );

  it("that should be allowed gets an answer that names the option", async () => {
    const port = await served();
    const { problem } = await write(port, { origin: "https://ledger.example.com" });
    expect(problem.detail).toContain("--allowed-hosts ledger.example.com");
  });
});

describe("the ledger's own pages, and programs", () => {
  it.each(["localhost", "127.0.0.1", "127.8.9.1", "[::1]", "LOCALHOST", "localhost."])(
    "reach it as %s, with and without the port",
    async (name) => {
      const port = await served();
      for (const host of [name, `${name}:${port}`]) {
        expect((await ask(port, "GET", { host })).status).toBe(200);
        const answer = await write(port, { host, origin: `http://${host}`.toLowerCase() });
        expect(answer.status).toBe(201);
      }
    },
  );

  it("may write without an Origin, which only browsers send", async () => {
    expect((await write(await served(), {})).status).toBe(201);
  });

  it("may read with any Origin, because the browser withholds the answer from the other page", async () => {
    const port = await served();
    expect((await ask(port, "GET", { origin: "http://evil.example" })).status).toBe(200);
  });

  it("reach it by any address but by no other name if it listens on all addresses", async () => {
    const port = await served({ host: "0.0.0.0" });
    expect((await ask(port, "GET", { host: `192.0.2.7:${port}` })).status).toBe(200);
    expect((await ask(port, "GET", { host: `[2001:db8::7]:${port}` })).status).toBe(200);
    expect((await ask(port, "GET", { host: `evil.example:${port}` })).status).toBe(421);
  });
});

describe("names that are allowed", () => {
  const allowedHosts = ["ledger.example.com", "inside:3000"];

  it("are accepted with any port, or only with the port that they name", async () => {
    const port = await served({ allowedHosts });
    for (const host of ["ledger.example.com", "Ledger.example.com:8443", "inside:3000"]) {
      expect((await ask(port, "GET", { host })).status).toBe(200);
    }
    for (const host of ["inside", "inside:3001", "example.com", "x.ledger.example.com"]) {
      expect((await ask(port, "GET", { host })).status).toBe(421);
    }
  });

  it("may be in Origin while a proxy puts another name into Host", async () => {
    const port = await served({ allowedHosts });
    const answer = await write(port, { origin: "https://ledger.example.com" });
    expect(answer.status).toBe(201);
  });

  it("also allow the page behind a proxy that keeps Host and ends TLS", async () => {
    const port = await served({ allowedHosts });
    for (const host of ["ledger.example.com", "ledger.example.com:443"]) {
      const answer = await write(port, { host, origin: "https://ledger.example.com" });
      expect(answer.status).toBe(201);
    }
  });
});

describe("a host from a header", () => {
  it.each([
    ["localhost", { name: "localhost", port: null }],
    ["Example.COM.:80", { name: "example.com", port: "80" }],
    ["[::1]:3000", { name: "[::1]", port: "3000" }],
    ["a_b-c", { name: "a_b-c", port: null }],
    ["https://a", null],
    ["*.example.com", null],
    ["a/b", null],
    ["a:", null],
    ["a:123456", null],
    ["[1:2]", null],
    ["::1", null],
    [".a", null],
    ["", null],
  ])("%j is read as %j", (text, host) => {
    expect(parseHost(text)).toEqual(host);
  });
});

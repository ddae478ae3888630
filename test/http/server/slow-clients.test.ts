/** Clients that send slowly, or not at all, or do not read: none of them holds memory or a connection for ever. */
import { pino } from "pino";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { ConnectionLimits } from "../../../src/http/server/connection-limits.ts";
import { serve } from "../../../src/http/serve.ts";
import type { RunningServer } from "../app/running-server.ts";
import type { MemoryLedger } from "../app/memory-ledger.ts";
import { anEvent, memoryLedger } from "../app/memory-ledger.ts";
import type { RawClient } from "../app/raw-client.ts";
import { head, problemIn, rawClient } from "../app/raw-client.ts";

let ledger: MemoryLedger;
let server: RunningServer;
const clients: RawClient[] = [];
const log: string[] = [];

async function served(connections: Partial<ConnectionLimits>): Promise<void> {
  server = await serve({
    ledger,
    logger: pino({ level: "warn" }, { write: (text) => log.push(text) }),
    port: 0,
    stopOnSignals: false,
    connections: { stopBodyMs: 100, stopAnswersMs: 200, ...connections },
  });
}

async function client(): Promise<RawClient> {
  const made = await rawClient(server.port);
  clients.push(made);
  return made;
}

beforeEach(() => {
  ledger = memoryLedger();
  log.length = 0;
});

afterEach(async () => {
  for (const each of clients.splice(0)) each.leave();
  await server.stop();
});

const post = (type: string, length: number | "chunked") =>
  head("POST", "/v1/events", {
    "content-type": type,
    ...(length === "chunked"
      ? { "transfer-encoding": "chunked" }
      : { "content-length": String(length) }),
  });
const chunk = (text: string) => `${text.length.toString(16)}\r\n${text}\r\n`;
const line = () => `${JSON.stringify(anEvent())}\n`;

describe("a request that is never completed", () => {
  test("is answered 408 when its body stops arriving", async () => {
    await served({ bodyIdleMs: 100 });
    const slow = await client();
    slow.send(`${post("application/json", 1_000_000)}{`);
    await slow.closed;
    expect(problemIn(slow.text())).toMatchObject({ status: 408, code: "request-timeout" });
  });

  test("is answered 408 when its body arrives byte by byte for too long", async () => {
    await served({ bodyIdleMs: 60_000, wholeBodyMs: 300 });
    const slow = await client();
    slow.send(post("application/json", 1_000_000));
    const drip = setInterval(() => slow.send(" "), 10);
    await expect.poll(slow.text).toContain("\r\n\r\n{");
    clearInterval(drip);
    expect(problemIn(slow.text())).toMatchObject({ status: 408, code: "request-timeout" });
  });

  test("is answered 408 when its headers are never completed", async () => {
    await served({ headerMs: 100 });
    const slow = await client();
    slow.send("GET / HTTP/1.1\r\nhost: localhost\r\n");
    await slow.closed;
    expect(problemIn(slow.text())).toMatchObject({ status: 408, code: "request-timeout" });
  });

  test("is closed when nothing of it arrives at all", async () => {
    await served({ stallMs: 100 });
    const silent = await client();
    await silent.closed;
    expect(silent.text()).toBe("");
  });
});

describe("an NDJSON import", () => {
  test("continues for longer than a body may take, as long as lines arrive", async () => {
    await served({ bodyIdleMs: 2_000, wholeBodyMs: 100 });
    const slow = await client();
    slow.send(post("application/x-ndjson", "chunked"));
    for (let i = 1; i <= 5; i++) {
      slow.send(chunk(line()));
      await expect.poll(() => ledger.events.length).toBe(i);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    slow.send("0\r\n\r\n");
    await expect.poll(slow.text).toContain('"appended":5');
    expect(slow.text()).toContain('"complete":true');
  });

  test("that stalls ends with the events appended so far, and says why", async () => {
    await served({ bodyIdleMs: 100 });
    const slow = await client();
    slow.send(post("application/x-ndjson", "chunked") + chunk(line()) + chunk(line().slice(0, 20)));
    await expect.poll(slow.text).toContain('"complete":false');
    expect(slow.text()).toContain('"appended":1');
    expect(slow.text()).toContain('"code":"request-timeout"');
  });
});

describe("the bodies of all requests together", () => {
  const full = { bodyBytesTogether: 400_000, bodyIdleMs: 60_000 };

  test("have a bound in bytes, beyond which requests are answered 503 with Retry-After", async () => {
    await served(full);
    const part = Buffer.alloc(200_000, " ");
    const statuses: number[] = [];
    for (let i = 0; i < 6; i++) {
      const slow = await client();
      slow.send(post("application/json", 250_000));
      slow.send(part);
    }
    await expect
      .poll(() => clients.filter((each) => each.text().includes("\r\n\r\n{")).length)
      .toBe(5);
    for (const each of clients) {
      if (each.text() === "") continue;
      const { status, code, headers } = problemIn(each.text());
      statuses.push(status);
      expect([code, headers]).toEqual(["overloaded", expect.stringMatching(/retry-after: \d/i)]);
    }
    expect(statuses).toEqual([503, 503, 503, 503, 503]);
  });

  test("leave room for small ones, and free all of it when the large ones are gone", async () => {
    await served(full);
    const large = await client();
    large.send(post("application/json", 290_000));
    large.send(Buffer.alloc(280_000, " "));
    const send = async (body: string) => {
      const answer = await fetch(`${server.url}/v1/events`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body,
      });
      return answer.status;
    };
    const second = JSON.stringify(anEvent()).padEnd(200_000);
    await expect.poll(() => send(second)).toBe(503);
    expect(await send(JSON.stringify(anEvent()))).toBe(201);
    large.leave();
    await expect.poll(() => send(second)).toBeLessThan(300);
  });

  test("make imports wait and then continue", async () => {
    await served(full);
    const large = await client();
    large.send(post("application/json", 290_000));
    large.send(Buffer.alloc(280_000, " "));
    const release = ledger.hold();
    const sender = await client();
    const lines = Array.from({ length: 2_000 }, line).join("");
    sender.send(post("application/x-ndjson", lines.length) + lines);
    await expect.poll(() => ledger.maxInFlight()).toBeGreaterThan(0);
    release();
    large.leave();
    await expect.poll(sender.text).toContain('"appended":2000');
  });
});

describe("an answer that the client does not read", () => {
  test("is cut off", async () => {
    await served({ stallMs: 200 });
    const events = Array.from({ length: 600 }, () => anEvent({ reason: "x".repeat(4_000) }));
    await ledger.submit(events);
    const unread = await client();
    unread.pause();
    // Far more than the system keeps for a connection.
    for (let i = 0; i < 20; i++) unread.send(head("GET", "/v1/events?limit=1000"));
    await expect.poll(() => log.join("")).toContain("closed: the client did not read the answer");
    unread.read();
    await unread.closed;
  });

  test("is cut off too if it belongs to a finished import", async () => {
    await served({ stallMs: 200 });
    const lines = '{"id":1}\n'.repeat(60_000);
    const unread = await client();
    unread.pause();
    unread.send(post("application/x-ndjson", lines.length) + lines);
    await expect.poll(() => log.join("")).toContain("closed: the client did not read the answer");
    unread.read();
    await unread.closed;
  });
});

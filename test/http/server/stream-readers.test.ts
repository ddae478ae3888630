/** What a live stream keeps: nothing of a message that is sent, and little for readers that do not read. */
import { connect } from "node:net";
import type { Socket } from "node:net";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { pino } from "pino";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { ConnectionLimits } from "../../../src/http/server/connection-limits.ts";
import { StreamReaders } from "../../../src/http/server/stream-readers.ts";
import { streamPagesPerTurn } from "../../../src/limits/clients.ts";
import { serve } from "../../../src/http/serve.ts";
import type { RunningServer } from "../app/running-server.ts";
import type { MemoryLedger } from "../app/memory-ledger.ts";
import { anEvent, memoryLedger } from "../app/memory-ledger.ts";
import type { RawClient } from "../app/raw-client.ts";
import { head, rawClient } from "../app/raw-client.ts";

let ledger: MemoryLedger;
let server: RunningServer;
const clients: RawClient[] = [];
const log: string[] = [];

/** A test's own: a stream of the test before it may end only now. */
let listeners = { count: 0 };
/** Streams that the server still follows the ledger for; it follows it for the keys, too. */
const openReaders = () => listeners.count - 1;

beforeEach(() => {
  ledger = memoryLedger();
  log.length = 0;
  const own = { count: 0 };
  listeners = own;
  const onProjected = ledger.onProjected.bind(ledger);
  Object.assign(ledger, {
    onProjected: (listener: (sequence: number) => void) => {
      const stop = onProjected(listener);
      own.count++;
      return () => {
        own.count--;
        stop();
      };
    },
  });
});

afterEach(async () => {
  for (const each of clients.splice(0)) each.leave();
  await server.stop();
});

async function served(connections: Partial<ConnectionLimits> = {}): Promise<void> {
  server = await serve({
    ledger,
    logger: pino({ level: "warn" }, { write: (text) => log.push(text) }),
    port: 0,
    stopOnSignals: false,
    connections: { stopBodyMs: 100, stopAnswersMs: 200, ...connections },
  });
}

async function reader(query: string): Promise<RawClient> {
  const made = await rawClient(server.port);
  clients.push(made);
  made.send(head("GET", `/v1/stream${query}`));
  return made;
}

/** More than the system keeps for a connection that is not read, many times over. */
async function muchToRead(): Promise<void> {
  const events = Array.from({ length: 4_000 }, () => anEvent({ reason: "x".repeat(4_000) }));
  await ledger.submit(events);
}

const cutOffs = () => log.filter((text) => text.includes("stream reader disconnected"));

describe("a reader that stops reading", () => {
  test("is cut off, and finds the reason at the end of what it was sent", async () => {
    await muchToRead();
    await served({ readerStallMs: 100, readerFarewellMs: 60_000 });
    const stalled = await reader("?after=0");
    stalled.pause();
    await expect.poll(cutOffs).toHaveLength(1);
    stalled.read();
    await expect.poll(stalled.text).toContain("event: cut-off");
    const [last = ""] = stalled.text().split("event: cut-off").slice(-1);
    expect(last).toContain("the client read nothing for 0.1 s");
    // The chunked answer is ended properly: a client knows that it has all of it.
    await expect.poll(stalled.text).toMatch(/\r\n0\r\n\r\n$/);
  });

  test("is closed soon if it still does not read", async () => {
    await muchToRead();
    await served({ readerStallMs: 100, readerFarewellMs: 100 });
    const stalled = await reader("?after=0");
    stalled.pause();
    await expect.poll(cutOffs).toHaveLength(1);
    await expect.poll(openReaders).toBe(0);
  });

  test("is cut off earlier if too many readers are behind, while the others continue", async () => {
    await muchToRead();
    await served({ readerBytesTogether: 200_000, readerStallMs: 60_000, readerFarewellMs: 100 });
    for (let i = 0; i < 8; i++) (await reader("?after=0")).pause();
    await expect.poll(() => cutOffs().length).toBeGreaterThan(4);
    expect(cutOffs().join("")).toContain("too many readers are behind");
    for (const text of cutOffs()) {
      const { heldBytes } = JSON.parse(text) as { heldBytes: number };
      // What was held when it came over the bound: one reader's more, and no second one's.
      expect(heldBytes).toBeLessThan(200_000 + 160_000);
    }
    const good = await reader("?after=3990");
    await expect.poll(good.text).toContain("id: 4000\n");
  });
});

test("no message that was sent is kept while its reader is connected", async () => {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;
  await served();
  const events = 4_000;
  const readers = await Promise.all(Array.from({ length: 10 }, () => countingReader()));
  for (let i = 0; i < events; i++) {
    await ledger.submit([anEvent()]);
    await new Promise((resolve) => setImmediate(resolve));
  }
  await expect
    .poll(() => readers.every(({ tail }) => tail().includes(`id: ${events}\n`)))
    .toBe(true);
  collect();
  const before = process.memoryUsage().heapUsed;
  for (const { socket } of readers) socket.destroy();
  await expect.poll(openReaders).toBe(0);
  collect();
  const bytesPerMessage = (before - process.memoryUsage().heapUsed) / (readers.length * events);
  expect(bytesPerMessage).toBeLessThan(60);
});

/** A reader of which the test keeps nothing but the end of what it read. */
async function countingReader(): Promise<{ socket: Socket; tail: () => string }> {
  const socket = connect(server.port, "127.0.0.1");
  let tail = "";
  socket.on("data", (bytes) => {
    tail = (tail + bytes.toString("latin1")).slice(-1_000);
  });
  socket.write(head("GET", "/v1/stream"));
  await expect.poll(() => tail).toContain("event: position");
  return { socket, tail: () => tail };
}

describe("pages of events for many readers", () => {
  test("are read only a few per turn of the event loop, so that other requests get theirs", async () => {
    const limits = { readerStallMs: 1_000, readerBytesTogether: 1_000, readerFarewellMs: 1 };
    const readers = new StreamReaders(limits, () => undefined);
    let pages = 0;
    const read = async (): Promise<void> => {
      await readers.turn();
      pages++;
    };
    const all = Array.from({ length: 3 * streamPagesPerTurn }, read);
    // Before the next turn of the loop, whatever is ready has run.
    await new Promise<void>((resolve) => process.nextTick(resolve));
    await Promise.resolve();
    expect(pages).toBe(streamPagesPerTurn);
    await Promise.all(all);
    expect(pages).toBe(3 * streamPagesPerTurn);
  });
});

/**
 * A served ledger under a steady load: events of a simulated fleet come in, reports are read, live
 * streams are followed. Its live heap may grow by what the events need and by nothing else: what that
 * is shows when the same ledger is served by a fresh process that is asked the same.
 */
import { spawnSync } from "node:child_process";
import { createReadStream, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { serveLedger } from "./served-ledger.ts";
import type { LiveHeap, ServedLedger } from "./served-ledger.ts";

const program = fileURLToPath(new URL("../src/main.ts", import.meta.url));
const clusters = ["aurora", "borealis", "corona"];
/** What the scenario `supercomputer` makes a day, rounded down, so that there are always enough. */
const eventsPerDay = 830;
const mib = 1_024 * 1_024;

interface Load {
  readonly minutes: number;
  readonly perSecond: number;
  readonly readers: number;
}

/** Lines of the simulated fleet as senders state them, what a ledger decided as well, in the order of recording, some at a time. */
async function* stated(path: string, count: number): AsyncGenerator<string[]> {
  let lines: string[] = [];
  for await (const line of createInterface({ input: createReadStream(path) })) {
    const { recordedAt: _, decision: __, ...event } = JSON.parse(line) as Record<string, unknown>;
    lines.push(JSON.stringify(event));
    if (lines.length < count) continue;
    yield lines;
    lines = [];
  }
}

/** Follows the live stream until the signal; counts its messages. */
async function follow(
  url: string,
  signal: AbortSignal,
  counts: { messages: number },
): Promise<void> {
  try {
    const answer = await fetch(url, { signal, headers: { accept: "text/event-stream" } });
    for await (const chunk of answer.body ?? []) {
      counts.messages += Buffer.from(chunk).toString("latin1").split("\n\n").length - 1;
    }
    if (!signal.aborted) throw new Error("the stream ended by itself");
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}

/** The months that a report is asked for: the one that events last came of, and the one before. */
function monthsUpTo(instant: string): [string, string] {
  const at = new Date(instant);
  const before = new Date(Date.UTC(at.getUTCFullYear(), at.getUTCMonth() - 1, 1));
  return [before.toISOString().slice(0, 7), instant.slice(0, 7)];
}

async function ask(url: string): Promise<void> {
  const answer = await fetch(url);
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${url} was answered ${answer.status}: ${text.slice(0, 300)}`);
}

/** What every process is asked before its heap is compared: reports of two months, and the overview. */
async function askAlike({ url }: ServedLedger, lastInstant: string): Promise<void> {
  for (const cluster of clusters) {
    for (const month of monthsUpTo(lastInstant))
      await ask(`${url}/v1/sla?cluster=${cluster}&period=${month}`);
  }
  await ask(`${url}/`);
}

/** One second's reads: a report of the head, one as of an earlier position, and at times the overview. */
async function read(url: string, second: number, sent: number, lastInstant: string): Promise<void> {
  const cluster = clusters[second % clusters.length] ?? "";
  const [before, now] = monthsUpTo(lastInstant);
  await ask(`${url}/v1/sla?cluster=${cluster}&period=${now}`);
  if (second % 5 === 0) await ask(`${url}/`);
  if (second % 10 === 0) {
    const asOf = Math.ceil(sent * 0.9);
    await ask(`${url}/v1/sla?cluster=${cluster}&period=${before}&asOf=${asOf}`);
  }
}

function heapLine(name: string, events: number, heap: LiveHeap): string {
  const mibOf = (bytes: number) => `${(bytes / mib).toFixed(1)} MiB`;
  const parts = [mibOf(heap.objectBytes), mibOf(heap.bufferBytes), mibOf(heap.residentBytes)];
  return `${name.padEnd(24)} ${events.toLocaleString("en-US").padStart(10)} events  objects ${parts[0]}  buffers ${parts[1]}  resident ${parts[2]}\n`;
}

interface Course {
  readonly sent: number;
  readonly lastInstant: string;
  readonly behindSeconds: number;
}

/** The load for its whole length; the live heap is printed every minute. */
async function bear(server: ServedLedger, path: string, load: Load): Promise<Course> {
  const begin = performance.now();
  let second = 0;
  let sent = 0;
  let lastInstant = "";
  let reading: Promise<void> = Promise.resolve();
  for await (const lines of stated(path, load.perSecond)) {
    if (second === load.minutes * 60) break;
    await sleep(Math.max(0, begin + second * 1_000 - performance.now()));
    const answer = await fetch(`${server.url}/v1/events`, {
      method: "POST",
      headers: { "content-type": "application/x-ndjson" },
      body: `${lines.join("\n")}\n`,
    });
    const text = await answer.text();
    if (!/"refused":0/.test(text)) throw new Error(`events were answered ${text.slice(-300)}`);
    sent += lines.length;
    const last = JSON.parse(lines.at(-1) ?? "{}") as { occurredAt: string };
    lastInstant = last.occurredAt;
    await reading;
    reading = read(server.url, second, sent, lastInstant);
    if (second % 60 === 59) {
      await reading;
      process.stdout.write(heapLine(`minute ${(second + 1) / 60}`, sent, await server.liveHeap()));
    }
    second++;
  }
  await reading;
  const behindSeconds = Math.max(0, (performance.now() - begin) / 1_000 - second);
  return { sent, lastInstant, behindSeconds };
}

async function main(load: Load): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "fleetledger-endurance-"));
  const events = join(folder, "events.ndjson");
  const days = Math.ceil((load.minutes * 60 * load.perSecond) / eventsPerDay) + 10;
  const simulated = spawnSync(
    process.execPath,
    ["--max-old-space-size=8192", program, "simulate", "--days", String(days), "--out", events],
    { stdio: ["ignore", "ignore", "inherit"] },
  );
  if (simulated.status !== 0) throw new Error("the simulation failed");
  const store = join(folder, "ledger.sqlite");
  const server = await serveLedger(store);
  const stopReaders = new AbortController();
  const counts = { messages: 0 };
  const readers = Array.from({ length: load.readers }, (_, i) =>
    follow(
      `${server.url}/v1/stream${i % 2 === 0 ? "" : "?only=positions"}`,
      stopReaders.signal,
      counts,
    ),
  );
  const course = await Promise.race([
    bear(server, events, load),
    Promise.all(readers).then(() => Promise.reject(new Error("the live streams ended"))),
  ]);
  stopReaders.abort();
  await Promise.all(readers);
  await askAlike(server, course.lastInstant);
  const after = await server.liveHeap();
  const stopMs = await server.stop();
  const fresh = await serveLedger(store);
  await askAlike(fresh, course.lastInstant);
  const again = await fresh.liveHeap();
  await fresh.stop();
  rmSync(folder, { recursive: true });
  report(course, counts.messages, stopMs, after, again);
}

function report(
  { sent, behindSeconds }: Course,
  messages: number,
  stopMs: number,
  after: LiveHeap,
  again: LiveHeap,
): void {
  const live = (heap: LiveHeap) => heap.objectBytes + heap.bufferBytes;
  process.stdout.write(heapLine("at the end", sent, after));
  process.stdout.write(heapLine("served by a new process", sent, again));
  const left = live(after) - live(again);
  const lines = [
    `${messages.toLocaleString("en-US")} messages to live streams; ${behindSeconds.toFixed(1)} s behind at the end; stopped in ${(stopMs / 1_000).toFixed(2)} s`,
    `${(live(again) / sent).toFixed(0)} bytes an event are needed; beyond that ${(left / mib).toFixed(1)} MiB were left, ${(left / sent).toFixed(2)} bytes an event`,
    "",
  ];
  process.stdout.write(lines.join("\n"));
}

const { values } = parseArgs({
  options: {
    minutes: { type: "string", default: "30" },
    "per-second": { type: "string", default: "1000" },
    readers: { type: "string", default: "10" },
  },
  allowPositionals: true,
});
await main({
  minutes: Number(values.minutes),
  perSecond: Number(values["per-second"]),
  readers: Number(values.readers),
});

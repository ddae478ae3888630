/**
 * In a process of its own: reads all of a prefix once, by the bare client's subscription or by a mirror that
 * is filled from nothing, and prints what it took. Arguments: `bare` or `mirror`, the connection string,
 * the prefix, the number of events.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { EventStoreDBClient, START, streamNameFilter } from "@eventstore/db-client";
import { openKurrentDbStore } from "../src/store/kurrentdb/kurrentdb.ts";

/** One reading of all events. */
export interface ReadOnce {
  readonly ms: number;
  /** Of the process's own time, user and system. */
  readonly cpuMs: number;
  readonly peakBytes: number;
  /** Subscriptions that broke on the way. */
  readonly reconnects: number;
}

async function readBare(url: string, prefix: string, count: number): Promise<number> {
  const client = EventStoreDBClient.connectionString(url);
  const filter = streamNameFilter({ prefixes: [prefix] });
  const reading = client.subscribeToAll({ fromPosition: START, filter });
  let read = 0;
  await new Promise<void>((resolve, reject) => {
    reading.on("error", reject);
    reading.on("data", () => {
      read++;
      if (read === count) resolve();
    });
  });
  await reading.unsubscribe();
  await client.dispose();
  return 0;
}

async function fillMirror(url: string, prefix: string, count: number): Promise<number> {
  const data = mkdtempSync(join(tmpdir(), "fleetledger-bench-"));
  const own = new URLSearchParams({ prefix, data });
  try {
    const store = await openKurrentDbStore({ name: `${url}#${own.toString()}`, mode: "write" });
    const { sequence } = await store.head();
    const reconnects = store.status?.().reconnects ?? 0;
    await store.close();
    if (sequence !== count) throw new Error(`the mirror has ${sequence} events of ${count}`);
    return reconnects;
  } finally {
    rmSync(data, { recursive: true, force: true });
  }
}

const [how, url = "", prefix = "", count] = process.argv.slice(2);
const startedMs = performance.now();
const before = process.cpuUsage();
const reconnects = await (how === "bare" ? readBare : fillMirror)(url, prefix, Number(count));
const { user, system } = process.cpuUsage(before);
const once: ReadOnce = {
  ms: performance.now() - startedMs,
  cpuMs: (user + system) / 1_000,
  peakBytes: process.resourceUsage().maxRSS * 1_024,
  reconnects,
};
process.stdout.write(`${JSON.stringify(once)}\n`);

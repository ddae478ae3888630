/**
 * Durable appends: the embedded store against a bare loop over node:sqlite (the same columns, index
 * and durability, no checks) and against write and fdatasync of the same bytes. Rounds of the rivals
 * are interleaved, so that a slow minute of the machine hits all of them.
 */
import { randomUUID } from "node:crypto";
import { closeSync, fdatasyncSync, mkdtempSync, openSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { canonicalEvent, canonicalJson } from "../src/events/canonical/canonical.ts";
import type { CheckedEvent } from "../src/events/envelope.ts";
import { walCheckpointPages, walKeptBytes } from "../src/limits/store.ts";
import { openEmbeddedStore } from "../src/store/sqlite/embedded.ts";
import type { StreamAppend } from "../src/store/port.ts";
import { hashedRateAim, stopHashing } from "./without-hashes.ts";
import type { BenchRow } from "./table.ts";
import { formatTable, median } from "./table.ts";

const streamCount = 1_200;
/** The page cache that the embedded store asks for: the bare loop gets the same. */
const pageCacheKiB = 32 * 1_024;
const firstInstant = Date.UTC(2026, 0, 1);

export interface StoreAppendOptions {
  readonly rounds?: number;
  readonly singles?: number;
  readonly batches?: number;
  readonly batchEvents?: number;
}

interface Placed {
  readonly stream: string;
  readonly revision: number;
  readonly event: CheckedEvent;
}

/** What is one durable commit, in the form that each rival takes. */
interface Group {
  readonly placed: readonly Placed[];
  readonly parts: readonly StreamAppend[];
}

interface Rival {
  take(group: Group): Promise<void>;
  close(): Promise<void>;
}

/** Events of about 400 bytes over many streams, each with its index in its stream. */
function makeEvents(count: number): Placed[] {
  const revisions = new Map<string, number>();
  return Array.from({ length: count }, (_, index) => {
    const node = `gpu-${String((index * 7) % streamCount).padStart(4, "0")}`;
    const stream = `node-alpha:${node}`;
    const revision = revisions.get(stream) ?? 0;
    revisions.set(stream, revision + 1);
    const data = {
      category: "hardware",
      cluster: "alpha",
      codes: ["79", "119"],
      component: "gpu",
      faultId: `${node}-${index}`,
      node,
    };
    const attribution = { correlationId: `incident-${index}`, source: "node-health-prober" };
    const event: CheckedEvent = {
      id: randomUUID(),
      type: "NodeFailed",
      schemaVersion: 1,
      occurredAt: firstInstant + index,
      data,
      dataJson: canonicalJson(data),
      attributionJson: canonicalJson(attribution),
    };
    return { stream, revision, event };
  });
}

async function embedded(directory: string): Promise<Rival> {
  const store = await openEmbeddedStore({ path: join(directory, "ledger.sqlite"), mode: "write" });
  return {
    take: async ({ parts }) => {
      for (const outcome of await store.append(parts)) if (!outcome.ok) throw outcome.error;
    },
    close: () => store.close(),
  };
}

/** One part a stream, as the ledger sends them. */
function groupOf(placed: readonly Placed[]): Group {
  const byStream = Map.groupBy(placed, ({ stream }) => stream);
  const parts = Array.from(byStream, ([stream, its]): StreamAppend => {
    const first = its[0]?.revision ?? 0;
    return {
      stream,
      expectedRevision: first === 0 ? "no-stream" : BigInt(first - 1),
      events: its.map(({ event }) => event),
      recordedAt: its.map(({ event }) => event.occurredAt),
    };
  });
  return { placed, parts };
}

/** The table of events as the embedded store makes it, and the index that finds streams where there are no lookups. */
async function eventsTableAsMade(): Promise<string[]> {
  const directory = mkdtempSync(join(tmpdir(), "fleetledger-bench-"));
  try {
    const path = join(directory, "ledger.sqlite");
    await (await openEmbeddedStore({ path, mode: "write" })).close();
    const db = new DatabaseSync(path, { readOnly: true });
    const made = db.prepare(
      "SELECT sql FROM sqlite_schema WHERE tbl_name = 'events' AND type = 'table'",
    );
    const texts = made.all().map(({ sql }) => String(sql));
    db.close();
    return [...texts, "CREATE UNIQUE INDEX events_by_stream ON events (stream, revision)"];
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

async function bareLoop(directory: string): Promise<Rival> {
  const db = new DatabaseSync(join(directory, "bare.sqlite"));
  db.exec("PRAGMA page_size = 8192; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL");
  db.exec(`PRAGMA cache_size = -${pageCacheKiB}; PRAGMA journal_size_limit = ${walKeptBytes}`);
  db.exec(`PRAGMA wal_autocheckpoint = ${walCheckpointPages}`);
  for (const sql of await eventsTableAsMade()) db.exec(sql);
  const insert = db.prepare("INSERT INTO events VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
  const begin = db.prepare("BEGIN IMMEDIATE");
  const commit = db.prepare("COMMIT");
  let sequence = 0;
  return {
    take: async ({ placed }) => {
      begin.run();
      for (const { stream, revision, event } of placed) {
        const { id, type, schemaVersion, occurredAt, dataJson, attributionJson } = event;
        sequence++;
        insert.run(
          sequence,
          stream,
          revision,
          id,
          type,
          schemaVersion,
          occurredAt,
          occurredAt,
          dataJson,
          attributionJson,
        );
      }
      commit.run();
    },
    close: async () => db.close(),
  };
}

async function rawFile(directory: string): Promise<Rival> {
  const file = openSync(join(directory, "raw.ndjson"), "w");
  return {
    take: async ({ placed }) => {
      let text = "";
      for (const { stream, revision, event } of placed) {
        text += `${canonicalEvent({ ...event, stream, revision, recordedAt: event.occurredAt })}\n`;
      }
      writeSync(file, text);
      fdatasyncSync(file);
    },
    close: async () => closeSync(file),
  };
}

async function unhashed(directory: string): Promise<Rival> {
  const hashAgain = stopHashing();
  const rival = await embedded(directory);
  return {
    ...rival,
    close: async () => {
      hashAgain();
      await rival.close();
    },
  };
}

const bareName = "bare node:sqlite loop";
const unhashedName = "embedded without hashing";
const rivals = {
  embedded,
  [unhashedName]: unhashed,
  [bareName]: bareLoop,
  "write + fdatasync": rawFile,
};
type RivalName = keyof typeof rivals;

/** Events per second of one rival over all groups, into a fresh file. */
async function measure(name: RivalName, groups: readonly Group[]): Promise<number> {
  const directory = mkdtempSync(join(tmpdir(), "fleetledger-bench-"));
  try {
    const rival = await rivals[name](directory);
    const began = performance.now();
    let events = 0;
    for (const group of groups) {
      await rival.take(group);
      events += group.placed.length;
    }
    const seconds = (performance.now() - began) / 1_000;
    await rival.close();
    return events / seconds;
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

async function compare(
  what: string,
  rounds: number,
  groups: readonly Group[],
  aim?: number,
): Promise<BenchRow[]> {
  const names = Object.keys(rivals) as RivalName[];
  const rates = Object.fromEntries(names.map((name) => [name, [] as number[]])) as Record<
    RivalName,
    number[]
  >;
  for (let round = 0; round < rounds; round++) {
    // Each round begins with another rival: none always follows the same one's dirty pages.
    for (const at of names.keys()) {
      const name = names[(at + round) % names.length] ?? "embedded";
      rates[name].push(await measure(name, groups));
    }
  }
  const own = median(rates.embedded);
  const row = (name: RivalName): BenchRow => ({
    name: `${what}: ${name}`,
    perSecond: median(rates[name]),
    unit: "events/s",
  });
  const ratioTo = (of: RivalName): number => own / median(rates[of]);
  return [
    {
      ...row("embedded"),
      ratio: { of: bareName, value: ratioTo(bareName), ...(aim === undefined ? {} : { aim }) },
    },
    {
      ...row("embedded"),
      name: `${what}: embedded`,
      ratio: { of: "without hashing", value: ratioTo(unhashedName), aim: hashedRateAim },
    },
    row(unhashedName),
    row(bareName),
    {
      ...row("write + fdatasync"),
      ratio: { of: "embedded's rate", value: 1 / ratioTo("write + fdatasync") },
    },
  ];
}

/** Medians of interleaved rounds. */
export async function benchStoreAppend(options: StoreAppendOptions = {}): Promise<BenchRow[]> {
  const { rounds = 5, singles = 2_000, batches = 60, batchEvents = 1_000 } = options;
  const single = makeEvents(singles).map((event) => groupOf([event]));
  const events = makeEvents(batches * batchEvents);
  const batched = Array.from({ length: batches }, (_, batch) =>
    groupOf(events.slice(batch * batchEvents, (batch + 1) * batchEvents)),
  );
  return [
    ...(await compare("single", rounds, single)),
    ...(await compare(`batches of ${batchEvents}`, rounds, batched, 1.2)),
  ];
}

if (import.meta.main) {
  process.stdout.write(formatTable("Durable append", await benchStoreAppend()));
}

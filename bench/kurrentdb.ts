/**
 * A ledger in KurrentDB against the bare client, in one run on one server: appends one at a time and many
 * at once, and the first fill of a mirror against reading the same events. The server is that of
 * KURRENTDB_URL, else a `kurrentdb` executable on PATH. `--events N` is the size of the fill.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { EventStoreDBClient, NO_STREAM, START, streamNameFilter } from "@eventstore/db-client";
import type { EventStore, StreamAppend } from "../src/store/event-store.ts";
import { openKurrentDbStore } from "../src/store/kurrentdb.ts";
import { toKurrentDb } from "../src/store/kurrentdb-event.ts";
import { checkedEvents, part } from "../test/contract/sample-events.ts";
import {
  freshPrefix,
  sharedServer,
  stopSharedServer,
  whyNoServer,
} from "../test/kurrentdb/server.ts";
import type { BenchRow } from "./table.ts";
import { formatTable, median } from "./table.ts";

const singles = 200;
const rounds = 3;
const partsAtOnce = 20;
const eventsPerPart = 500;

/** Appends a group of parts, all at once. */
type Append = (parts: readonly StreamAppend[]) => Promise<void>;

function group(round: string, parts: number, events: number): StreamAppend[] {
  return Array.from({ length: parts }, (_, i) =>
    part(`${round}-${i}`, "no-stream", checkedEvents(events)),
  );
}

function bareAppend(client: EventStoreDBClient, prefix: string): Append {
  return async (parts) => {
    const appends = parts.map(({ stream, events }) => {
      const size = events.length;
      const records = events.map((event, i) => toKurrentDb(event, 5_000, { place: i + 1, size }));
      return client.appendToStream(prefix + stream, records, { expectedRevision: NO_STREAM });
    });
    await Promise.all(appends);
  };
}

function ledgerAppend(store: EventStore): Append {
  return async (parts) => {
    for (const outcome of await store.append(parts)) if (!outcome.ok) throw outcome.error;
  };
}

async function perSecond(count: number, work: () => Promise<void>): Promise<number> {
  const startedMs = performance.now();
  await work();
  return (count * 1_000) / (performance.now() - startedMs);
}

async function appendRates(append: Append, round: string): Promise<readonly [number, number]> {
  const one = Array.from({ length: singles }, (_, i) => group(`${round}-one-${i}`, 1, 1));
  const many = group(`${round}-many`, partsAtOnce, eventsPerPart);
  const single = await perSecond(singles, async () => {
    for (const parts of one) await append(parts);
  });
  return [single, await perSecond(partsAtOnce * eventsPerPart, () => append(many))];
}

async function bareRead(url: string, prefix: string, count: number): Promise<void> {
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
}

async function withMirror(
  url: string,
  prefix: string,
  work: (store: EventStore) => Promise<void>,
): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "fleetledger-bench-"));
  const own = new URLSearchParams({ prefix, data: folder });
  const store = await openKurrentDbStore({ name: `${url}#${own.toString()}`, mode: "write" });
  try {
    await work(store);
  } finally {
    await store.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function benchAppends(url: string): Promise<BenchRow[]> {
  const client = EventStoreDBClient.connectionString(url);
  const bare: (readonly [number, number])[] = [];
  const ours: (readonly [number, number])[] = [];
  await withMirror(url, freshPrefix(), async (store) => {
    const rivals = { bare: bareAppend(client, freshPrefix()), ours: ledgerAppend(store) };
    // The first round warms both up.
    for (let round = 0; round <= rounds; round++) {
      const rates = [
        await appendRates(rivals.bare, `r${round}`),
        await appendRates(rivals.ours, `r${round}`),
      ] as const;
      if (round === 0) continue;
      bare.push(rates[0]);
      ours.push(rates[1]);
    }
  });
  await client.dispose();
  return [
    ...rowsOf("one at a time", bare, ours, 0),
    ...rowsOf(`${partsAtOnce} parts of ${eventsPerPart} at once`, bare, ours, 1),
  ];
}

function rowsOf(
  what: string,
  bare: readonly (readonly [number, number])[],
  ours: readonly (readonly [number, number])[],
  which: 0 | 1,
): BenchRow[] {
  const unit = "events/s";
  const [theirs, own] = [bare, ours].map((rates) => median(rates.map((each) => each[which])));
  return [
    { name: `bare client, ${what}`, perSecond: theirs ?? Number.NaN, unit },
    {
      name: `ledger, ${what}`,
      perSecond: own ?? Number.NaN,
      unit,
      ratio: { of: "bare client", value: (own ?? 0) / (theirs ?? 1), aim: 0.8 },
    },
  ];
}

async function benchFill(url: string, count: number): Promise<BenchRow[]> {
  const prefix = freshPrefix();
  const client = EventStoreDBClient.connectionString(url);
  const append = bareAppend(client, prefix);
  const perGroup = partsAtOnce * eventsPerPart;
  const groups = Math.ceil(count / perGroup);
  for (let i = 0; i < groups; i++) await append(group(`g${i}`, partsAtOnce, eventsPerPart));
  await client.dispose();
  const total = groups * perGroup;
  const bare = await perSecond(total, () => bareRead(url, prefix, total));
  const ours = await perSecond(total, () =>
    withMirror(url, prefix, async (store) => {
      if ((await store.head()).sequence !== total) throw new Error("the mirror is not full");
    }),
  );
  const unit = "events/s";
  const ratio = { of: "bare client", value: ours / bare, aim: 0.9 };
  return [
    { name: `bare client reads ${total}`, perSecond: bare, unit },
    { name: `a mirror is filled with ${total}`, perSecond: ours, unit, ratio },
  ];
}

const asked = process.argv.indexOf("--events");
const fillEvents = asked < 0 ? 50_000 : Number(process.argv[asked + 1]);
if (whyNoServer === null) {
  const url = await sharedServer();
  try {
    const rows = [...(await benchAppends(url)), ...(await benchFill(url, fillEvents))];
    process.stdout.write(`${formatTable("KurrentDB", rows)}\n`);
  } finally {
    await stopSharedServer();
  }
} else {
  process.stdout.write(`skipped: ${whyNoServer}\n\n`);
}

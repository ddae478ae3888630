/**
 * Appends to KurrentDB, one at a time and many at once, in rounds that take turns: the bare client with the
 * same call, credentials and number under way; the ledger until the server has acknowledged, which is
 * where the bare client's work ends; and the ledger until it answers, when its mirror has the events too.
 * What the mirror still has to do after an acknowledgement is waited for between two measurements.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setImmediate as nextTurn } from "node:timers/promises";
import { EventStoreDBClient, NO_STREAM } from "@eventstore/db-client";
import { appendPatienceMs, maxAppendsInFlight } from "../src/limits/kurrentdb.ts";
import type { EventStore, StreamAppend } from "../src/store/port.ts";
import { openKurrentDbStore } from "../src/store/kurrentdb/kurrentdb.ts";
import { appendPart } from "../src/store/kurrentdb/append.ts";
import { KurrentDbClient } from "../src/store/kurrentdb/client/client.ts";
import { parseKurrentDbName } from "../src/store/kurrentdb/client/name.ts";
import { freshPrefix } from "../test/kurrentdb/server.ts";
import { barePart, freshParts, rateUnit, sizeBytes } from "./kurrentdb-events.ts";
import type { LatencyRow } from "./latency.ts";
import { formatLatencies } from "./latency.ts";
import type { BenchRow } from "./table.ts";
import { formatTable, median } from "./table.ts";

const singles = 100;
/** Single appends are over soon: more rounds of them, against the moods of the machine. */
const singleRoundsPerRound = 3;
const partsAtOnce = 20;
const eventsPerPart = 500;
const nobody = { username: "nobody", password: "none" };

type Credentials = typeof nobody;
interface Ready {
  /** Appends parts, all at once: this is measured. */
  readonly append: (parts: readonly StreamAppend[]) => Promise<unknown>;
  /** Resolves when nothing of it goes on behind its back. */
  readonly settle: () => Promise<void>;
}

interface Rival {
  readonly name: string;
  /** What its rate is held against, by name. */
  readonly of?: string;
  readonly aim?: number;
  /** Works with a rival that is ready; getting ready is not measured. */
  with(work: (ready: Ready) => Promise<void>): Promise<void>;
}

interface Measured {
  /** Events a second, one a round. */
  readonly single: number[];
  readonly many: number[];
  readonly singleMicros: number[];
}

function nothingMeasured(): Measured {
  return { single: [], many: [], singleMicros: [] };
}

function bareRival(
  name: string,
  client: EventStoreDBClient,
  given: { credentials?: Credentials },
): Rival {
  const prefix = freshPrefix();
  return {
    name,
    ...("credentials" in given ? {} : { of: "bare client" }),
    with: (work) =>
      work({
        append: async (parts) => {
          const options = { ...given, expectedRevision: NO_STREAM, requiresLeader: true } as const;
          await Promise.all(
            parts.map((part) => {
              const { stream, records } = barePart(part);
              return client.appendToStream(prefix + stream, [...records], options);
            }),
          );
        },
        settle: () => Promise.resolve(),
      }),
  };
}

/** The ledger, with a mirror that follows. */
function ledgerRival(name: string, url: string, until: "acknowledged" | "answered"): Rival {
  const prefix = freshPrefix();
  const data = mkdtempSync(join(tmpdir(), "fleetledger-bench-"));
  const own = `${url}#${new URLSearchParams({ prefix, data }).toString()}`;
  process.once("exit", () => rmSync(data, { recursive: true, force: true }));
  const aim = until === "acknowledged" ? { aim: 0.8 } : {};
  return {
    name,
    of: "bare client",
    ...aim,
    with: async (work) => {
      const store = await openKurrentDbStore({ name: own, mode: "write" });
      const client = new KurrentDbClient(parseKurrentDbName(own));
      try {
        const append = until === "acknowledged" ? acknowledgedBy(client) : answeredBy(store);
        let { sequence } = await store.head();
        await work({
          append: async (parts) => {
            for (const { events } of parts) sequence += events.length;
            await append(parts);
          },
          settle: async () => {
            while ((await store.head()).sequence < sequence) await nextTurn();
          },
        });
      } finally {
        await client.dispose();
        await store.close();
      }
    },
  };
}

function acknowledgedBy(client: KurrentDbClient): Ready["append"] {
  const context = {
    counts: { retries: 0, unknownResolved: 0 },
    signal: new AbortController().signal,
  };
  return async (parts) => {
    const timed = { ...context, deadline: performance.now() + appendPatienceMs };
    const answers = await Promise.all(parts.map((part) => appendPart(client, part, timed)));
    if (!answers.every(({ kind }) => kind === "taken")) throw new Error("an append was not taken");
  };
}

function answeredBy(store: EventStore): Ready["append"] {
  return async (parts) => {
    for (const outcome of await store.append(parts)) if (!outcome.ok) throw outcome.error;
  };
}

async function millisOf(
  { append, settle }: Ready,
  parts: readonly StreamAppend[],
): Promise<number> {
  const startedMs = performance.now();
  await append(parts);
  const ms = performance.now() - startedMs;
  await settle();
  return ms;
}

async function measureSingles(ready: Ready, round: string, into: Measured): Promise<void> {
  const micros: number[] = [];
  for (let i = 0; i < singles; i++) {
    micros.push((await millisOf(ready, freshParts(`${round}-one-${i}`, 1, 1))) * 1_000);
  }
  into.singleMicros.push(...micros);
  into.single.push((singles * 1e6) / micros.reduce((sum, each) => sum + each, 0));
}

async function measureMany(ready: Ready, round: string, into: Measured): Promise<void> {
  const ms = await millisOf(ready, freshParts(`${round}-many`, partsAtOnce, eventsPerPart));
  into.many.push((partsAtOnce * eventsPerPart * 1_000) / ms);
}

function rowsOf(
  rivals: readonly (readonly [Rival, Measured])[],
  rates: (measured: Measured) => readonly number[],
  bytesPerEvent: number,
): BenchRow[] {
  const base = median(rates(rivals[0]?.[1] ?? nothingMeasured()));
  return rivals.map(([{ name, of, aim }, measured]) => {
    const perSecond = median(rates(measured));
    const unit = rateUnit(perSecond, bytesPerEvent);
    if (of === undefined) return { name, perSecond, unit };
    const ratio = { of, value: perSecond / base, ...(aim === undefined ? {} : { aim }) };
    return { name, perSecond, unit, ratio };
  });
}

/** The figures as text. The server at `url` takes them in memory or on disk, as it was started. */
export async function benchAppends(url: string, rounds: number): Promise<string> {
  if (partsAtOnce > maxAppendsInFlight) throw new Error("the ledger would make the rival wait");
  const client = EventStoreDBClient.connectionString(url);
  const rivals: (readonly [Rival, Measured])[] = [
    bareRival("bare client", client, { credentials: nobody }),
    ledgerRival("ledger, acknowledged", url, "acknowledged"),
    ledgerRival("ledger, answered from its mirror", url, "answered"),
    bareRival("bare client, its batched call", client, {}),
  ].map((rival) => [rival, nothingMeasured()]);
  const warmUp = nothingMeasured();
  for (let round = 0; round <= rounds; round++) {
    for (let turn = 0; turn < singleRoundsPerRound; turn++) {
      for (const [rival, measured] of rivals) {
        const into = round === 0 ? warmUp : measured;
        await rival.with((ready) => measureSingles(ready, `r${round}-${turn}`, into));
      }
    }
    for (const [rival, measured] of rivals) {
      const into = round === 0 ? warmUp : measured;
      await rival.with((ready) => measureMany(ready, `r${round}`, into));
    }
  }
  await client.dispose();
  const latencies: LatencyRow[] = rivals.map(([{ name }, { singleMicros: micros }]) => ({
    name,
    micros,
  }));
  const perOne = sizeBytes(freshParts("r1-one-1", 1, 1));
  const perMany =
    sizeBytes(freshParts("r1-many", partsAtOnce, eventsPerPart)) / (partsAtOnce * eventsPerPart);
  const many = `appends of ${partsAtOnce} streams' ${eventsPerPart} events at once`;
  return [
    formatTable(
      "appends of one event, one at a time",
      rowsOf(rivals, (of) => of.single, perOne),
    ),
    formatLatencies("their latency", latencies),
    formatTable(
      many,
      rowsOf(rivals, (of) => of.many, perMany),
    ),
  ].join("\n");
}

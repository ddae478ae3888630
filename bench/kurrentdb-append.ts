/**
 * Appends to KurrentDB, one at a time and many at once, in rounds that take turns: the bare client with the
 * same call, credentials and number under way; the ledger until the server has acknowledged, which is
 * where the bare client's work ends; and the ledger until it answers, when its mirror has the events too.
 * What the mirror still has to do after an acknowledgement is waited for between two measurements.
 */
import { EventStoreDBClient } from "@eventstore/db-client";
import { maxAppendsInFlight } from "../src/limits/kurrentdb.ts";
import type { StreamAppend } from "../src/store/port.ts";
import { freshParts, sizeBytes } from "./kurrentdb-events.ts";
import {
  type Ready,
  type Rival,
  bareRival,
  ledgerRival,
  nobody,
  rowsOf,
} from "./kurrentdb-rivals.ts";
import type { LatencyRow } from "./latency.ts";
import { formatLatencies } from "./latency.ts";
import { formatTable } from "./table.ts";

const singles = 100;
/** Single appends are over soon: more rounds of them, against the moods of the machine. */
const singleRoundsPerRound = 3;
const partsAtOnce = 20;
const eventsPerPart = 500;

interface Measured {
  /** Events a second, one a round. */
  readonly single: number[];
  readonly many: number[];
  readonly singleMicros: number[];
}

function nothingMeasured(): Measured {
  return { single: [], many: [], singleMicros: [] };
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

/** The figures as text. The server at `url` takes them in memory or on disk, as it was started. */
export async function benchAppends(url: string, rounds: number): Promise<string> {
  if (partsAtOnce > maxAppendsInFlight) throw new Error("the ledger would make the rival wait");
  const client = EventStoreDBClient.connectionString(url);
  const rivals: (readonly [Rival, Measured])[] = [
    bareRival("bare client", client, { credentials: nobody }),
    ledgerRival("ledger, acknowledged", url, { until: "acknowledged", aim: 0.8 }),
    ledgerRival("ledger, answered from its mirror", url, { until: "answered" }),
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

/**
 * Single appends to KurrentDB, 64 under way at once, each writer with a stream of its own: the ledger until it answers with
 * the sequence, in this process and over HTTP, beside the bare client with the same call, credentials, streams and events.
 * Rounds take turns.
 */
import { EventStoreDBClient } from "@eventstore/db-client";
import { singlesOf, sizeBytes } from "./kurrentdb-events.ts";
import {
  type Ready,
  type Rival,
  bareRival,
  ledgerRival,
  nobody,
  rowsOf,
} from "./kurrentdb-rivals.ts";
import { servedRival } from "./kurrentdb-served.ts";
import type { LatencyRow } from "./latency.ts";
import { formatLatencies } from "./latency.ts";
import { formatTable } from "./table.ts";

const writers = 64;
const eventsPerWriter = 50;
/** A round is over soon: more of them, against the moods of the machine. */
const turnsPerRound = 3;

interface Measured {
  /** Events a second, one a round. */
  readonly rates: number[];
  readonly micros: number[];
}

async function measure({ append, settle }: Ready, round: string, into: Measured): Promise<void> {
  const streams = singlesOf(round, writers, eventsPerWriter);
  const startedMs = performance.now();
  await Promise.all(
    streams.map(async (parts) => {
      for (const part of parts) {
        const beganMs = performance.now();
        await append([part]);
        into.micros.push((performance.now() - beganMs) * 1_000);
      }
    }),
  );
  into.rates.push((writers * eventsPerWriter * 1_000) / (performance.now() - startedMs));
  await settle();
}

/** The figures as text. */
export async function benchAtOnce(url: string, rounds: number): Promise<string> {
  const client = EventStoreDBClient.connectionString(url);
  const served = await servedRival("ledger, answered over HTTP", url, writers);
  const rivals: (readonly [Rival, Measured])[] = [
    bareRival("bare client", client, { credentials: nobody }),
    ledgerRival("ledger, acknowledged", url, { until: "acknowledged" }),
    ledgerRival("ledger, answered from its mirror", url, { until: "answered", aim: 0.6 }),
    served.rival,
    bareRival("bare client, its batched call", client, {}),
  ].map((rival) => [rival, { rates: [], micros: [] }]);
  // The first round warms up and is not counted.
  for (let turn = 0; turn <= rounds * turnsPerRound; turn++) {
    for (const [rival, measured] of rivals) {
      const into = turn === 0 ? { rates: [], micros: [] } : measured;
      await rival.with((ready) => measure(ready, `at-once-${turn}`, into));
    }
  }
  await client.dispose();
  await served.stop();
  const bytes = sizeBytes(singlesOf("at-once-1", 1, 2).flat()) / 2;
  const latencies: LatencyRow[] = rivals.map(([{ name }, { micros }]) => ({ name, micros }));
  return [
    formatTable(
      `appends of one event, ${writers} under way at once`,
      rowsOf(rivals, ({ rates }) => rates, bytes),
    ),
    formatLatencies("their latency", latencies),
  ].join("\n");
}

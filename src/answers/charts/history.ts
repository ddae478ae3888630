/** The ledger's own history: how many events, corrections and seals it took in, by recorded time or by sequence. */
import { EvenCells } from "../../../projections/arithmetic/even-cells.ts";
import { formatInstant } from "../../../projections/time/instant.ts";
import type { Ledger, Recordings } from "../../ledger/ledger.ts";
import { ledgerTime } from "../asked-instant.ts";

export const historyOrders = ["recorded", "sequence"] as const;
type HistoryOrder = (typeof historyOrders)[number];

const minuteMs = 60_000;

/** The bins up to a position, at most `most`. */
export async function historyAnswer(
  ledger: Ledger,
  sequence: number,
  by: HistoryOrder,
  most: number,
) {
  const recordings = await ledger.recordings();
  const { first, firstAt } = recordings;
  const headAt = ledgerTime(ledger, sequence);
  const isEmpty = first === null || first > sequence || firstAt === null || headAt === null;
  const { at, lastSequence, binMs } = isEmpty
    ? { at: [], lastSequence: [], binMs: null }
    : by === "recorded"
      ? byRecordedTime(recordings, sequence, most)
      : bySequence(recordings, sequence, most);
  const perBin = (count: (after: number, upTo: number) => number) =>
    lastSequence.map((upTo, i) => count(i === 0 ? 0 : (lastSequence[i - 1] ?? 0), upTo));
  return {
    by,
    first: isEmpty ? null : { sequence: first, recordedAt: formatInstant(firstAt) },
    last: isEmpty ? null : { sequence, recordedAt: formatInstant(headAt) },
    binMs,
    at,
    lastSequence,
    events: perBin((after, upTo) => recordings.events(after, upTo)),
    corrections: perBin((after, upTo) => recordings.corrections(after, upTo)),
    seals: perBin((after, upTo) => recordings.seals(after, upTo)),
  };
}

interface Bins {
  readonly at: readonly number[];
  readonly lastSequence: readonly number[];
  readonly binMs: number | null;
}

/** Bins of as few whole minutes as will do. */
function byRecordedTime(recordings: Recordings, sequence: number, most: number): Bins {
  const first = recordings.minuteOf(recordings.first ?? 1);
  const minutes = recordings.minuteOf(sequence) + 1 - first;
  const perBin = Math.ceil(minutes / most);
  const begins = Array.from({ length: Math.ceil(minutes / perBin) }, (_, i) => first + i * perBin);
  return {
    at: begins.map((minute) => minute * minuteMs),
    lastSequence: begins.map((minute) =>
      Math.min(recordings.lastBefore(minute + perBin), sequence),
    ),
    binMs: perBin * minuteMs,
  };
}

/** Bins of as many events each. */
function bySequence(recordings: Recordings, sequence: number, most: number): Bins {
  const { edges } = new EvenCells({ from: 0, to: sequence }, most);
  const lastSequence = [...edges.subarray(1)];
  return {
    at: lastSequence.map((last) => recordings.minuteOf(last) * minuteMs),
    lastSequence,
    binMs: null,
  };
}

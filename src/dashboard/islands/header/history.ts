/** What the rail draws: `/v1/history` of the newest position. */
import { ask } from "../page/ask.ts";

export interface History {
  readonly by: "recorded" | "sequence";
  /** The start of each bin, milliseconds since the epoch. */
  readonly at: readonly number[];
  readonly lastSequence: readonly number[];
  readonly events: readonly number[];
  readonly corrections: readonly number[];
  readonly seals: readonly number[];
  readonly head: number;
  /** When the head was recorded, milliseconds since the epoch. */
  readonly headAt: number;
}

interface Answer extends Omit<History, "head" | "headAt"> {
  readonly last: { readonly sequence: number; readonly recordedAt: string } | null;
}

/** `null` in an empty ledger, or if it could not be read: the rail stays as it is. */
export async function readHistory(by: History["by"], bins: number): Promise<History | null> {
  const answer = await ask(`/v1/history?by=${by}&w=${bins}`);
  if (answer?.ok !== true) return null;
  const history = (await answer.json()) as Answer;
  if (history.last === null) return null;
  const { sequence, recordedAt } = history.last;
  return { ...history, head: sequence, headAt: Date.parse(recordedAt) };
}

/** Where a position lies on the rail, from 0 to 1. */
export function placeOf(history: History | null, sequence: number): number {
  if (history === null || sequence >= history.head) return 1;
  const { index } = binAt(history, sequence);
  const before = index === 0 ? 0 : (history.lastSequence[index - 1] ?? 0);
  const last = history.lastSequence[index] ?? sequence;
  const within = last === before ? 1 : (sequence - before) / (last - before);
  return (index + within) / history.lastSequence.length;
}

/** The bin that holds a position. */
export function binAt(
  { at, lastSequence }: History,
  sequence: number,
): { readonly index: number; readonly at: number } {
  let [low, high] = [0, lastSequence.length - 1];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((lastSequence[middle] ?? Infinity) < sequence) low = middle + 1;
    else high = middle;
  }
  return { index: low, at: at[low] ?? 0 };
}

/** Searches events without blocking the event loop. */
import { at } from "../../../../projections/arithmetic/invariants.ts";
import { scanRowsPerTurn, searchTurnMs } from "../../../limits/store.ts";
import type { EventFilter } from "../../port.ts";
import type { EventRows } from "../rows/event-rows.ts";
import type { RawEvent } from "../rows/row-codec.ts";
import type { BlockMatches } from "./block-matches.ts";
import type { LedgerIndex } from "./ledger-index.ts";

/** Matching events up to sequence `upTo`, in the asked order. `beforeTurn` runs before each turn and may throw. */
export async function searchEvents(
  rows: EventRows,
  index: LedgerIndex,
  filter: EventFilter,
  upTo: number,
  beforeTurn: () => void,
): Promise<RawEvent[]> {
  const isLookedUp =
    filter.stream !== undefined || filter.type !== undefined || filter.cluster !== undefined;
  return isLookedUp
    ? await lookUp(rows, index, filter, upTo, beforeTurn)
    : await walk(rows, filter, upTo, beforeTurn);
}

async function lookUp(
  rows: EventRows,
  index: LedgerIndex,
  filter: EventFilter,
  upTo: number,
  beforeTurn: () => void,
): Promise<RawEvent[]> {
  const found: RawEvent[] = [];
  if (upTo <= filter.after || filter.limit < 1) return found;
  beforeTurn();
  let turnEnds = performance.now() + searchTurnMs;
  for (const matches of index.matches(filter, filter.after, upTo)) {
    for (const sequence of sequencesIn(matches, filter, upTo)) {
      const row = rows.at(sequence);
      if (row !== null && isWanted(row, filter)) found.push(row);
      if (found.length === filter.limit) return found;
      if (performance.now() < turnEnds) continue;
      await new Promise((resume) => setImmediate(resume));
      filter.signal?.throwIfAborted();
      beforeTurn();
      turnEnds = performance.now() + searchTurnMs;
    }
  }
  return found;
}

function* sequencesIn(
  { after, offsets }: BlockMatches,
  { order, after: beyond }: EventFilter,
  upTo: number,
): Generator<number> {
  const isBackward = order === "desc";
  // Where the page begins in a block is found by halving, not by passing over what comes before.
  const begin = firstBeyond(offsets, beyond - after);
  const end = firstBeyond(offsets, upTo - after);
  for (let i = begin; i < end; i++) {
    yield after + at(offsets, isBackward ? begin + end - 1 - i : i) + 1;
  }
}

/** The index of the first offset that is not less than `bound`. */
function firstBeyond(offsets: ArrayLike<number>, bound: number): number {
  let [low, high] = [0, offsets.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (at(offsets, middle) < bound) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Another stream may have the same hash, and blocks do not say when each event occurred. */
function isWanted(row: RawEvent, { stream, from, to }: EventFilter): boolean {
  return (
    (stream === undefined || row.stream === stream) &&
    (from === undefined || row.occurredAt >= from) &&
    (to === undefined || row.occurredAt < to)
  );
}

/** Walks all rows, one turn's worth at a time. */
async function walk(
  rows: EventRows,
  filter: EventFilter,
  upTo: number,
  beforeTurn: () => void,
): Promise<RawEvent[]> {
  const found: RawEvent[] = [];
  const isBackward = filter.order === "desc";
  // The range that is left to search.
  let [after, end] = [filter.after, upTo];
  while (after < end && found.length < filter.limit) {
    beforeTurn();
    filter.signal?.throwIfAborted();
    const from = isBackward ? Math.max(after, end - scanRowsPerTurn) : after;
    const to = isBackward ? end : Math.min(end, after + scanRowsPerTurn);
    for (const row of rows.occurred(filter, from, to, filter.limit - found.length)) found.push(row);
    if (isBackward) end = from;
    else after = to;
    if (after < end) await new Promise((resume) => setImmediate(resume));
  }
  return found;
}

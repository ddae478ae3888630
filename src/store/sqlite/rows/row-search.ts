/** Searches the rows without blocking the event loop. */
import { scanRowsPerTurn } from "../../../limits/store.ts";
import type { EventFilter } from "../../port.ts";
import type { EventRows } from "./event-rows.ts";
import type { RawEvent } from "./row-codec.ts";

/** Matching rows up to sequence `upTo`, in the asked order. `beforeTurn` runs before each turn and may throw. */
export async function searchRows(
  rows: EventRows,
  filter: EventFilter,
  upTo: number,
  beforeTurn: () => void,
): Promise<RawEvent[]> {
  // A stream has an index; any other search walks all rows, one turn's worth at a time.
  const stride = filter.stream === undefined ? scanRowsPerTurn : Number.MAX_SAFE_INTEGER;
  const found: RawEvent[] = [];
  const isBackward = filter.order === "desc";
  // The range that is left to search.
  let [after, end] = [filter.after, upTo];
  while (after < end && found.length < filter.limit) {
    beforeTurn();
    filter.signal?.throwIfAborted();
    const from = isBackward ? Math.max(after, end - stride) : after;
    const to = isBackward ? end : Math.min(end, after + stride);
    found.push(...rows.matching(filter, from, to, filter.limit - found.length));
    if (isBackward) end = from;
    else after = to;
    if (after < end) await new Promise((resume) => setImmediate(resume));
  }
  return found;
}

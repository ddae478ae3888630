/** A search over the rows that keeps nobody from their turn. */
import { scanRowsPerTurn } from "../../../limits/store.ts";
import type { EventFilter } from "../../port.ts";
import type { EventRows } from "./event-rows.ts";
import type { RawEvent } from "./row-codec.ts";

/** Rows up to sequence `upTo` that match, by sequence; `beforeTurn` may throw, before each turn. */
export async function searchRows(
  rows: EventRows,
  filter: EventFilter,
  upTo: number,
  beforeTurn: () => void,
): Promise<RawEvent[]> {
  // A stream has an index; any other search walks the rows, a turn's worth at a time.
  const stride = filter.stream === undefined ? scanRowsPerTurn : Number.MAX_SAFE_INTEGER;
  const found: RawEvent[] = [];
  let after = filter.after;
  while (after < upTo && found.length < filter.limit) {
    beforeTurn();
    filter.signal?.throwIfAborted();
    const end = Math.min(upTo, after + stride);
    found.push(...rows.matching(filter, after, end, filter.limit - found.length));
    after = end;
    if (after < upTo) await new Promise((resume) => setImmediate(resume));
  }
  return found;
}

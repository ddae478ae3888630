/** The position that a read is as of, and instants as answers show them. */
import { formatInstant } from "../../projections/time/instant.ts";

export interface PositionQuery {
  readonly asOf?: number | undefined;
  /** Milliseconds since the epoch. */
  readonly asOfTime?: number | undefined;
  readonly minSequence?: number | undefined;
}

/** Whether the read is historical: its answer never changes. */
export function isLookBack(query: PositionQuery): boolean {
  return query.asOf !== undefined || query.asOfTime !== undefined;
}

/** An instant as text; `null` for Infinity, the end of what has not ended. */
export function instantOrNull(ms: number): string | null {
  return Number.isFinite(ms) ? formatInstant(ms) : null;
}

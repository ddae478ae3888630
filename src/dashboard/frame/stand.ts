/** Where a page stands: the ledger position and the instant that it shows. */
import type { Ledger } from "../../ledger/ledger.ts";
import { ledgerTime } from "../../answers/asked-instant.ts";

export interface Stand {
  /** The position that everything on the page is as of. */
  readonly sequence: number;
  /** Ledger time at the position; `null` in an empty ledger. */
  readonly recordedAt: number | null;
  /** The instant whose states are shown; `null` only in an empty ledger that is looked back to. */
  readonly at: number | null;
  /** Whether an earlier position was requested: nothing on the page changes any more. */
  readonly isPast: boolean;
}

/** Time goes on in steps, so that viewers who come a moment apart share one computation. */
const stepMs = 10_000;

/**
 * The newest stand. Its instant is after ledger time, so that what was recorded last has an effect, and moves on every ten
 * seconds without events.
 */
export function newestStand(ledger: Ledger): Stand {
  const sequence = ledger.sequence();
  const recordedAt = ledgerTime(ledger, sequence);
  const stepped = Math.floor(ledger.nowMs() / stepMs) * stepMs;
  const at = Math.max((recordedAt ?? -Infinity) + 1, stepped);
  return { sequence, recordedAt, at, isPast: false };
}

/** A stand in the past: its instant is ledger time at the position. */
export function pastStand(ledger: Ledger, sequence: number): Stand {
  const recordedAt = ledgerTime(ledger, sequence);
  return { sequence, recordedAt, at: recordedAt, isPast: true };
}

export function isSameStand(a: Stand, b: Stand): boolean {
  return a.sequence === b.sequence && a.at === b.at && a.isPast === b.isPast;
}

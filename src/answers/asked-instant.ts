/**
 * The instant that an answer is about: what is in force, blocked, open or a member then. Time goes on even without
 * events: a no-fly zone ends on time anyway.
 */
import type { Ledger } from "../ledger/ledger.ts";
import { formatInstant } from "../../projections/time/instant.ts";
import type { PositionQuery } from "./look-back.ts";
import { isLookBack } from "./look-back.ts";

export interface InstantQuery extends PositionQuery {
  /** Milliseconds since the epoch. */
  readonly at?: number | undefined;
}

/** The largest recorded time up to the sequence: ledger time; `null` in an empty ledger. */
export function ledgerTime(ledger: Ledger, sequence: number): number | null {
  // The view of any cluster has it, even of one that no event names.
  return ledger.view(ledger.clusters(sequence)[0] ?? "", sequence).headRecordedAt;
}

/** The instant that a read is about; `null` only for a historical read of an empty ledger. */
export function askedInstant(ledger: Ledger, query: InstantQuery, sequence: number): number | null {
  if (query.at !== undefined) return query.at;
  const head = ledgerTime(ledger, sequence);
  return isLookBack(query) ? head : Math.max(head ?? -Infinity, Math.floor(ledger.nowMs()));
}

export function atJson(at: number | null): string | null {
  return at === null ? null : formatInstant(at);
}

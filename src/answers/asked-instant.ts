/**
 * Answers about an instant: what is in force, blocked, open or a member, and how old things are. Without
 * an event the ledger stands still, but the instant moves on: a no-fly zone ends on time all the same.
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
  // Every view knows it, also that of a cluster that nobody named.
  return ledger.view(ledger.clusters(sequence)[0] ?? "", sequence).headRecordedAt;
}

/** The instant that a read is about; `null` only for a look back at an empty ledger. */
export function askedInstant(ledger: Ledger, query: InstantQuery, sequence: number): number | null {
  if (query.at !== undefined) return query.at;
  const head = ledgerTime(ledger, sequence);
  return isLookBack(query) ? head : Math.max(head ?? -Infinity, Math.floor(ledger.nowMs()));
}

export function atJson(at: number | null): string | null {
  return at === null ? null : formatInstant(at);
}

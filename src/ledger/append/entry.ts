/** One input on its way through the ledger. */
import type { CheckedEvent } from "../../events/envelope.ts";
import type { LedgerError } from "../../errors.ts";
import type { AppendedPosition } from "../../store/port.ts";
import type { Submission } from "./submission.ts";
import type { Claim } from "./whole-parts.ts";

export interface Entry {
  /** As far as the input has one. */
  readonly id: string | null;
  /** `null` once it is refused for its form. */
  event: CheckedEvent | null;
  /** Why it is refused, unless the ledger contains it already. */
  readonly objection: LedgerError | null;
  /** The stream that it claims to belong to, if it is refused for its form or its sender. */
  claim: Claim | null;
  /** Empty until its stream is known. */
  stream: string;
  /** Milliseconds since the epoch; `null` until the ledger's clock gives it. */
  recordedAt: number | null;
  /** An earlier entry of the same round with the same id and content. */
  twin: Entry | null;
  outcome: Submission | null;
}

export function refuse(entry: Entry, error: LedgerError): void {
  entry.outcome = { status: "refused", id: entry.id, error };
}

/** Settles an entry that is in the store: appended now, or a duplicate of an earlier event. */
export function settle(
  entry: Entry,
  status: "appended" | "duplicate",
  revision: bigint,
  sequence: number | null,
): void {
  const { stream } = entry;
  entry.outcome = { status, id: entry.id ?? "", stream, revision, sequence };
}

/** Settles the entries of one part, in order, at the position that the store gave. */
export function settleAt(entries: readonly Entry[], position: AppendedPosition): void {
  const status = position.duplicate ? "duplicate" : "appended";
  for (const [i, entry] of entries.entries()) {
    settle(entry, status, position.firstRevision + BigInt(i), position.sequences?.[i] ?? null);
  }
}

/** The outcome of an entry once its round is over. */
export function outcomeOf(entry: Entry): Submission | null {
  const { twin } = entry;
  if (entry.outcome !== null || twin === null) return entry.outcome;
  const first = outcomeOf(twin);
  return first === null || first.status === "refused" ? first : { ...first, status: "duplicate" };
}

/** A submission on its way through the writer's rounds, from its arrival to its outcome. */
import { LedgerError } from "../../errors.ts";
import type { Entry } from "./entry.ts";
import { outcomeOf, refuse } from "./entry.ts";
import type { Submission } from "./submission.ts";

/** `list`: each stream's part whole or not at all. `system`: from the ledger itself. `preserved`: with recorded times that are kept. `decision`: what the ledger decided. */
export type Origin = "sender" | "list" | "system" | "preserved" | "decision";

/** What is made when its turn has come. */
export interface Made {
  readonly inputs: readonly unknown[];
  /** The last revision of each stream as it was read, `null` for one that is not there: where it has moved on, what belongs there is refused. */
  readonly revisions?: ReadonlyMap<string, bigint | null>;
  /** Why inputs must not be taken, by their index: whoever sends them may not state them. */
  readonly refusals?: ReadonlyMap<number, LedgerError>;
}

export interface Request {
  entries: readonly Entry[];
  /** Makes the inputs when the head before them is certain; such a request has a round to itself. */
  readonly make?: (head: number) => Promise<Made>;
  /** The streams that `make` reads, whoever has appended to them. */
  readonly reads?: readonly string[] | undefined;
  /** Those that `make` has read. */
  revisions?: ReadonlyMap<string, bigint | null> | undefined;
  readonly origin: Origin;
  /** Until when it waits for a slow store, including its turn, by `performance.now()`. */
  readonly patientUntil: number;
  readonly resolve: (submissions: readonly Submission[]) => void;
  readonly reject: (reason: unknown) => void;
}

const tooLate = new LedgerError("overloaded", "the appends before it took too long; send it again");

/** Refuses the entries that have no outcome yet, with the given error. */
export function turnAway({ entries, make, resolve }: Request, error: LedgerError): void {
  for (const entry of entries) if (entry.outcome === null) refuse(entry, error);
  resolve(make === undefined ? submissionsOf(entries) : [{ status: "refused", id: null, error }]);
}

/** Refuses a request that has waited too long for its turn. */
export function turnAwayLate(request: Request): void {
  turnAway(request, tooLate);
}

export function submissionsOf(entries: readonly Entry[]): Submission[] {
  return entries.map((entry) => {
    const outcome = outcomeOf(entry);
    if (outcome === null) throw new LedgerError("internal", "an event was left without an outcome");
    return outcome;
  });
}

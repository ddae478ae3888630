/** Which facts are decisions of the ledger, and what they say of themselves. No figure looks at it. */
import type { Decision } from "../../src/events/envelope.ts";

export interface Decided extends Decision {
  /** The instant of the decision as it was first stated, in milliseconds. */
  readonly at: number;
}

/** An event as far as it says whether it is a decision. */
export interface MaybeDecided {
  readonly occurredAt: number;
  readonly attribution?: { readonly decision?: Decision | undefined };
}

/** What an event says of the decision that it is; undefined if it is none. */
export function decidedBy({ attribution, occurredAt }: MaybeDecided): Decided | undefined {
  const decision = attribution?.decision;
  return decision === undefined ? undefined : { ...decision, at: occurredAt };
}

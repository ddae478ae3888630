/** Appends events that timers make without a command, at the exact revision that was read. */
import { randomUUID } from "node:crypto";
import { formatInstant } from "../../../projections/time/instant.ts";
import { maxDecisionAttempts } from "../../limits/decisions.ts";
import { LedgerError } from "../../errors.ts";
import type { Ledger } from "../../ledger/ledger.ts";
import type { Draft } from "./drafts.ts";
import type { OwnFacts } from "./facts-of-stream.ts";

export interface Timed {
  readonly own: OwnFacts;
  readonly at: number;
  readonly drafts: readonly Draft[];
  readonly reason: string;
}

/** Decides and appends to the stream; `plan` returns `null` if there is nothing to do. Returns what was appended. */
export async function appendTimed(
  ledger: Ledger,
  command: "sweep" | "resolve",
  stream: string,
  plan: (P: number) => Promise<Timed | null>,
): Promise<Timed | null> {
  for (let attempt = 1; attempt <= maxDecisionAttempts; attempt++) {
    const plans: (Timed | null)[] = [];
    const submissions = await ledger.submitDecided(stream, async (P) => {
      const timed = await plan(P);
      plans.push(timed);
      if (timed === null) return { inputs: [] };
      const { own, at, drafts, reason } = timed;
      const envelope = {
        occurredAt: formatInstant(at),
        actor: "fleetledger",
        reason,
        decision: { command, sequence: P },
      };
      return {
        inputs: drafts.map(({ type, data }) => ({ id: randomUUID(), type, data, ...envelope })),
        revisions: new Map([[own.stream, own.revision]]),
      };
    });
    const refusal = submissions.find((each) => each.status === "refused");
    if (refusal === undefined) return plans[0] ?? null;
    if (refusal.error.code !== "wrong-expected-revision") throw refusal.error;
  }
  throw new LedgerError("overloaded", `${stream} was changed by others while it was decided about`);
}

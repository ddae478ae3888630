/** The answers to commands on rollouts. */
import { formatInstant } from "../../../projections/time/instant.ts";
import { LedgerError } from "../../errors.ts";
import type { EventPlace, Executed } from "../command/execute.ts";

export interface RolloutAnswer {
  readonly rollout: string;
  readonly cluster: string;
  readonly state: string;
  readonly outcome: Executed["outcome"];
  readonly at: string;
  readonly asOf: { readonly sequence: number };
  readonly event: EventPlace | null;
  readonly further: readonly EventPlace[];
  readonly [more: string]: unknown;
}

/** The position of an answer: that of the command's last event, otherwise the position that the decision saw. */
function positionOf({ P, event, further }: Executed): { readonly sequence: number } {
  return { sequence: further.at(-1)?.sequence ?? event?.sequence ?? P };
}

/** Throws a refusal, with the members of an answer. */
export function rolloutAnswer(
  rollout: string,
  cluster: string,
  state: string,
  executed: Executed,
): RolloutAnswer {
  const { outcome, at, event, further, refusal, extra } = executed;
  const members = {
    rollout,
    cluster,
    state,
    outcome,
    at: formatInstant(at),
    asOf: positionOf(executed),
    event,
    further,
  };
  if (refusal === null) return { ...members, ...extra };
  throw new LedgerError(refusal.code, refusal.detail, {
    errors: refusal.errors ?? [],
    extra: { ...members, ...refusal.extra },
  });
}

/** A cluster's rules for rollouts, and the defaults where it has set none. */
import type { FactOf } from "../facts/fact.ts";
import type { DataOf } from "../../src/events/catalogue.ts";

export type RolloutPolicy = Omit<DataOf<"RolloutPolicySet">, "cluster">;

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

const defaultPolicy: RolloutPolicy = {
  coTest: "none",
  overrideRoles: ["approver"],
  overrideMaxMs: dayMs,
  fastPath: false,
  fastPathPasses: 1,
  fastPathNodeDays: 100,
  imminentMs: hourMs,
  maintenanceMaxMs: dayMs,
  impactWindowMs: 7 * dayMs,
  maxBundle: 4,
};

/** The policy set last by the instant; of several at one instant, the one with the greatest id. `policies` must be ordered by `occurredAt`, then id. */
export function rolloutPolicyAt(
  policies: readonly FactOf<"RolloutPolicySet">[],
  at: number,
): RolloutPolicy {
  return policies.findLast(({ occurredAt }) => occurredAt <= at)?.data ?? defaultPolicy;
}

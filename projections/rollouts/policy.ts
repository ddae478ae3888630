/** The rules for rollouts that a cluster has set, and what holds where it has set none. */
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

/** The policy that was set last by the instant, of one instant the one with the greatest id. `policies` are by `occurredAt`, then id. */
export function rolloutPolicyAt(
  policies: readonly FactOf<"RolloutPolicySet">[],
  at: number,
): RolloutPolicy {
  return policies.findLast(({ occurredAt }) => occurredAt <= at)?.data ?? defaultPolicy;
}

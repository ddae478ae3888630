/** How long rollouts are expected to take a node out of service. */
import type { CostOf } from "../../../projections/release-plan/plan.ts";
import { declaredMs } from "../../../projections/rollouts/declared.ts";
import type { RolloutStatus } from "../../../projections/rollouts/status.ts";

/** Milliseconds for a rollout that declares to take nothing out of service. */
type ImpactlessCost = (rollout: string, status: RolloutStatus) => number;

const asDeclared: ImpactlessCost = () => 0;

/** As declared; what declares no impact costs what `impactless` says. */
export function expectedCosts(impactless: ImpactlessCost = asDeclared): CostOf {
  return (rollout, status) => {
    const impact = status.submission?.data.impact;
    return impact?.kind === "impactless" ? impactless(rollout, status) : declaredMs(impact);
  };
}

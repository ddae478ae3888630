/** How long rollouts are expected to take a node out of service. */
import type { CostOf } from "../../../projections/release-plan/plan.ts";
import { declaredMs } from "../../../projections/rollouts/declared.ts";
import type { MeasuredFamilies } from "../rollouts/measured-families.ts";

/** As declared; what declares no impact costs what its families were measured at. */
export function expectedCosts(measured: MeasuredFamilies): CostOf {
  return (_, status) => {
    const impact = status.submission?.data.impact;
    return impact?.kind === "impactless" ? measured.impactlessMs(status) : declaredMs(impact);
  };
}

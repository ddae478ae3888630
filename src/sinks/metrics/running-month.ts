/** The figures of a cluster's running month, with what is left of the month's error budget. */
import type { SlaDocument } from "../../../projections/document/catalogue.ts";
import { resolveUncut } from "../../../projections/document/entry/inputs.ts";
import { membersInSteps } from "../../../projections/document/sla-document.ts";
import { burnRatesInSteps } from "../../../projections/figures/error-budget.ts";
import { periodBudget } from "../../../projections/figures/month-budget.ts";
import type { NodeTimeline } from "../../../projections/nodes/timeline.ts";
import type { ClusterView } from "../../../projections/view.ts";
import { figureInputs } from "../../reports/figures.ts";
import type { Steps } from "../../turns.ts";
import { zonesInForce } from "../../zones/zones.ts";

export interface RunningMonth extends Pick<SlaDocument, "mttr" | "jobUptime"> {
  /** As the document has it, without its lists of exclusions: those take most of the time. */
  readonly nis: Pick<SlaDocument["nis"], "target" | "raw" | "contractual" | "burnRates">;
  /** Such as `2026-03`. */
  readonly label: string;
  /** Its first instant. */
  readonly from: number;
  readonly budget: ReturnType<typeof periodBudget>;
}

/** The month of the policy's zone that ledger time lies in. Throws RefusedRequest, `period-refused` if there is none. */
export function* runningMonthInSteps(view: ClusterView): Steps<RunningMonth> {
  const inputs = figureInputs(view, { period: "this-month" });
  const figures = yield* membersInSteps(inputs, ["mttr", "jobUptime"]);
  yield;
  const nis = inputs.nisSums();
  yield;
  const rates = yield* burnRatesInSteps(inputs.nodes(), inputs.window, nis, inputs.excludedNodeMs);
  yield;
  const { label } = inputs.period;
  const { to } = resolveUncut(view, { period: label }, zonesInForce(view.zoneTable)).asked;
  const { to: knownTo } = inputs.window;
  const members = membersBefore(inputs.nodes(), knownTo);
  return {
    label,
    from: inputs.window.from,
    ...figures,
    nis: { target: nis.target, raw: nis.raw, contractual: nis.contractual, burnRates: rates },
    budget: periodBudget(nis, members, to - knownTo),
  };
}

/** How many nodes are members in the last millisecond before an instant. */
function membersBefore(nodes: readonly NodeTimeline[], end: number): number {
  return nodes.filter(({ memberships }) =>
    memberships.some(({ from, to }) => from < end && end <= to),
  ).length;
}

/** Whether a cluster's running month is at risk, and whether a month was missed. */
import type { SlaDocument } from "../../../projections/document/catalogue.ts";
import { RefusedRequest } from "../../../projections/time/refused-request.ts";
import type { ClusterView } from "../../../projections/view.ts";
import { isLedgerError } from "../../errors.ts";
import { atRiskSpentRatio, monthJudgedMs } from "../../limits/sinks.ts";
import { figureInputs } from "../../reports/figures.ts";
import { membersInSteps } from "../../../projections/document/sla-document.ts";
import type { Steps } from "../../turns.ts";
import type { RunningMonth } from "../metrics/running-month.ts";
import { runningMonthInSteps } from "../metrics/running-month.ts";
import type { Notice } from "./notice.ts";

/** Of the running month, and in the days after a month of the month before. */
export function* agreementNoticesInSteps(view: ClusterView): Steps<readonly Notice[]> {
  try {
    const month = yield* runningMonthInSteps(view);
    const running = runningNotices(view, month);
    const last = yield* lastMonthNotices(view, month);
    return [...running, ...last];
  } catch (error) {
    const isNoPeriod = error instanceof RefusedRequest || isLedgerError(error, "period-refused");
    if (isNoPeriod) return [];
    throw error;
  }
}

function runningNotices(view: ClusterView, month: RunningMonth): Notice[] {
  const { cluster, headRecordedAt } = view;
  const { label, budget, nis } = month;
  const { sixHours, threeDays } = nis.burnRates;
  const about = { cluster, key: `${cluster} ${label}`, at: headRecordedAt ?? 0 };
  if (budget.isReachable === null) return [];
  if (!budget.isReachable) {
    const reason = `the NIS target of ${label} cannot be met any more`;
    return [{ notice: "sla.missed", ...about, reason }];
  }
  const spent = budget.spentRatio;
  if (spent !== null && spent >= atRiskSpentRatio) {
    const reason = `${percent(spent)} of the error budget of ${label} is spent`;
    return [{ notice: "sla.at_risk", ...about, reason }];
  }
  const burns = sixHours !== null && threeDays !== null && sixHours > 1 && threeDays > 1;
  if (!burns) return [];
  const reason = `the error budget of ${label} is spent ${threeDays} times too fast over three days`;
  return [{ notice: "sla.at_risk", ...about, reason }];
}

function* lastMonthNotices(view: ClusterView, running: RunningMonth): Steps<Notice[]> {
  const { cluster, headRecordedAt } = view;
  const at = headRecordedAt ?? 0;
  if (at - running.from > monthJudgedMs) return [];
  const inputs = figureInputs(view, { period: "last-month" });
  const figures = yield* membersInSteps(inputs, ["mttr", "jobUptime"]);
  yield;
  const missed = missedTargets({ nis: inputs.nisSums(), ...figures });
  if (missed.length === 0) return [];
  const { label } = inputs.period;
  const reason = `${label} missed its target of ${missed.join(" and of ")}`;
  return [{ notice: "sla.missed", cluster, key: `${cluster} ${label}`, at, reason }];
}

interface Judged extends Pick<SlaDocument, "mttr" | "jobUptime"> {
  readonly nis: Pick<SlaDocument["nis"], "met">;
}

function missedTargets({ nis, mttr, jobUptime }: Judged) {
  return [
    ...(nis.met === false ? ["nodes in service"] : []),
    ...(mttr.met === false ? ["repair time"] : []),
    ...(jobUptime.met === false ? ["job uptime"] : []),
  ];
}

function percent(ratio: number): string {
  return `${(ratio * 100).toFixed(1)} %`;
}

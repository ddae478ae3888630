/** What no-fly zones cost in a period, and what other ones would have cost, as answers show it. */
import { type NfzCost, nfzCostIn } from "../../../projections/figures/nfz-cost/cost.ts";
import type { Thaw } from "../../../projections/figures/nfz-cost/thaws.ts";
import { nisMembers } from "../../../projections/document/nis-members.ts";
import type { FigureInputs } from "../../../projections/document/entry/inputs.ts";
import { rolloutsOf } from "../../../projections/impact/fleet.ts";
import { formatInstant, parseInstant } from "../../../projections/time/instant.ts";
import { otherHistory } from "../../../projections/what-if/other-history.ts";
import type { ClusterView } from "../../../projections/view.ts";
import { type Hypothesis, hypotheticalNfzs } from "../../decisions/nfz/hypothetical.ts";
import type { DeclareBody } from "../../decisions/nfz/declare.ts";
import type { Ledger } from "../../ledger/ledger.ts";
import { type WindowQuery, figureInputs } from "../../reports/figures.ts";
import { zonesInForce } from "../../zones/zones.ts";
import { ofCluster, ofClusterInSteps } from "../known-cluster.ts";
import { instantOrNull } from "../look-back.ts";
import { violationsAnswer } from "../rollouts/violations.ts";

interface CostAsked extends WindowQuery {
  readonly cluster: string;
  readonly sequence: number;
}

/** Throws `not-found` and what a wrong period is refused with. */
export async function nfzCostAnswer(ledger: Ledger, asked: CostAsked) {
  const { cluster, sequence } = asked;
  const { period, cost, window } = await ofCluster(ledger, cluster, sequence, (view) => {
    const inputs = figureInputs(view, asked);
    return {
      period: periodJson(inputs),
      window: inputs.window,
      cost: costJson(nfzCostIn(view, rolloutsOf(view), inputs.window)),
    };
  });
  const found = { cluster, sequence, ...window };
  const violations = await violationsAnswer(ledger, found, { limit: 1 });
  return { cluster, period, ...cost, violations: violations.total };
}

function periodJson({ period }: FigureInputs) {
  const { from, to, ...rest } = period;
  return { ...rest, from: formatInstant(from), to: formatInstant(to) };
}

function costJson({ deadlinesMissed, thaws, ...cost }: NfzCost) {
  return {
    ...cost,
    deadlinesMissed: deadlinesMissed.map((each) => ({
      ...each,
      deadline: formatInstant(each.deadline),
    })),
    thaws: thaws.map(thawJson),
  };
}

function thawJson({ at, since, ...days }: Thaw) {
  return { at: formatInstant(at), since: formatInstant(since), ...days };
}

/** A declaration of a what-if: the clusters may be left out, and the instant at which it is decided given. */
interface StatedHypothesis extends Omit<DeclareBody, "clusters"> {
  readonly clusters?: DeclareBody["clusters"] | undefined;
  readonly declaredAt?: string | undefined;
}

interface WhatIfAsked extends CostAsked {
  readonly nfzs: readonly StatedHypothesis[];
}

const whatIfAssumptions = [
  "Rollouts ask when they asked, and start as soon as no zone that matches them is in force.",
  "What followed a rollout's start moves with it and lasts as long: its progress, its end, and the maintenance that names it.",
  "What is in flight when a zone begins finishes.",
  "Nobody overrides a zone, and nothing has the fast path.",
  "Faults stay where they were.",
] as const;

const whatIfNote = "Figures of jobs are not given: which jobs would have run when is not known.";

/** Both calendars over the same history. Throws as `nfzCostAnswer` does, and what a declaration is refused with. */
export async function whatIfAnswer(ledger: Ledger, asked: WhatIfAsked) {
  const { cluster, sequence, nfzs } = asked;
  const whole = ledger.view(cluster, sequence);
  return await ofClusterInSteps(ledger, cluster, sequence, function* (view) {
    const inputs = figureInputs(view, asked);
    yield* inputs.prepare();
    const actual = sideOf(view, inputs);
    const calendar = yield* hypotheticalNfzs(
      nfzs.map((each) => hypothesisOf(each, inputs.window.from)),
      cluster,
      inputs.window.to,
      zonesInForce(view.zoneTable),
    );
    yield;
    const other = otherHistory(view, whole, calendar);
    const otherInputs = figureInputs(other, asked);
    yield* otherInputs.prepare();
    return {
      cluster,
      period: periodJson(inputs),
      actual,
      whatIf: sideOf(other, otherInputs),
      assumptions: [...whatIfAssumptions],
      note: whatIfNote,
    };
  });
}

function hypothesisOf(
  { declaredAt, clusters = "all", ...body }: StatedHypothesis,
  from: number,
): Hypothesis {
  const at = declaredAt === undefined ? from : (parseInstant(declaredAt) ?? from);
  return { ...body, clusters, declaredAt: at };
}

/** Figures of jobs are null: they would be those of other jobs. */
function sideOf(view: ClusterView, inputs: FigureInputs) {
  const { nfzs, deadlinesMissed, thaws, inForceMs, blockedMs, blockedDays, wakeUpMs } = nfzCostIn(
    view,
    rolloutsOf(view),
    inputs.window,
  );
  const { blocked } = inputs.rollouts();
  const nis = nisMembers(inputs, nisFigures);
  return {
    inForceMs,
    nfzs,
    blockedMs,
    blockedDays,
    wakeUpMs,
    queue: blocked.map(({ rollout, since, ageMs, nfzIds, nextRelease, releaseOverdue }) => ({
      rollout,
      since: formatInstant(since),
      ageMs,
      nfzIds,
      nextRelease: instantOrNull(nextRelease),
      releaseOverdue,
    })),
    overdueFixes: deadlinesMissed.map((each) => ({
      ...each,
      deadline: formatInstant(each.deadline),
    })),
    thaws: thaws.map((each) => {
      const { before, after, ...rest } = thawJson(each);
      const withoutJobs = { interruptions: null };
      return {
        ...rest,
        after: { ...after, ...withoutJobs },
        before: { ...before, ...withoutJobs },
      };
    }),
    nis,
    jobUptime: null,
  };
}

const nisFigures = [
  "target",
  "met",
  "raw",
  "contractual",
  "memberNodeMs",
  "inServiceNodeMs",
  "downNodeMs",
  "maintenanceNodeMs",
  "unknownNodeMs",
  "excludedNodeMs",
  "budgetNodeMs",
  "budgetSpentNodeMs",
] as const;

export type NfzCostAnswer = Awaited<ReturnType<typeof nfzCostAnswer>>;
export type WhatIfAnswer = Awaited<ReturnType<typeof whatIfAnswer>>;

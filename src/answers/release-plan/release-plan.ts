/** The release plan, as answers show it. */
import type { RolloutsInQueue } from "../../../projections/co-tests/queued-rollouts.ts";
import { type Policy, asPolicy } from "../../../projections/figures/exclusions/policy.ts";
import { nfzTimelines } from "../../../projections/figures/queue/near.ts";
import { nfzsKnownAt } from "../../../projections/nfz/in-force.ts";
import { MatchedPlaces } from "../../../projections/nfz/matched-places.ts";
import { type ReleasePlan, releasePlan } from "../../../projections/release-plan/plan.ts";
import { formatInstant } from "../../../projections/time/instant.ts";
import type { ClusterView } from "../../../projections/view.ts";
import type { Ledger } from "../../ledger/ledger.ts";
import type { Steps } from "../../turns.ts";
import { ofClusterInSteps } from "../known-cluster.ts";
import { MeasuredFamilies } from "../rollouts/measured-families.ts";
import type { ClusterAsked } from "../co-tests/coverage.ts";
import { expectedCosts } from "./expected-costs.ts";
import { keptQueue } from "../co-tests/kept-queue.ts";
import { monthBudgetLeft } from "./month-budget.ts";

interface Kept {
  readonly key: string;
  readonly plan: ReleasePlan;
}

/** The last plan of each cluster. */
const kept = new WeakMap<Ledger, Map<string, Kept>>();

/** Throws `not-found`. */
export async function releasePlanAnswer(ledger: Ledger, asked: ClusterAsked) {
  const { cluster, sequence } = asked;
  const at = asked.at ?? -Infinity;
  return await ofClusterInSteps(ledger, cluster, sequence, function* (view) {
    const queue = keptQueue(ledger, view, at);
    const policy = policyBefore(view, at);
    const plan = yield* planOf(ledger, view, queue, policy);
    const budgetLeftNodeMs = yield* monthBudgetLeft(view, at, policy);
    const nextStartOf = nextStarts(view, queue);
    const waves = plan.waves.map((wave) => ({ ...wave, notBefore: nextStartOf(wave.rollouts) }));
    return { cluster, ...plan, waves, budgetLeftNodeMs };
  });
}

function* planOf(
  ledger: Ledger,
  view: ClusterView,
  queue: RolloutsInQueue,
  { nisTarget }: Policy,
): Steps<ReleasePlan> {
  const ofLedger = kept.get(ledger) ?? new Map<string, Kept>();
  kept.set(ledger, ofLedger);
  const key = `${view.sequence} ${queue.at}`;
  const last = ofLedger.get(view.cluster);
  if (last?.key === key) return last.plan;
  const waiting = queue.rollouts.map(({ status }) => status);
  const measured = new MeasuredFamilies(ledger, view, queue.at, waiting);
  const plan = yield* releasePlan(view, queue, nisTarget, expectedCosts(measured));
  ofLedger.set(view.cluster, { key, plan });
  return plan;
}

/** The policy set last before the instant. */
function policyBefore({ policies }: ClusterView, at: number): Policy {
  return asPolicy(policies.findLast(({ occurredAt }) => occurredAt < at) ?? null);
}

/** The latest instant at which one of the rollouts may start at the earliest; `null` if that is unknown of any. */
function nextStarts(
  view: ClusterView,
  { at, rollouts, nodeSets }: RolloutsInQueue,
): (names: readonly string[]) => string | null {
  const matching = new MatchedPlaces(nfzsKnownAt(nfzTimelines(view), at - 1), nodeSets, at);
  const starts = new Map(
    rollouts.map(({ rollout, status }) => [
      rollout,
      matching.of(status.submission?.data.targets).nextStart,
    ]),
  );
  return (names) => {
    let latest = at;
    for (const name of names) {
      const start = starts.get(name) ?? null;
      if (start === null) return null;
      latest = Math.max(latest, start);
    }
    return formatInstant(latest);
  };
}

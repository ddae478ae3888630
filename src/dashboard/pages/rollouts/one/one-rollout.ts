/** Everything about one rollout at the page's instant: what the interface answers, and its states over time. */
import { rolloutAnswer } from "../../../../answers/rollouts/one-rollout.ts";
import type { RolloutAnswer } from "../../../../answers/rollouts/one-rollout.ts";
import type { RolloutPolicy } from "../../../../../projections/rollouts/policy.ts";
import { rolloutPolicyAt } from "../../../../../projections/rollouts/policy.ts";
import { statusBefore } from "../../../../../projections/rollouts/kind.ts";
import type { RolloutState, RolloutStatus } from "../../../../../projections/rollouts/status.ts";
import { noStatus, statusAfter } from "../../../../../projections/rollouts/status.ts";
import type { RolloutTimeline } from "../../../../../projections/rollouts/timeline.ts";
import { LedgerError } from "../../../../errors.ts";
import { maxListRows } from "../../../../limits/requests.ts";
import { oneStep } from "../../../../turns.ts";
import type { PageContext } from "../../../frame/page.ts";
import { pathSegment } from "../../../../path-segment.ts";

/** A stretch in which neither the state nor what holds it changes. */
export interface StateStretch {
  readonly state: RolloutState;
  /** The zones of the latest refusal; `null` while nothing holds it. */
  readonly heldBy: readonly string[] | null;
  readonly from: number;
  readonly to: number;
}

interface OneRollout {
  readonly status: RolloutStatus;
  readonly policy: RolloutPolicy;
  readonly stretches: readonly StateStretch[];
  /** Clusters that have a rollout of the same name, this one too. */
  readonly clusters: readonly string[];
}

export function namesOf({ params }: PageContext): { cluster: string; rollout: string } {
  return { cluster: params["cluster"] ?? "", rollout: params["rollout"] ?? "" };
}

/** As `/v1/rollouts/{id}` answers; names of rollouts are those of their cluster. */
export function answerOf(context: PageContext): Promise<RolloutAnswer> {
  const { ledger, stand } = context;
  const { cluster, rollout } = namesOf(context);
  const { sequence, at } = stand;
  return context.shared(`rollout ${cluster} ${rollout}`, () =>
    rolloutAnswer(ledger, { rollout, cluster, sequence, at }, { limit: maxListRows }),
  );
}

export function sourceOf(context: PageContext): string {
  const { cluster, rollout } = namesOf(context);
  return context.api(`/v1/rollouts/${pathSegment(rollout)}`, { cluster });
}

export async function rolloutOf(context: PageContext): Promise<OneRollout> {
  const { cluster, rollout } = namesOf(context);
  const { at, sequence } = context.stand;
  const found = await context.once(`one rollout ${rollout}`, cluster, (view) =>
    oneStep(() => {
      const timeline = view.entity("rollout", rollout);
      if (timeline === null || at === null) return null;
      return { status: statusBefore(timeline, at), stretches: stretchesOf(timeline, at) };
    }),
  );
  if (found === null) {
    throw new LedgerError(
      "not-found",
      `There is no rollout "${rollout}" in cluster "${cluster}" at this position.`,
    );
  }
  const clusters = context.clusters.filter(
    (each) => context.ledger.view(each, sequence).entity("rollout", rollout) !== null,
  );
  const policies = context.ledger.view(cluster, sequence).rolloutPolicies;
  return { ...found, policy: rolloutPolicyAt(policies, at ?? 0), clusters };
}

function stretchesOf({ applied }: RolloutTimeline, at: number): StateStretch[] {
  const stretches: StateStretch[] = [];
  let status = noStatus;
  for (const fact of applied.filter(({ occurredAt }) => occurredAt < at)) {
    status = statusAfter(status, fact);
    const heldBy = status.held?.by.data.nfzIds ?? null;
    const last = stretches.at(-1);
    const isSame = last?.state === status.state && last.heldBy?.join() === heldBy?.join();
    if (isSame) continue;
    if (last !== undefined) stretches[stretches.length - 1] = { ...last, to: fact.occurredAt };
    stretches.push({ state: status.state, heldBy, from: fact.occurredAt, to: at });
  }
  // What has ended has no length: it is drawn up to now, so that the end is seen.
  return stretches.filter(({ from, to }) => from < to);
}

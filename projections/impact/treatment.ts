/** Which nodes a rollout treats, and when the treatment of each began and ended. */
import type { Fact } from "../facts/fact.ts";
import { namesOf } from "../nodes/places.ts";
import type { NodeTimeline } from "../nodes/timeline.ts";
import { statusBefore } from "../rollouts/kind.ts";
import type { RolloutStatus } from "../rollouts/status.ts";
import type { RolloutTimeline } from "../rollouts/timeline.ts";
import type { Fleet, RolloutStretch } from "./fleet.ts";

/** A rollout as it stands by the facts that an answer sees. */
export interface StandingRollout {
  readonly rollout: string;
  readonly timeline: RolloutTimeline;
  readonly status: RolloutStatus;
}

/** What a rollout did to one node. */
export interface Treatment {
  readonly node: NodeTimeline;
  /** Start of its first maintenance by the rollout, otherwise the rollout's start. */
  readonly from: number;
  /**
   * End of its last maintenance by the rollout, otherwise the first progress that names it, otherwise the rollout's end;
   * `null` while it is not over: then the node is not counted.
   */
  readonly to: number | null;
}

export function standingOf(timeline: RolloutTimeline, { seen }: Fleet): StandingRollout {
  const { rollout } = timeline;
  return { rollout, timeline, status: statusBefore(timeline, seen.factsBefore) };
}

/** Members in its targets at its start, and nodes with maintenance that names it. */
export function treatmentsBy(fleet: Fleet, standing: StandingRollout): Treatment[] {
  const { rollout, status } = standing;
  const maintained = Map.groupBy(fleet.stretchesOf(rollout), ({ node }) => node);
  const treatments: Treatment[] = [];
  for (const [node, stretches] of maintained) {
    const [first, last] = [stretches[0], stretches.at(-1)];
    if (first === undefined || last === undefined) continue;
    treatments.push({ node, from: first.from, to: endOf(last) });
  }
  const start = status.startedBy?.occurredAt;
  if (start === undefined) return treatments;
  const named = namedByProgress(standing, fleet);
  const end = status.endedBy?.occurredAt ?? null;
  for (const node of fleet.membersIn(status.submission?.data.targets, start)) {
    if (maintained.has(node)) continue;
    treatments.push({ node, from: start, to: named?.get(node.node) ?? end });
  }
  return treatments;
}

function endOf({ to }: RolloutStretch): number | null {
  return to === Infinity ? null : to;
}

/** When a progress first named each node; `null` if none names any. */
function namedByProgress(
  { timeline }: StandingRollout,
  { seen }: Fleet,
): ReadonlyMap<string, number> | null {
  let named: Map<string, number> | null = null;
  for (const fact of timeline.applied) {
    const nodes = nodesOf(fact);
    if (nodes === undefined || fact.occurredAt >= seen.factsBefore) continue;
    named ??= new Map();
    for (const node of namesOf(nodes)) if (!named.has(node)) named.set(node, fact.occurredAt);
  }
  return named;
}

function nodesOf(fact: Fact): readonly string[] | undefined {
  return fact.type === "RolloutProgressed" ? fact.data.nodes : undefined;
}

/** The nodes that a rollout is about: members in its targets at its start, and those with maintenance that names it. */
export function nodesOfRollout(fleet: Fleet, { rollout, status }: StandingRollout) {
  const about = new Set(fleet.stretchesOf(rollout).map(({ node }) => node));
  const start = status.startedBy?.occurredAt;
  if (start !== undefined)
    for (const node of fleet.membersIn(status.submission?.data.targets, start)) about.add(node);
  return about;
}

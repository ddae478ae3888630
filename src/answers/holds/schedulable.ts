/** Whether work may be scaled onto nodes at an instant: one of them, or all that may not. */
import {
  type KnownNode,
  type UnschedulableReason,
  plannedMaintenanceTypes,
  schedulableAt,
  unschedulableReasons,
} from "../../../projections/nodes/schedulable.ts";
import type { NodeTimeline } from "../../../projections/nodes/timeline.ts";
import { viewBefore } from "../../../projections/figures/queue/near.ts";
import { rolloutPolicyAt } from "../../../projections/rollouts/policy.ts";
import { formatInstant } from "../../../projections/time/instant.ts";
import type { DecisionView } from "../../../projections/view.ts";
import type { Ledger } from "../../ledger/ledger.ts";
import { knownCluster, ofClusters } from "../known-cluster.ts";
import { type PageAsked, pageOf, pairKey } from "../lists/rows.ts";

interface HoldsAsked {
  readonly cluster?: string | undefined;
  readonly sequence: number;
  /** Milliseconds; `null` for an empty ledger, in which nothing is held. */
  readonly at: number | null;
}

/** By the facts before the instant, and the policy that they leave. Throws `not-found` for an unknown cluster. */
export function schedulableAnswer(
  ledger: Ledger,
  cluster: string,
  node: string,
  { sequence, at }: HoldsAsked,
) {
  knownCluster(ledger, cluster, sequence);
  const view = ledger.view(cluster, sequence);
  const known = knownNode(view, node, view.entity("node", node));
  const instant = at ?? -Infinity;
  const { reasons, until } = schedulableAt(known, {
    at: instant,
    imminentMs: imminentMsAt(view, instant),
  });
  return {
    cluster,
    node,
    schedulable: reasons.length === 0,
    reasons,
    until: until === null ? null : formatInstant(until),
  };
}

interface ScaleHold {
  readonly cluster: string;
  readonly node: string;
  readonly reasons: readonly UnschedulableReason[];
  readonly until: string | null;
}

/** The members onto which no work may be scaled, by cluster, then node; and how many there are for each reason. */
export async function scaleHoldsAnswer(ledger: Ledger, asked: HoldsAsked, page: PageAsked) {
  const { cluster, sequence, at } = asked;
  const found = await ofClusters(ledger, cluster, sequence, (view) =>
    at === null ? [] : holdsIn(ledger.view(view.cluster, sequence), at),
  );
  const holds = found.flat();
  const keyOf = (each: ScaleHold) => pairKey(each.cluster, each.node);
  const { total, rows, next } = pageOf(holds, keyOf, page.after, page.limit);
  return { total, byReason: countedByReason(holds), holds: rows, next };
}

export type ScaleHoldsAnswer = Awaited<ReturnType<typeof scaleHoldsAnswer>>;

function holdsIn(view: DecisionView, at: number): ScaleHold[] {
  const imminentMs = imminentMsAt(view, at);
  const holds: ScaleHold[] = [];
  for (const timeline of viewBefore(view, at).entities("node")) {
    const { node } = timeline;
    const { reasons, until } = schedulableAt(knownNode(view, node, timeline), { at, imminentMs });
    if (reasons.length === 0 || reasons.includes("not-a-member")) continue;
    const end = until === null ? null : formatInstant(until);
    holds.push({ cluster: view.cluster, node, reasons, until: end });
  }
  return holds;
}

function knownNode(view: DecisionView, node: string, timeline: NodeTimeline | null): KnownNode {
  return { timeline, planned: view.factsOfTypes("node", node, plannedMaintenanceTypes) };
}

/** A read at an instant sees the policies set before it. */
function imminentMsAt(view: DecisionView, at: number): number {
  return rolloutPolicyAt(view.rolloutPolicies, at - 1).imminentMs;
}

function countedByReason(holds: readonly ScaleHold[]): Record<UnschedulableReason, number> {
  const counts = unschedulableReasons.map(
    (reason) => [reason, holds.filter(({ reasons }) => reasons.includes(reason)).length] as const,
  );
  return Object.fromEntries(counts) as Record<UnschedulableReason, number>;
}

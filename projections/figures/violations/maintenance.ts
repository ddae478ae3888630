/** Maintenance that began on a node within a no-fly zone although the ledger would have refused it. */
import type { Interval } from "../../arithmetic/intervals.ts";
import type { FactOf } from "../../facts/fact.ts";
import { NfzsOverTime } from "../../nfz/over-time.ts";
import type { InForce } from "../../nfz/in-force.ts";
import type { ResolvedPlaces } from "../../nodes/places.ts";
import { PlacesOverTime } from "../../nodes/places-over-time.ts";
import type { NodeTimeline } from "../../nodes/timeline.ts";
import { statusBefore } from "../../rollouts/kind.ts";
import { rolloutPolicyAt } from "../../rollouts/policy.ts";
import type { ClusterView, DecisionView } from "../../view.ts";
import { nfzTimelines, viewAt } from "../queue/near.ts";
import { type Violation, isWithin } from "./violation.ts";

type Start = FactOf<"NodeMaintenanceStarted">;

/** `whole` is the same view with access to the facts themselves. */
export function maintenanceViolations(
  view: ClusterView,
  whole: DecisionView,
  window: Interval,
): Violation[] {
  const near = view.within(window);
  // They are gone through twice, and a view may give them only once.
  const nodes = [...near.entities("node")];
  const nfzs = new NfzsOverTime(nfzTimelines(view));
  const places = new PlacesOverTime(() => [...nodes]);
  const violations: Violation[] = [];
  for (const { node, start, at } of startsIn(nodes, window)) {
    const inForce = nfzs.inForceAt(at);
    if (inForce.length === 0) continue;
    const over = namesOver(node.node, inForce, places.at(at));
    if (over.length === 0) continue;
    const fact = startFact(whole, node.node, start);
    // Maintenance that began before the node was a member is not refused.
    if (fact?.occurredAt !== at || isAllowed(view, node, fact, at, places.at(at))) continue;
    const { rolloutId: rollout = null } = fact.data;
    const isRightWithReason = mayOverride(whole, fact, at);
    violations.push({
      kind: "maintenance",
      rollout,
      node: node.node,
      fact,
      nfzs: over,
      isRightWithReason,
    });
  }
  return violations;
}

/** Whether the decision already saw the zone, for a start that the ledger decided; see `wasSeen` in `starts.ts`. */
export function wasMaintenanceSeen(
  seen: ClusterView,
  own: NodeTimeline | null,
  fact: Start,
): boolean {
  const at = fact.decision?.at;
  if (at === undefined || own === null) return false;
  // Of what is no member nothing is refused.
  if (!own.memberships.some((each) => isWithin(each, at))) return false;
  const inForce = new NfzsOverTime(nfzTimelines(seen)).inForceAt(at);
  if (inForce.length === 0) return false;
  const places = new PlacesOverTime(() => [...viewAt(seen, at).entities("node")]).at(at);
  return namesOver(own.node, inForce, places).length > 0 && !isAllowed(seen, own, fact, at, places);
}

function startsIn(
  nodes: Iterable<NodeTimeline>,
  window: Interval,
): { readonly node: NodeTimeline; readonly start: string; readonly at: number }[] {
  const starts = [];
  for (const node of nodes)
    for (const { from, startId } of node.maintenance)
      if (isWithin(window, from)) starts.push({ node, start: startId, at: from });
  return starts.sort((a, b) => a.at - b.at);
}

function namesOver(node: string, inForce: readonly InForce[], places: ResolvedPlaces): string[] {
  return inForce.flatMap(({ known: { nfz, scope } }) => {
    const over = places.of(scope);
    return over === null || over.has(node) ? [nfz] : [];
  });
}

function startFact(whole: DecisionView, node: string, id: string): Start | null {
  const fact = whole.facts("node", node).find((each) => each.id === id);
  return fact?.type === "NodeMaintenanceStarted" ? fact : null;
}

/** Allowed if the node is down anyway, or the maintenance belongs to a rollout in progress on it. */
function isAllowed(
  view: ClusterView,
  { node, segments }: NodeTimeline,
  { data: { rolloutId } }: Start,
  at: number,
  places: ResolvedPlaces,
): boolean {
  if (segments.containing(at)?.state === "down") return true;
  const rollout = rolloutId === undefined ? null : view.entity("rollout", rolloutId);
  if (rollout === null) return false;
  const { state, submission } = statusBefore(rollout, at + 1);
  if (state !== "in-progress") return false;
  const targets = places.of(submission?.data.targets);
  return targets === null || targets.has(node);
}

function mayOverride(whole: DecisionView, { data: { role } }: Start, at: number): boolean {
  if (role === undefined) return false;
  return rolloutPolicyAt(whole.rolloutPolicies, at).overrideRoles.includes(role);
}

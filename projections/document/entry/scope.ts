/** Part of a cluster: the nodes of a rack or a SKU, while they were members of it. */
import type { ClusterView } from "../../view.ts";
import type { Exclusions } from "../../figures/exclusions/exclusions.ts";
import type { Membership, NodeTimeline } from "../../nodes/timeline.ts";
import { exact } from "../../arithmetic/ratio.ts";

/** What a membership must match to be in the scope: both members, if both are given. */
export interface Scope {
  readonly rack?: string | undefined;
  readonly sku?: string | undefined;
}

/** Whether the scope leaves anything out. */
export function isPart({ rack, sku }: Scope): boolean {
  return rack !== undefined || sku !== undefined;
}

function isInScope(membership: Membership, { rack, sku }: Scope): boolean {
  return (
    (rack === undefined || membership.rack === rack) &&
    (sku === undefined || membership.sku === sku)
  );
}

/**
 * The nodes, reduced to their memberships in the scope. Everything that counts for a node lies in one membership, so
 * nothing is cut: a fault or an interval belongs to the membership in which it begins.
 */
export function* nodesInScope(
  nodes: Iterable<NodeTimeline>,
  scope: Scope,
): Generator<NodeTimeline> {
  for (const node of nodes) {
    const memberships = node.memberships.filter((each) => isInScope(each, scope));
    if (memberships.length === 0) continue;
    const begins = ({ from }: { readonly from: number }) =>
      membershipAt(memberships, from) !== null;
    yield {
      ...node,
      memberships,
      faults: node.faults.filter(begins),
      maintenance: node.maintenance.filter(begins),
      unknown: node.unknown.filter(begins),
      segments: node.segments.filter(begins),
    };
  }
}

/** The membership that contains an instant. */
function membershipAt(memberships: readonly Membership[], instant: number): Membership | null {
  return memberships.find(({ from, to }) => from <= instant && instant < to) ?? null;
}

/** The cluster's exclusions that fall on node-time of the scope; the allowance is still the whole cluster's. */
export function exclusionsInScope(
  excluded: Exclusions,
  view: ClusterView,
  scope: Scope,
): Exclusions {
  const nodes = new Map(Array.from(view.entities("node"), (each) => [each.node, each]));
  const inScope = ({ node, from }: { readonly node: string; readonly from: number }) => {
    const membership = membershipAt(nodes.get(node)?.memberships ?? [], from);
    return membership !== null && isInScope(membership, scope);
  };
  const exclusions = excluded.exclusions.filter(inScope);
  let excludedNodeMs = 0;
  for (const { ms } of exclusions)
    excludedNodeMs = exact(excludedNodeMs + ms, "excluded node-time");
  return {
    ...excluded,
    exclusions,
    announcedLate: excluded.announcedLate.filter(inScope),
    excludedNodeMs,
  };
}

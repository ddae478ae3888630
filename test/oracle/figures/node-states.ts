import { elementaryIntervals, groupBy } from "../facts/oracle-event.ts";
import type { OracleFact, OracleFinding } from "../facts/oracle-event.ts";
import { nodeFaults } from "./faults.ts";
import type { CountedFault } from "./faults.ts";
import { nodeSwitches } from "./memberships.ts";
import type { Membership } from "./memberships.ts";
import { contains } from "../facts/period.ts";
import type { Window } from "../facts/period.ts";
import { lostObservationStretches, maintenanceStretches } from "../facts/stretches.ts";
import type { Stretch } from "../facts/stretches.ts";

export type NodeState = "down" | "maintenance" | "unknown" | "in service";

/** Everything that is known of one node. */
export interface OracleNode {
  readonly node: string;
  readonly memberships: readonly Membership[];
  readonly faults: readonly CountedFault[];
  readonly stretches: readonly Stretch[];
  readonly findings: readonly OracleFinding[];
}

export function nodesOf(facts: readonly OracleFact[]): OracleNode[] {
  const ofNodes = facts.filter((fact) => fact.type.startsWith("Node"));
  return [...groupBy(ofNodes, (fact) => fact.data.node ?? "")].map(([node, mine]) => {
    const { memberships, lost, findings } = nodeSwitches(mine);
    const faults = nodeFaults(mine, memberships);
    const maintenance = maintenanceStretches(mine, memberships);
    return {
      node,
      memberships,
      faults: faults.faults,
      stretches: [...maintenance.stretches, ...lostObservationStretches(lost, memberships)],
      findings: [...findings, ...faults.findings, ...maintenance.findings],
    };
  });
}

/** measures.md, "Nodes": the first in the list wins; null where the node is no member. */
export function stateAt(node: OracleNode, instant: number): NodeState | null {
  const open = (span: Window): boolean => contains(span, instant);
  if (!node.memberships.some(open)) return null;
  if (node.faults.some(open)) return "down";
  if (node.stretches.some((stretch) => stretch.kind === "maintenance" && open(stretch))) {
    return "maintenance";
  }
  if (node.stretches.some((stretch) => stretch.kind === "unknown" && open(stretch))) {
    return "unknown";
  }
  return "in service";
}

/** The elementary intervals of a window for one node, with any further instants at which something changes. */
export function nodeIntervals(
  node: OracleNode,
  window: Window,
  further: readonly number[] = [],
): Window[] {
  const spans = [...node.memberships, ...node.faults, ...node.stretches];
  const instants = [...spans.flatMap((span) => [span.from, span.to]), ...further];
  return elementaryIntervals([
    window.from,
    window.to,
    ...instants.filter((instant) => contains(window, instant)),
  ]);
}

/** How long the node was in a state within a window. */
export function timeInState(node: OracleNode, state: NodeState, window: Window): number {
  return nodeIntervals(node, window)
    .filter((interval) => stateAt(node, interval.from) === state)
    .reduce((sum, interval) => sum + interval.to - interval.from, 0);
}

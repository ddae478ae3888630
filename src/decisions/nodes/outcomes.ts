/** What the outcomes on several nodes have in common. */
import type { NodeDecision, NodeOutcome } from "./each-node.ts";

/** The position up to which the outcomes rest on facts; `null` without outcomes. */
export function sequenceOf(outcomes: readonly NodeOutcome<NodeDecision>[]): number | null {
  const sequences = outcomes.map(({ event, P }) => Math.max(event?.sequence ?? 0, P));
  return sequences.length === 0 ? null : sequences.reduce((a, b) => Math.max(a, b), 0);
}

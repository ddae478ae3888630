/** What a scale request comes to on one node. */
import { type Schedulability, schedulableAt } from "../../../projections/nodes/schedulable.ts";
import { draft } from "../command/drafts.ts";
import type { NodeDecision } from "./each-node.ts";
import type { SeenNode } from "./seen-node.ts";

export interface ScaleDecision extends NodeDecision {
  readonly found: Schedulability;
}

/** `request` is the id that the record names. */
export function decideScale(
  cluster: string,
  request: string,
  { node, isNamed, known, at, policy: { imminentMs } }: SeenNode,
): ScaleDecision {
  const found = schedulableAt(known, { at, imminentMs });
  const reasons = [...found.reasons];
  if (!isNamed) return { found, draft: null };
  const about = { cluster, node, request };
  return reasons.length === 0
    ? { found, draft: draft("NodeScaleAllowed", about) }
    : { found, draft: draft("NodeScaleDenied", { ...about, reasons }) };
}

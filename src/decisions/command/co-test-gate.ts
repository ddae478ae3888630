/** Whether a rollout that asks to start was tested together with what it would meet on its nodes. */
import { gateAt } from "../../../projections/co-tests/gate.ts";
import type { NodeSets } from "../../../projections/nodes/node-sets.ts";
import type { Gates } from "./gates.ts";

/** Judged at the instant of the decision, by the facts up to it. Members of a cluster that stay the same are looked at once. */
export function coTestGate(): Gates["untested"] {
  const kept = new Map<string, NodeSets>();
  return ({ rollout, world, status }) => {
    const { cluster, view, at } = world;
    const seen = { at, factsBefore: at + 1 };
    const { untested, nodeSets } = gateAt(
      view,
      [{ rollout, status }],
      seen,
      kept.get(cluster) ?? null,
    );
    if (nodeSets !== null) kept.set(cluster, nodeSets);
    return untested.get(rollout) ?? [];
  };
}

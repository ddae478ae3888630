/** Decides anew what the simulator says a ledger decided about nodes, with the project's own deciders. */
import { plannedMaintenanceTypes } from "../../projections/nodes/schedulable.ts";
import { rolloutPolicyAt } from "../../projections/rollouts/policy.ts";
import type { DecisionView } from "../../projections/view.ts";
import type { Draft } from "../../src/decisions/command/drafts.ts";
import { worldAt } from "../../src/decisions/command/world.ts";
import { decideScale } from "../../src/decisions/nodes/scale-decider.ts";
import type { SeenNode } from "../../src/decisions/nodes/seen-node.ts";
import type { DataOf } from "../../src/events/catalogue.ts";
import type { Appended } from "./deciding.ts";

/** What a decision about a node at the instant sees in a view. */
export function seenIn(view: DecisionView, node: string, at: number): SeenNode {
  return {
    node,
    isNamed: view.lastFactAt("node", node) !== -Infinity,
    known: {
      timeline: view.entity("node", node),
      planned: view.factsOfTypes("node", node, plannedMaintenanceTypes),
    },
    at,
    policy: rolloutPolicyAt(view.rolloutPolicies, at),
    world: () => worldAt(view, at),
  };
}

/** What the deciders make of it on its node; nothing if they would record nothing. */
export function nodeDecidedAnew(view: DecisionView, appended: Appended): readonly Draft[] {
  const { name, at, cluster, events } = appended;
  const { request = "" } = (events[0]?.data ?? {}) as Partial<DataOf<"NodeScaleAllowed">>;
  const { draft } = decideScale(cluster, request, seenIn(view, name, at));
  return draft === null ? [] : [draft];
}

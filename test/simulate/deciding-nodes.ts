/** Decides anew what the simulator says a ledger decided about nodes, with the project's own deciders. */
import { plannedMaintenanceTypes } from "../../projections/nodes/schedulable.ts";
import { rolloutPolicyAt } from "../../projections/rollouts/policy.ts";
import type { DecisionView } from "../../projections/view.ts";
import type { Draft } from "../../src/decisions/command/drafts.ts";
import { worldAt } from "../../src/decisions/command/world.ts";
import {
  decideMaintenance,
  type MaintenanceCommand,
} from "../../src/decisions/nodes/maintenance-decider.ts";
import { decideScale } from "../../src/decisions/nodes/scale-decider.ts";
import type { SeenNode } from "../../src/decisions/nodes/seen-node.ts";
import type { DataOf } from "../../src/events/catalogue.ts";
import type { Request } from "../../src/simulate/setting/decision-log.ts";
import type { Appended } from "./deciding.ts";
import type { Simulation } from "./raw-events.ts";

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
export function nodeDecidedAnew(
  view: DecisionView,
  appended: Appended,
  request: Request,
): readonly Draft[] {
  const { name, at, cluster, events } = appended;
  const seen = seenIn(view, name, at);
  const { request: id = "" } = (events[0]?.data ?? {}) as Partial<DataOf<"NodeScaleAllowed">>;
  const { draft } =
    appended.command === "scale"
      ? decideScale(cluster, id, seen)
      : decideMaintenance(cluster, maintenanceOf(request), seen);
  return draft === null ? [] : [draft];
}

function maintenanceOf({ path, reason, body = {} }: Request) {
  const [, maintenanceId = "", command] = /^\/v1\/maintenance\/(.+)\/(.+)$/.exec(path) ?? [];
  const { rolloutId, role, plannedFrom, plannedTo } = body as Readonly<Record<string, string>>;
  return {
    command: command as MaintenanceCommand,
    maintenanceId,
    rolloutId,
    role,
    plan:
      plannedFrom === undefined || plannedTo === undefined
        ? undefined
        : { from: plannedFrom, to: plannedTo },
    caller: { roles: null },
    hasReason: reason !== undefined,
  };
}

/** What was asked, by the hash that each decision about it names. */
export function requestsByHash({ events, requests }: Simulation): ReadonlyMap<string, Request> {
  const byHash = new Map<string, Request>();
  for (const { id, decision } of events) {
    const request = requests.get(id);
    if (request !== undefined) byHash.set(decision?.request ?? "", request);
  }
  return byHash;
}

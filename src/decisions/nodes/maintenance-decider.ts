/** What a command on maintenance does on one node. */
import { inForceAt, type InForce } from "../../../projections/nfz/in-force.ts";
import type { RolloutPolicy } from "../../../projections/rollouts/policy.ts";
import { statusBefore } from "../../../projections/rollouts/kind.ts";
import { isLastingBefore } from "../../../projections/nodes/schedulable.ts";
import type { NodeTimeline } from "../../../projections/nodes/timeline.ts";
import type { Fact } from "../../../projections/facts/fact.ts";
import type { DecisionView } from "../../../projections/view.ts";
import type { EventType } from "../../events/catalogue.ts";
import { formatInstant, instantMs } from "../../../projections/time/instant.ts";
import { type Caller, hasRole } from "../command/asked.ts";
import { draft } from "../command/drafts.ts";
import type { World } from "../command/world.ts";
import type { NodeDecision } from "./each-node.ts";
import type { SeenNode } from "./seen-node.ts";

export type MaintenanceCommand = "announce" | "start" | "end";

export interface MaintenanceAsked {
  readonly command: MaintenanceCommand;
  readonly maintenanceId: string;
  readonly rolloutId?: string | undefined;
  /** Of an announcement: instants as text. */
  readonly plan?: { readonly from: string; readonly to: string } | undefined;
  readonly role?: string | undefined;
  readonly caller: Pick<Caller, "roles">;
  /** Whether a reason was given, without which a role allows nothing. */
  readonly hasReason: boolean;
}

/** Why there is nothing to do on a node. */
export type MaintenanceSkip = "not-a-member" | "already-begun" | "not-open";

export interface MaintenanceDecision extends NodeDecision {
  /** `null` unless there is nothing to do. */
  readonly skipped: MaintenanceSkip | null;
  /** The no-fly zones that refuse it, by name; empty if none does. */
  readonly refusedBy: readonly InForce[];
}

export function decideMaintenance(
  cluster: string,
  asked: MaintenanceAsked,
  seen: SeenNode,
): MaintenanceDecision {
  const { command, maintenanceId, rolloutId, plan } = asked;
  const about = {
    cluster,
    node: seen.node,
    maintenanceId,
    ...(rolloutId === undefined ? {} : { rolloutId }),
  };
  const skipped = skip(asked, seen);
  if (skipped !== null) return { draft: null, skipped, refusedBy: [] };
  const does = (made: NonNullable<NodeDecision["draft"]>): MaintenanceDecision => ({
    draft: made,
    skipped: null,
    refusedBy: [],
  });
  if (command === "end") return does(draft("NodeMaintenanceEnded", about));
  if (command === "announce") {
    if (plan === undefined) throw new RangeError("an announcement without a plan");
    const plannedFrom = formatInstant(instantMs(plan.from));
    const plannedTo = formatInstant(instantMs(plan.to));
    return does(draft("NodeMaintenanceAnnounced", { ...about, plannedFrom, plannedTo }));
  }
  const isOverriding = mayOverride(asked, seen.policy);
  const refusedBy = isOverriding || isAllowedInside(asked, seen) ? [] : zonesOver(seen);
  if (refusedBy.length > 0) {
    const nfzIds = refusedBy.map(({ known }) => known.nfz);
    return {
      draft: draft("NodeMaintenanceRefused", { ...about, nfzIds }),
      skipped: null,
      refusedBy,
    };
  }
  const role = isOverriding && asked.role !== undefined ? { role: asked.role } : {};
  return does(draft("NodeMaintenanceStarted", { ...about, ...role }));
}

function skip(
  { command, maintenanceId }: MaintenanceAsked,
  { known: { timeline, planned }, at }: SeenNode,
): MaintenanceSkip | null {
  const { memberships = [], maintenance = [] } = timeline ?? {};
  if (!memberships.some((each) => isLastingBefore(each, at))) return "not-a-member";
  if (command === "announce") return null;
  if (command === "start") {
    const hasBegun = planned.some(
      ({ type, data }) => type === "NodeMaintenanceStarted" && data.maintenanceId === maintenanceId,
    );
    return hasBegun ? "already-begun" : null;
  }
  const isOpen = maintenance.some(
    (each) => each.maintenanceId === maintenanceId && isLastingBefore(each, at),
  );
  return isOpen ? null : "not-open";
}

/** Zones in force now whose scope the node is in, by name. */
function zonesOver({ node, world }: SeenNode): InForce[] {
  const { matching } = world();
  return [...matching.inForce.values()].filter(({ known }) => matching.holdsNode(known, node));
}

/** A zone does not refuse it if the node is down anyway, or the maintenance belongs to a rollout in progress on it. */
function isAllowedInside(
  { rolloutId }: MaintenanceAsked,
  { node, known: { timeline }, at, world }: SeenNode,
): boolean {
  if (timeline?.faults.some((each) => isLastingBefore(each, at)) === true) return true;
  if (rolloutId === undefined) return false;
  const { view, places } = world();
  const rollout = view.entity("rollout", rolloutId);
  if (rollout === null) return false;
  const { state, submission } = statusBefore(rollout, at + 1);
  if (state !== "in-progress") return false;
  const targets = places.of(submission?.data.targets);
  return targets === null || targets.has(node);
}

/** Whether the caller has the role that is named, and the cluster's policy lets it override, for a reason. */
function mayOverride(
  { role, caller, hasReason }: MaintenanceAsked,
  { overrideRoles }: RolloutPolicy,
): boolean {
  return role !== undefined && hasReason && hasRole(caller, role) && overrideRoles.includes(role);
}

/** The zones that a recorded refusal names, as they were in force then. */
export function refusingZones({ nfzs, at }: World, nfzIds: readonly string[]): InForce[] {
  return nfzs
    .filter(({ nfz }) => nfzIds.includes(nfz))
    .flatMap((each) => inForceAt(each, at) ?? []);
}

/**
 * The nodes of a cluster on which facts say that a maintenance was announced, or that it began; by name. Each node is
 * decided after all of its own facts.
 */
export function nodesOfMaintenance(
  view: DecisionView,
  type: "NodeMaintenanceAnnounced" | "NodeMaintenanceStarted",
  maintenanceId: string,
): string[] {
  const types = new Set<EventType>([type]);
  const isMeant = (fact: Fact): boolean =>
    fact.type === type && fact.data.maintenanceId === maintenanceId;
  return view.names("node").filter((node) => view.factsOfTypes("node", node, types).some(isMeant));
}

/** Whether the maintenance is open on the node after all of its facts. */
export function isOpenOn(timeline: NodeTimeline | null, maintenanceId: string): boolean {
  return (timeline?.maintenance ?? []).some(
    (each) => each.maintenanceId === maintenanceId && each.to === Infinity,
  );
}

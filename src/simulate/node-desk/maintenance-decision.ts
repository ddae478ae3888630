/** What the ledger says to a command on maintenance of one node, by what it has been told. */
import { bookOfNode } from "../books/nodes.ts";
import { draft, type NodeDraft } from "../setting/decision-log.ts";
import type { Interval, NfzTruth, NodeTruth, RolloutTruth } from "../setting/history.ts";
import { iso } from "../setting/setting.ts";
import { nodesOf } from "../truth/fleet/place.ts";
import { inForceAt } from "../truth/nfz/standing.ts";
import { overrideRole } from "../truth/rollouts/commands.ts";
import { standingOf } from "../truth/rollouts/standing.ts";

/** What besides the node has a part in it. */
export interface Around {
  readonly nodes: readonly NodeTruth[];
  readonly nfzs: readonly NfzTruth[];
  readonly rollouts: readonly RolloutTruth[];
}

export interface MaintenanceCommand {
  readonly command: "announce" | "start" | "end";
  readonly cluster: string;
  readonly maintenanceId: string;
  readonly rolloutId?: string;
  /** Of an announcement. */
  readonly plan?: Interval;
  /** Of a start inside a no-fly zone: it counts with a reason. */
  readonly role?: string;
  readonly reason?: string;
}

/** `null` if there is nothing to do. `known` is the node as the ledger knows it. */
export function decidedOn(
  around: Around,
  asked: MaintenanceCommand,
  known: NodeTruth,
  at: number,
): NodeDraft | null {
  const { command, cluster, maintenanceId, rolloutId, plan, role, reason } = asked;
  const { node } = known;
  const about = {
    cluster,
    node,
    maintenanceId,
    ...(rolloutId === undefined ? {} : { rolloutId }),
  };
  const lasts = ({ from, to }: Interval): boolean => from < at && to >= at;
  if (!known.memberships.some(lasts)) return null;
  if (command === "announce") {
    const { from = at, to = at } = plan ?? {};
    const planned = { plannedFrom: iso(from), plannedTo: iso(to) };
    return draft("NodeMaintenanceAnnounced", { ...about, ...planned });
  }
  if (command === "end") {
    const { intervals } = bookOfNode(known);
    const isOpen = intervals.some((each) => each.maintenanceId === maintenanceId && lasts(each));
    return isOpen ? draft("NodeMaintenanceEnded", about) : null;
  }
  if (known.maintenance.some((each) => each.maintenanceId === maintenanceId)) return null;
  const isOverride = role === overrideRole && reason !== undefined;
  const isDown = bookOfNode(known).faults.some(lasts);
  const nfzIds =
    isOverride || isDown || isOfRollout(around, rolloutId, node, at)
      ? []
      : zonesOver(around, node, at);
  if (nfzIds.length > 0) return draft("NodeMaintenanceRefused", { ...about, nfzIds });
  return draft("NodeMaintenanceStarted", { ...about, ...(isOverride ? { role } : {}) });
}

/** Whether it is for a rollout that is in progress on the node. */
function isOfRollout(
  around: Around,
  rolloutId: string | undefined,
  node: string,
  at: number,
): boolean {
  const rollout = around.rollouts.find((each) => each.rollout === rolloutId);
  if (rollout === undefined) return false;
  return nodesUnderWay(around, rollout, at).some((each) => each.node === node);
}

/** By name. */
function zonesOver({ nfzs, nodes }: Around, node: string, at: number): string[] {
  return nfzs
    .filter((nfz) => inForceAt(nfz, at, { by: at, knownBy: at }) !== null)
    .filter(({ scope }) => nodesOf(scope, nodes, at, at)?.has(node) ?? true)
    .map(({ nfz }) => nfz)
    .sort();
}

/** The nodes of a rollout that is in progress, as far as is known; none if it is not. */
export function nodesUnderWay(
  { nodes }: Around,
  { targets, acts }: Pick<RolloutTruth, "targets" | "acts">,
  at: number,
): readonly NodeTruth[] {
  const { stage, isSubmitted } = standingOf({ acts }, { by: at, knownBy: at });
  if (stage !== "in-progress") return [];
  const wanted = isSubmitted ? nodesOf(targets, nodes, at, at) : null;
  return wanted === null ? nodes : nodes.filter(({ node }) => wanted.has(node));
}

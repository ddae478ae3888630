/** The books about nodes that take no new work, and about maintenance that should be over, at an instant. */
import type {
  Amendment,
  AnnouncementTruth,
  ClusterTruth,
  Interval,
  NodeTruth,
} from "../setting/history.ts";
import { dayMs, hourMs } from "../setting/setting.ts";
import { bookOfNode } from "./nodes.ts";

/** No scenario sets rules for rollouts and maintenance, so the usual ones hold. */
const imminentMs = hourMs;
const longestMs = dayMs;

interface HeldNode {
  readonly node: string;
  readonly reasons: readonly string[];
  readonly until: number | null;
}

interface OverdueNode {
  readonly node: string;
  readonly maintenanceId: string;
  readonly since: number;
  readonly dueAt: number;
}

type Amended = ReadonlyMap<string, Amendment>;

/** What had happened before the instant; an end at the instant itself is still to come. */
function lasts({ from, to }: Interval, at: number): boolean {
  return from < at && to >= at;
}

/** Every node that is held, members or not, by name. */
export function heldNodes(
  { nodes }: Pick<ClusterTruth, "nodes">,
  at: number,
  amended: Amended,
): HeldNode[] {
  return nodes
    .map((node) => heldNode(node, at, amended))
    .filter(({ reasons }) => reasons.length > 0);
}

function heldNode(truth: NodeTruth, at: number, amended: Amended): HeldNode {
  const { faults, intervals } = bookOfNode(truth);
  const open = intervals.filter((each) => lasts(each, at));
  const maintained = open.filter(({ kind }) => kind === "maintenance");
  const plans = latestPlans(truth, at, amended);
  const coming = [...plans.values()].filter(({ maintenanceId, plannedFrom, plannedTo }) => {
    const start = truth.maintenance.find((each) => each.maintenanceId === maintenanceId);
    const hasBegun = start !== undefined && start.from < at;
    return !hasBegun && plannedFrom - at <= imminentMs && at < plannedTo;
  });
  const reasons: string[] = [];
  if (!truth.memberships.some((each) => lasts(each, at))) reasons.push("not-a-member");
  if (faults.some((each) => lasts(each, at))) reasons.push("down");
  if (maintained.length > 0) reasons.push("under-maintenance");
  if (open.length > maintained.length) reasons.push("unobserved");
  if (coming.length > 0) reasons.push("maintenance-imminent");
  const planned = maintained.flatMap(({ maintenanceId }) => plans.get(maintenanceId ?? "") ?? []);
  const ends = [...planned, ...coming].map(({ plannedTo }) => plannedTo);
  return { node: truth.node, reasons, until: ends.length === 0 ? null : Math.max(...ends) };
}

/** Of each maintenance the announcement that the ledger heard of last. */
function latestPlans(
  { announcements }: NodeTruth,
  at: number,
  amended: Amended,
): Map<string, AnnouncementTruth> {
  const heardAt = ({ id, recordedAt }: AnnouncementTruth) =>
    amended.get(id)?.recordedAt ?? recordedAt;
  const plans = new Map<string, AnnouncementTruth>();
  for (const each of announcements) {
    if (each.at >= at) continue;
    const other = plans.get(each.maintenanceId);
    const isLater =
      other === undefined ||
      heardAt(each) > heardAt(other) ||
      (heardAt(each) === heardAt(other) && each.id > other.id);
    if (isLater) plans.set(each.maintenanceId, each);
  }
  return plans;
}

/** By node, then maintenance. */
export function overdueNodes({ nodes }: ClusterTruth, at: number, amended: Amended): OverdueNode[] {
  return nodes
    .flatMap((truth) => {
      const plans = latestPlans(truth, at, amended);
      return bookOfNode(truth).intervals.flatMap((each): OverdueNode[] => {
        const { maintenanceId, from: since } = each;
        if (maintenanceId === null || !lasts(each, at)) return [];
        const dueAt = plans.get(maintenanceId)?.plannedTo ?? since + longestMs;
        return at > dueAt ? [{ node: truth.node, maintenanceId, since, dueAt }] : [];
      });
    })
    .sort((a, b) => (key(a) < key(b) ? -1 : 1));
}

function key({ node, maintenanceId }: OverdueNode): string {
  return `${node} ${maintenanceId}`;
}

/** Maintenance of nodes: planned, announced in time, late or not at all, and done, sometimes beyond its plan. */
import { isMember } from "../fleet/fleet.ts";
import { nodesOf } from "../fleet/place.ts";
import { inForceAt } from "../nfz/standing.ts";
import type { AnnouncementTruth, NfzTruth, NodeTruth } from "../../setting/history.ts";
import type { Random } from "../../setting/prng.ts";
import type { Reporter } from "../../setting/reporter.ts";
import type { Setting } from "../../setting/setting.ts";
import {
  cutAtEnd,
  hourMs,
  minuteMs,
  poissonInstants,
  snap,
  snapLength,
} from "../../setting/setting.ts";

/** A maintenance as it is about to happen. */
export interface ComingMaintenance {
  readonly from: number;
  readonly to: number;
  readonly plannedFrom: number;
  readonly plannedTo: number;
  readonly notice: "timely" | "exact" | "late" | "missing";
  /** An earlier plan that it moved away from is announced, too. */
  readonly moved: boolean;
  readonly rolloutId?: string;
}

/** What stops the jobs that hold one of these nodes. */
export interface Trigger {
  readonly at: number;
  readonly kind: "fault" | "maintenance" | "rollout";
  readonly nodes: readonly string[];
  readonly faultId?: string;
  readonly maintenanceId?: string;
  readonly rolloutId?: string;
}

/** How a maintenance is announced, drawn by the scenario's shares. */
export function drawNotice(setting: Setting, random: Random): ComingMaintenance["notice"] {
  const { lateShare, missingShare } = setting.scenario.maintenance;
  const draw = random.float();
  if (draw < lateShare) return "late";
  if (draw < lateShare + missingShare) return "missing";
  return random.chance(0.1) ? "exact" : "timely";
}

/** Batches of nodes of one rack that are taken out for some hours. */
export function simulateMaintenance(
  setting: Setting,
  { nodes, nfzs }: { readonly nodes: readonly NodeTruth[]; readonly nfzs: readonly NfzTruth[] },
  reporter: Reporter,
): Trigger[] {
  const { batchesPerDay, batchNodes, meanMs, movedShare, heedingShare } =
    setting.scenario.maintenance;
  const heeding = setting.random.fork("maintenance heeds no-fly zones");
  const random = setting.random.fork("maintenance");
  return poissonInstants(setting, random, batchesPerDay).flatMap((plannedFrom, i) => {
    const { rack } = random.pick(nodes);
    const present = nodes.filter((node) => node.rack === rack && isMember(node, plannedFrom));
    const batch = random.sample(present, batchNodes);
    const plannedTo = plannedFrom + snapLength(setting, random.logNormal(meanMs, 0.5));
    const shiftMs = random.chance(0.5) ? 0 : random.between(-10, 20) * minuteMs;
    const from = Math.max(setting.from, snap(setting, plannedFrom + shiftMs));
    const lengthMs = snapLength(setting, (plannedTo - plannedFrom) * (0.6 + 0.6 * random.float()));
    const coming: ComingMaintenance = {
      from,
      to: from + lengthMs,
      plannedFrom,
      plannedTo,
      notice: drawNotice(setting, random),
      moved: random.chance(movedShare),
    };
    const heedsZones = heeding.chance(heedingShare);
    if (heedsZones && batch.some(({ node }) => isInZone(node, { nodes, nfzs }, from))) return [];
    const maintenanceId = `m${i + 1}`;
    for (const node of batch) maintain(setting, random, reporter, node, maintenanceId, coming);
    if (batch.length === 0 || from >= setting.end) return [];
    return [
      { at: from, kind: "maintenance", nodes: batch.map(({ node }) => node), maintenanceId },
    ] satisfies Trigger[];
  });
}

/** Whether any no-fly zone is over the node. */
function isInZone(
  node: string,
  { nodes, nfzs }: { readonly nodes: readonly NodeTruth[]; readonly nfzs: readonly NfzTruth[] },
  at: number,
): boolean {
  const seen = { by: at, knownBy: Infinity };
  return nfzs
    .filter((nfz) => inForceAt(nfz, at, seen) !== null)
    .some(({ scope }) => nodesOf(scope, nodes, at)?.has(node) ?? true);
}

/** One node's part of a maintenance: its announcements, start and end. */
export function maintain(
  setting: Setting,
  random: Random,
  reporter: Reporter,
  node: NodeTruth,
  maintenanceId: string,
  coming: ComingMaintenance,
): void {
  const { rolloutId } = coming;
  const who = {
    cluster: setting.plan.cluster,
    node: node.node,
    maintenanceId,
    ...(rolloutId === undefined ? {} : { rolloutId }),
  };
  const announcements = announce(setting, random, reporter, who, coming);
  node.announcements.push(...announcements);
  if (coming.from >= setting.end) return;
  const start = reporter.say("NodeMaintenanceStarted", coming.from, who);
  const end = reporter.say("NodeMaintenanceEnded", coming.to, who);
  const to = cutAtEnd(setting, coming.to);
  const endId = to === Infinity ? null : end.id;
  const { from } = coming;
  node.maintenance.push({
    maintenanceId,
    rolloutId: rolloutId ?? null,
    from,
    to,
    startId: start.id,
    endId,
    announcements,
    isDecided: false,
    role: null,
  });
}

/** How long before a maintenance it is announced. */
export function leadOf(
  setting: Setting,
  random: Random,
  notice: "timely" | "exact" | "late",
): number {
  const noticeMs = setting.scenario.policy.noticeHours * hourMs;
  return {
    timely: noticeMs + random.between(1, 48 * 60) * minuteMs,
    exact: noticeMs - random.below(2),
    late: Math.floor(noticeMs * (0.9 - 1.1 * random.float())),
  }[notice];
}

function announce(
  setting: Setting,
  random: Random,
  reporter: Reporter,
  who: {
    readonly cluster: string;
    readonly node: string;
    readonly maintenanceId: string;
    readonly rolloutId?: string;
  },
  coming: ComingMaintenance,
): AnnouncementTruth[] {
  if (coming.notice === "missing") return [];
  const latest = Math.min(coming.from, coming.plannedFrom);
  const at = Math.max(setting.from, latest - leadOf(setting, random, coming.notice));
  const plans = [{ at, plannedFrom: coming.plannedFrom, plannedTo: coming.plannedTo }];
  if (coming.moved) {
    const byMs = random.between(-3, 3) * hourMs;
    const earlier = Math.max(setting.from, at - random.between(1, 20) * hourMs);
    const plannedTo = coming.plannedTo + byMs;
    plans.unshift({ at: earlier, plannedFrom: coming.plannedFrom + byMs, plannedTo });
  }
  return plans.flatMap((plan) => {
    const data = {
      ...who,
      plannedFrom: new Date(plan.plannedFrom).toISOString(),
      plannedTo: new Date(plan.plannedTo).toISOString(),
    };
    const how = coming.notice === "exact" ? { delayMs: 0 } : {};
    const { id, recordedAt } = reporter.say("NodeMaintenanceAnnounced", plan.at, data, how);
    if (plan.at >= setting.end) return [];
    return [{ id, maintenanceId: who.maintenanceId, recordedAt, ...plan, isDecided: false }];
  });
}

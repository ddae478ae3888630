/** Maintenance of a node: which start and end belong together, and what was announced. */
import type { FactOf } from "../facts/fact.ts";
import { instantMs } from "../time/instant.ts";
import type { Announcement, MaintenanceInterval } from "./timeline.ts";
import { countingFrom } from "./state.ts";
import type { NodeFold, OpenMaintenance } from "./state.ts";

/** A maintenance id is used once on a node. */
export function startMaintenance(state: NodeFold, start: FactOf<"NodeMaintenanceStarted">): void {
  const { maintenanceId } = start.data;
  const counting = countingFrom(state, start.occurredAt);
  state.usedMaintenanceIds.add(maintenanceId);
  state.openMaintenance.set(maintenanceId, { start, counting, isCensored: false });
}

export function endMaintenance(state: NodeFold, end: FactOf<"NodeMaintenanceEnded">): void {
  const maintenance = state.openMaintenance.get(end.data.maintenanceId);
  if (maintenance === undefined) return;
  state.openMaintenance.delete(end.data.maintenanceId);
  if (!maintenance.isCensored) pushMaintenance(state, maintenance, end.occurredAt, end.id);
}

/** The node's decommissioning censors the maintenance that is open. */
export function censorMaintenance(state: NodeFold, at: number, endId: string): void {
  for (const maintenance of state.openMaintenance.values()) {
    if (maintenance.isCensored || maintenance.counting === null) continue;
    maintenance.isCensored = true;
    pushMaintenance(state, maintenance, at, endId);
  }
}

function pushMaintenance(
  state: NodeFold,
  maintenance: OpenMaintenance,
  to: number,
  endId: string,
): void {
  const counted = countedMaintenance(state.node, maintenance, to, endId);
  if (counted !== null) state.ended.maintenance.push(counted);
}

/** The maintenance as it counts; `null` if it touches no membership. */
export function countedMaintenance(
  node: string,
  { counting, start }: OpenMaintenance,
  to: number,
  endId: string | null,
): Omit<MaintenanceInterval, "announcements"> | null {
  if (counting === null) return null;
  return {
    node,
    maintenanceId: start.data.maintenanceId,
    from: counting.from,
    to,
    startId: start.id,
    endId,
    rolloutId: start.data.rolloutId ?? null,
  };
}

/** An announcement counts from when it was recorded; when it occurred does not matter. */
export function announce(state: NodeFold, fact: FactOf<"NodeMaintenanceAnnounced">): void {
  const announcement = announcementOf(fact);
  const { maintenanceId } = announcement;
  const others = state.announcements.get(maintenanceId);
  if (others === undefined) state.announcements.set(maintenanceId, [announcement]);
  else others.push(announcement);
}

/** The announcements of a maintenance, by the time at which they were recorded. */
export function announcementsOf(state: NodeFold, maintenanceId: string): Announcement[] {
  const seen = state.announcements.get(maintenanceId) ?? [];
  const all =
    state.earlier?.about("NodeMaintenanceAnnounced", maintenanceId).map(announcementOf) ?? seen;
  return all.toSorted(byRecording);
}

function announcementOf({
  id,
  recordedAt,
  amendedBy,
  data,
}: FactOf<"NodeMaintenanceAnnounced">): Announcement {
  return {
    id,
    maintenanceId: data.maintenanceId,
    recordedAt,
    amendedBy,
    plannedFrom: instantMs(data.plannedFrom),
    plannedTo: instantMs(data.plannedTo),
    rolloutId: data.rolloutId ?? null,
  };
}

type Recorded = Pick<Announcement, "recordedAt" | "id">;

export function byRecording(a: Recorded, b: Recorded): number {
  return a.recordedAt - b.recordedAt || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);
}

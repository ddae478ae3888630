/** The maintenance of a node: which start and end belong together, cut to memberships, with what was announced. */
import type { FactOf } from "./fact.ts";
import { instantMs } from "./instants.ts";
import { cutToMembership } from "./membership.ts";
import type { NodeFacts, Report } from "./node-facts.ts";
import type { Announcement, MaintenanceStretch, Membership } from "./node-timeline.ts";

/** A maintenance id is used once on a node: its first start, and the first end at or after that. */
export function foldMaintenance(
  node: string,
  facts: NodeFacts,
  memberships: readonly Membership[],
  report: Report,
): { maintenance: MaintenanceStretch[]; announcements: Announcement[] } {
  const announcements = facts.announcements.map(asAnnouncement).sort(byRecording);
  const announced = Map.groupBy(announcements, (each) => each.maintenanceId);
  const starts = new Map<string, FactOf<"NodeMaintenanceStarted">>();
  for (const start of facts.maintenanceStarts) {
    if (starts.has(start.data.maintenanceId)) report("maintenance-does-not-fit", start);
    else starts.set(start.data.maintenanceId, start);
  }
  const ends = new Map<string, FactOf<"NodeMaintenanceEnded">>();
  for (const end of facts.maintenanceEnds) {
    const start = starts.get(end.data.maintenanceId);
    const fits =
      start !== undefined &&
      end.occurredAt >= start.occurredAt &&
      !ends.has(end.data.maintenanceId);
    if (fits) ends.set(end.data.maintenanceId, end);
    else report("maintenance-does-not-fit", end);
  }
  const maintenance: MaintenanceStretch[] = [];
  for (const [maintenanceId, start] of starts) {
    const end = ends.get(maintenanceId);
    const cut = cutToMembership(
      { from: start.occurredAt, to: end?.occurredAt ?? Infinity },
      memberships,
    );
    if (cut === null) continue;
    maintenance.push({
      node,
      maintenanceId,
      from: cut.from,
      to: cut.to,
      startId: start.id,
      endId: cut.decommissionedBy ?? end?.id ?? null,
      rolloutId: start.data.rolloutId ?? null,
      announcements: announced.get(maintenanceId) ?? [],
    });
  }
  maintenance.sort(
    (a, b) => a.from - b.from || (a.startId < b.startId ? -1 : a.startId > b.startId ? 1 : 0),
  );
  return { maintenance, announcements };
}

function asAnnouncement({
  id,
  recordedAt,
  touchedBy,
  data,
}: FactOf<"NodeMaintenanceAnnounced">): Announcement {
  return {
    id,
    maintenanceId: data.maintenanceId,
    recordedAt,
    touchedBy,
    plannedFrom: instantMs(data.plannedFrom),
    plannedTo: instantMs(data.plannedTo),
    rolloutId: data.rolloutId ?? null,
  };
}

function byRecording(a: Announcement, b: Announcement): number {
  return a.recordedAt - b.recordedAt || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);
}

/** A node's maintenance: when it was announced, for when, and when it was. */
import type { LanePiece } from "../../charts/bars.ts";
import { durationText } from "../../frame/times.ts";
import type { Lane, LaneEdge } from "./lanes.ts";
import type { NodeFacts } from "./node-facts.ts";

/** Above: the notice and what was planned; below: what was. */
export function maintenanceLane(facts: NodeFacts): Lane {
  const { announcements, maintenance } = facts.timeline;
  const { window, at } = facts;
  const isNear = (from: number, to: number) => from <= window.to && to >= window.from;
  const announced = announcements.filter(({ recordedAt, plannedTo }) =>
    isNear(recordedAt, plannedTo),
  );
  const held = maintenance.filter(({ from, to }) => isNear(from, to));
  const pieces: LanePiece[] = [
    ...announced.flatMap(({ maintenanceId, recordedAt, plannedFrom, plannedTo }) => [
      ...(recordedAt < plannedFrom
        ? [
            {
              kind: "notice",
              from: recordedAt,
              to: plannedFrom,
              title: `${maintenanceId}: notice of ${durationText(plannedFrom - recordedAt)}`,
              top: 20,
              height: 10,
            },
          ]
        : []),
      {
        kind: "planned",
        from: plannedFrom,
        to: plannedTo,
        title: `${maintenanceId}: planned`,
        top: 5,
        height: 40,
      },
    ]),
    ...held.map(({ maintenanceId, from, to, announcements: said }) => ({
      kind: "maint",
      from,
      to: Math.min(to, at),
      title: `${maintenanceId}: in maintenance${said.length === 0 ? ", never announced" : ""}`,
      top: 50,
      height: 50,
    })),
  ];
  const edges: LaneEdge[] = [
    ...announced.map(({ id, recordedAt, maintenanceId }) => ({
      at: recordedAt,
      eventId: id,
      words: `maintenance ${maintenanceId} announced`,
    })),
    ...held.flatMap(({ from, to, startId, endId, maintenanceId }) => [
      { at: from, eventId: startId, words: `maintenance ${maintenanceId} began` },
      ...(endId === null
        ? []
        : [{ at: to, eventId: endId, words: `maintenance ${maintenanceId} ended` }]),
    ]),
  ];
  return { name: "maintenance", pieces, edges, lines: 2 };
}

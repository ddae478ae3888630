/** A node's timeline as one list of pieces, each with the events at its ends: what a table of it has. */
import type { nodeJson } from "./timeline-json.ts";

export const nodePieceColumns = [
  "kind",
  "name",
  "from",
  "to",
  "what",
  "beganBy",
  "endedBy",
] as const;

type NodePiece = Readonly<Record<(typeof nodePieceColumns)[number], string | null>>;

/** Memberships, states, faults, maintenance and lost observation, each by time. */
export function nodePieces(node: ReturnType<typeof nodeJson>): NodePiece[] {
  return [
    ...node.memberships.map(({ from, to, rack, sku, commissionedBy, decommissionedBy }) => ({
      kind: "membership",
      name: rack,
      from,
      to,
      what: sku,
      beganBy: commissionedBy,
      endedBy: decommissionedBy,
    })),
    ...node.segments.map(({ from, to, state }) => ({
      kind: "state",
      name: state,
      from,
      to,
      what: null,
      beganBy: null,
      endedBy: null,
    })),
    ...node.faults.map(({ faultId, from, to, category, component, eventId, endedBy }) => ({
      kind: "fault",
      name: faultId,
      from,
      to,
      what: component === null ? category : `${category}, ${component}`,
      beganBy: eventId,
      endedBy,
    })),
    ...node.maintenance.map(({ maintenanceId, from, to, rolloutId, startId, endId }) => ({
      kind: "maintenance",
      name: maintenanceId,
      from,
      to,
      what: rolloutId,
      beganBy: startId,
      endedBy: endId,
    })),
    ...node.unknown.map(({ from, to, startId, endId }) => ({
      kind: "unobserved",
      name: null,
      from,
      to,
      what: null,
      beganBy: startId,
      endedBy: endId,
    })),
  ];
}

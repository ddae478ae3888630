/** The event types that begin and end each kind of observation, and their data. */
import { formatInstant } from "../../../projections/time/instant.ts";
import { stableId } from "../../events/fields/stable-id.ts";
import type { EventType } from "../../events/catalogue.ts";
import type { Says } from "../config/rule.ts";
import { type Kind, kinds } from "./observation.ts";

export const startTypes = {
  fault: "NodeFailed",
  maintenance: "NodeMaintenanceStarted",
  observation: "NodeObservationLost",
} as const satisfies Record<Kind, EventType>;

export const endTypes = {
  fault: "NodeReturned",
  maintenance: "NodeMaintenanceEnded",
  observation: "NodeObservationRestored",
} as const satisfies Record<Kind, EventType>;

/** The kind that events of the type begin or end; `null` for other types. */
export function kindOfType(
  type: EventType,
): { readonly kind: Kind; readonly side: "start" | "end" } | null {
  for (const kind of kinds) {
    if (startTypes[kind] === type) return { kind, side: "start" };
    if (endTypes[kind] === type) return { kind, side: "end" };
  }
  return null;
}

/** The node of a series, as its source tells of it. */
export interface Place {
  /** The source's name. */
  readonly source: string;
  readonly cluster: string;
  readonly node: string;
}

export function startData(kind: Kind, { source, cluster, node }: Place, id: string, says: Says) {
  switch (kind) {
    case "fault":
      return { cluster, node, faultId: id, ...says };
    case "maintenance":
      return { cluster, node, maintenanceId: id };
    case "observation":
      return { cluster, node, observer: source };
  }
}

export function endData(kind: Kind, { source, cluster, node }: Place, id: string) {
  switch (kind) {
    case "fault":
      return { cluster, node, faultIds: [id] };
    case "maintenance":
      return { cluster, node, maintenanceId: id };
    case "observation":
      return { cluster, node, observer: source };
  }
}

/** The id of an event about a fault, maintenance or lost observation of that id. */
export function eventIdOf(
  { source, cluster, node }: Place,
  type: EventType,
  id: string,
  occurredAt: number,
): string {
  return stableId([source, type, cluster, node, id, formatInstant(occurredAt)]);
}

/** The ids by which facts of an entity are looked up: of faults and maintenance of a node, of checkpoints of a job. */
import type { EventType } from "../../src/events/catalogue.ts";

/** The field with the id, by type; facts of other types are not looked up. */
const fields: Readonly<Partial<Record<EventType, string>>> = {
  NodeFailed: "faultId",
  NodeMaintenanceStarted: "maintenanceId",
  NodeMaintenanceAnnounced: "maintenanceId",
  JobCheckpointed: "checkpointId",
};

/** The id by which a fact is looked up; `null` if its type is not looked up. */
export function episodeOf(type: EventType, data: object): string | null {
  const field = fields[type];
  if (field === undefined) return null;
  const id = (data as Readonly<Record<string, unknown>>)[field];
  return typeof id === "string" ? id : null;
}

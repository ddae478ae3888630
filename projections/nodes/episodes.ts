/** Which fault or maintenance a node's fact is about. */
import type { EventType } from "../../src/events/catalogue.ts";

/** The id by which facts of these types are looked up; `null` for those of other types. */
export function episodeOf(type: EventType, data: object): string | null {
  if (type === "NodeFailed" && "faultId" in data) return String(data.faultId);
  const ofMaintenance = type === "NodeMaintenanceStarted" || type === "NodeMaintenanceAnnounced";
  return ofMaintenance && "maintenanceId" in data ? String(data.maintenanceId) : null;
}

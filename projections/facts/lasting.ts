/** Facts that tell, when something is over, how long it took. */
import type { EventType } from "../../src/events/catalogue.ts";

/** How long before its own time a fact says something, milliseconds; 0 for one of an instant. */
export function lastedMs(type: EventType, data: object): number {
  return type === "JobCheckpointed" && "durationMs" in data ? Number(data.durationMs) : 0;
}

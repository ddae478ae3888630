/** Facts that are stated when something is over, and say how long it took. */
import type { EventType } from "../../src/events/catalogue.ts";

/** How far before its own time a fact reaches, in milliseconds; 0 for a fact about an instant. */
export function lastedMs(type: EventType, data: object): number {
  return type === "JobCheckpointed" && "durationMs" in data ? Number(data.durationMs) : 0;
}

/** The corrections and retractions of an event, at any depth. */
import type { StoredEvent } from "../../events/envelope.ts";
import type { EventStore } from "../../store/port.ts";

/** Corrections are in the stream of the event that they name, so that stream has all of them. */
export async function correctionsOf(
  store: EventStore,
  event: StoredEvent,
  upTo: number,
): Promise<StoredEvent[]> {
  const amended = new Set([event.id]);
  const corrections: StoredEvent[] = [];
  for await (const each of store.readStream(event.stream, event.revision + 1n)) {
    if (each.sequence > upTo) break;
    if (!("eventId" in each.data) || typeof each.data.eventId !== "string") continue;
    if (!amended.has(each.data.eventId.toLowerCase())) continue;
    amended.add(each.id);
    corrections.push(each);
  }
  return corrections;
}

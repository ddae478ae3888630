/** Random histories as stored events. */
import type { RawEvent } from "../../projections/facts/effective-facts.ts";
import type { StoredEvent } from "../../src/events/envelope.ts";
import type { OracleEvent } from "../oracle/facts/oracle-event.ts";

/** The events as a store would give them; streams are of no account to a read model. */
export function storedHistory(events: readonly OracleEvent[]): StoredEvent[] {
  return events.map((event, place) => {
    const raw = {
      id: event.id.toLowerCase(),
      type: event.type,
      schemaVersion: 1,
      stream: "any",
      revision: BigInt(place),
      sequence: place + 1,
      occurredAt: Date.parse(event.occurredAt),
      recordedAt: Date.parse(event.recordedAt),
      data: event.data,
      attribution: {},
    };
    return raw as unknown as StoredEvent;
  });
}

/** The same events as the plain fold takes them. */
export function rawHistory(events: readonly StoredEvent[]): RawEvent[] {
  return events as readonly unknown[] as RawEvent[];
}

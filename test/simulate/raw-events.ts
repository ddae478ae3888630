/** Simulated lines as the folds take them: sequenced from 1 in the order of recording, a line seen before takes none. */
import type { RawEvent } from "../../projections/facts/effective-facts.ts";
import { isEventType } from "../../src/events/catalogue.ts";
import type { simulate } from "../../src/simulate/simulate.ts";

export type Simulation = ReturnType<typeof simulate>;

export function rawEventsOf({ events }: Simulation): RawEvent[] {
  const seen = new Set<string>();
  const raw: RawEvent[] = [];
  for (const { id, type, occurredAt, recordedAt, data, decision } of events) {
    if (seen.has(id)) continue;
    seen.add(id);
    if (!isEventType(type)) throw new Error(`no such type: ${type}`);
    raw.push({
      id,
      type,
      sequence: raw.length + 1,
      occurredAt: Date.parse(occurredAt),
      recordedAt: Date.parse(recordedAt),
      data,
      ...(decision === undefined ? {} : { attribution: { decision } }),
    } as RawEvent);
  }
  return raw;
}

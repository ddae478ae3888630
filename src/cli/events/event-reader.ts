/** Where `events` reads from: a store, or a server. */
import type { EventJson } from "../../answers/event-json.ts";
import type { EventType } from "../../events/catalogue.ts";
import { parseAnyInstant } from "../../../projections/time/instant.ts";

/** Which events are wanted. */
export interface EventChoice {
  readonly stream?: string | undefined;
  readonly type?: EventType | undefined;
  readonly cluster?: string | undefined;
  /** `occurredAt`, half-open, milliseconds since the epoch. */
  readonly since?: number | undefined;
  readonly until?: number | undefined;
}

export interface EventPage {
  /** Only events with `after` < sequence ≤ `upTo`. */
  readonly after: number;
  readonly upTo: number;
  readonly limit: number;
  readonly order: "asc" | "desc";
}

export interface EventReader {
  /** The last sequence. */
  head(): Promise<number>;
  page(choice: EventChoice, page: EventPage): Promise<readonly EventJson[]>;
  /** Events after a position as they are appended, until the signal is aborted. */
  follow(choice: EventChoice, after: number, signal: AbortSignal): AsyncIterable<EventJson>;
}

/** Whether an event has the wanted stream and time. Type and cluster are filtered by the source. */
export function isChosen({ stream, since, until }: EventChoice, event: EventJson): boolean {
  const occurredAt = parseAnyInstant(event.occurredAt) ?? Number.NaN;
  return (
    (stream === undefined || event.stream === stream) &&
    (since === undefined || occurredAt >= since) &&
    (until === undefined || occurredAt < until)
  );
}

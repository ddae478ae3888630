/** A stored event as answers show it. */
import type { Decision, StoredEvent } from "../events/envelope.ts";
import { formatInstant } from "../../projections/time/instant.ts";

export interface EventJson {
  readonly id: string;
  readonly type: string;
  readonly schemaVersion: number;
  readonly occurredAt: string;
  readonly data: object;
  readonly stream: string;
  /** Decimal text: a revision may be beyond 2^53. */
  readonly revision: string;
  readonly sequence: number;
  readonly recordedAt: string;
  readonly actor?: string;
  readonly source?: string;
  readonly reason?: string;
  readonly ticket?: string;
  readonly correlationId?: string;
  readonly causationId?: string;
  readonly decision?: Decision;
}

export function eventJson(event: StoredEvent): EventJson {
  return {
    sequence: event.sequence,
    id: event.id,
    type: event.type,
    schemaVersion: event.schemaVersion,
    occurredAt: formatInstant(event.occurredAt),
    recordedAt: formatInstant(event.recordedAt),
    stream: event.stream,
    revision: event.revision.toString(),
    data: event.data,
    ...(event.attribution as Pick<EventJson, "actor" | "decision">),
  };
}

/** A stored event as a CloudEvent 1.0, in the form in which the ledger takes one. */
import { formatInstant } from "../../projections/time/instant.ts";
import type { StoredEvent } from "../events/envelope.ts";

/** Its media type where several are sent. */
export const cloudEventsType = "application/cloudevents-batch+json";

/** `origin` names the ledger: `source` and `id` together are a CloudEvent's identity. */
export function cloudEventJson(event: StoredEvent, origin: string): object {
  const { id, type, occurredAt, data, stream, sequence, schemaVersion } = event;
  const { correlationId, causationId, reason, ticket } = event.attribution;
  return {
    specversion: "1.0",
    id,
    source: origin,
    type: `io.fleetledger.${type}`,
    time: formatInstant(occurredAt),
    subject: stream,
    datacontenttype: "application/json",
    sequence: String(sequence),
    schemaversion: schemaVersion,
    ...(correlationId === undefined ? {} : { correlationid: correlationId }),
    ...(causationId === undefined ? {} : { causationid: causationId }),
    ...(reason === undefined ? {} : { reason }),
    ...(ticket === undefined ? {} : { ticket }),
    data,
  };
}

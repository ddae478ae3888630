/** An event of the ledger as a CloudEvent 1.0, as the ledger itself takes it in. */
import type { StoredEvent } from "../../events/envelope.ts";
import { formatInstant } from "../../../projections/time/instant.ts";

/** `origin` names the ledger; the sequence is text, since the extension of that name is. */
export function cloudEventOf(event: StoredEvent, origin: string): object {
  const { correlationId, causationId, reason, ticket } = event.attribution;
  return {
    specversion: "1.0",
    id: event.id,
    source: origin,
    type: `io.fleetledger.${event.type}`,
    time: formatInstant(event.occurredAt),
    datacontenttype: "application/json",
    sequence: String(event.sequence),
    schemaversion: event.schemaVersion,
    ...(correlationId === undefined ? {} : { correlationid: correlationId }),
    ...(causationId === undefined ? {} : { causationid: causationId }),
    ...(reason === undefined ? {} : { reason }),
    ...(ticket === undefined ? {} : { ticket }),
    data: event.data,
  };
}

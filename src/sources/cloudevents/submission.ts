/** A CloudEvent of this ledger's own types, as a sender would state it. */
import { LedgerError } from "../../errors.ts";
import { stableId } from "../../events/fields/stable-id.ts";
import { textAt } from "../config/template.ts";
import { type CloudEvent, invalidCloudEvent } from "./cloud-event.ts";
import { jsonDataOf } from "./json-data.ts";

const ownTypes = "io.fleetledger.";

/** Extensions that go to the envelope, by their names there. */
const extensions = {
  correlationid: "correlationId",
  causationid: "causationId",
  reason: "reason",
  ticket: "ticket",
} as const;

/** What `POST /v1/events` takes; or why the event is refused: of an unknown type, without a time, or with data that are no JSON. */
export function submissionOf(event: CloudEvent): object | LedgerError {
  const { type, id, source, time } = event;
  if (!type.startsWith(ownTypes)) {
    const detail = `the type "${type}" is neither io.fleetledger.TYPE nor that of a source`;
    return new LedgerError("unknown-event-type", detail, {
      errors: [{ path: "/type", message: detail }],
    });
  }
  if (typeof time !== "string")
    return invalidCloudEvent("/time", "is needed: the ledger invents no instant");
  const data = jsonDataOf(event);
  if (data instanceof LedgerError) return data;
  const said: Record<string, unknown> = {};
  for (const [extension, member] of Object.entries(extensions)) {
    const value = event[extension];
    if (value !== undefined && value !== null)
      said[member] = typeof value === "string" ? value : JSON.stringify(value);
  }
  const version = event["schemaversion"] ?? null;
  if (version !== null && !/^\d{1,9}$/.test(textAt(version, [])))
    return invalidCloudEvent("/schemaversion", "must be a whole number");
  return {
    id: stableId(["cloudevents", source, id]),
    type: type.slice(ownTypes.length),
    occurredAt: time,
    data,
    source,
    ...said,
    ...(version === null ? {} : { schemaVersion: Number(version) }),
  };
}

/** A CloudEvent of this ledger's own types, as a sender would state it. */
import { LedgerError } from "../../errors.ts";
import { stableId } from "../../events/fields/stable-id.ts";
import type { CloudEvent } from "./cloud-event.ts";

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
    return refusal("unknown-event-type", "/type", detail);
  }
  if (typeof time !== "string")
    return refusal("invalid-event", "/time", "is needed: the ledger invents no instant");
  const data = dataOf(event);
  if (data instanceof LedgerError) return data;
  const said: Record<string, unknown> = {};
  for (const [extension, member] of Object.entries(extensions)) {
    const value = event[extension];
    if (value !== undefined && value !== null)
      said[member] = typeof value === "string" ? value : JSON.stringify(value);
  }
  const version = event["schemaversion"];
  return {
    id: stableId(["cloudevents", source, id]),
    type: type.slice(ownTypes.length),
    occurredAt: time,
    data,
    source,
    ...said,
    ...(version === undefined || version === null ? {} : { schemaVersion: Number(version) }),
  };
}

function dataOf(event: CloudEvent): unknown {
  const { datacontenttype, data_base64: encoded } = event;
  const mediaType = (datacontenttype ?? "application/json").split(";")[0]?.trim().toLowerCase();
  if (mediaType !== "application/json" && mediaType?.endsWith("+json") !== true)
    return refusal("invalid-event", "/datacontenttype", "must be JSON");
  if (typeof encoded !== "string") return event["data"];
  try {
    return JSON.parse(Buffer.from(encoded, "base64").toString("utf8"));
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return refusal("invalid-event", "/data_base64", "is not JSON");
  }
}

function refusal(
  code: "invalid-event" | "unknown-event-type",
  path: string,
  message: string,
): LedgerError {
  const detail = code === "invalid-event" ? `invalid CloudEvent: ${path} ${message}` : message;
  return new LedgerError(code, detail, { errors: [{ path, message }] });
}

/** The data of a CloudEvent, which have to be JSON: as they stand in the event, or in base64. */
import { isUtf8 } from "node:buffer";
import { LedgerError, isLedgerError } from "../../errors.ts";
import { parseJsonText } from "../../json/json-text.ts";
import { maxPayloadMembers } from "../../limits/sources.ts";
import { type CloudEvent, invalidCloudEvent } from "./cloud-event.ts";

/** The data, `undefined` where it has none; or why they are no JSON. */
export function jsonDataOf(event: CloudEvent): unknown {
  const { datacontenttype, data_base64: encoded } = event;
  const mediaType = (datacontenttype ?? "application/json").split(";")[0]?.trim().toLowerCase();
  if (mediaType !== "application/json" && mediaType?.endsWith("+json") !== true)
    return invalidCloudEvent("/datacontenttype", "must be JSON");
  if (typeof encoded !== "string") return event["data"];
  const bytes = Buffer.from(encoded, "base64");
  if (!isUtf8(bytes)) return invalidCloudEvent("/data_base64", "is not UTF-8");
  try {
    return parseJsonText(bytes.toString("utf8"), { maxMembers: maxPayloadMembers });
  } catch (error) {
    if (!isLedgerError(error)) throw error;
    const [first] = error.errors;
    const where = first === undefined || first.path === "" ? "" : `${first.path} `;
    return invalidCloudEvent("/data_base64", `${where}${first?.message ?? "is not JSON"}`);
  }
}

/** The event with its data as JSON, as sources read it; or why it cannot be read. */
export function withJsonData(event: CloudEvent | LedgerError): CloudEvent | LedgerError {
  if (event instanceof LedgerError) return event;
  const data = jsonDataOf(event);
  return data instanceof LedgerError ? data : { ...event, data };
}

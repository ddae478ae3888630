/** CloudEvents 1.0: the form of one event, as the specification's JSON schema and its text say. */
import { z } from "zod";
import { inputErrors } from "../../events/check/input-errors.ts";
import { LedgerError } from "../../errors.ts";
import { parseAnyInstant } from "../../../projections/time/instant.ts";

const text = z.string().min(1);
const mediaType = /^[\w!#$%&'*+.^`|~-]+\/[\w!#$%&'*+.^`|~-]+(\s*;.*)?$/;
/** What a URI reference must not hold (RFC 3986, 2); the rest of its grammar takes nearly any text. */
const uriReference = text.regex(/^[^\s<>"{}|\\^`]+$/, "must be a URI reference");
const extensionName = /^[a-z0-9]+$/;

const attributes = z.looseObject({
  specversion: z.literal("1.0"),
  id: text,
  source: uriReference,
  type: text,
  datacontenttype: text
    .regex(mediaType, "must be a media type, such as application/json")
    .nullish(),
  dataschema: uriReference.regex(/^[A-Za-z][A-Za-z0-9+.-]*:/, "must be an absolute URI").nullish(),
  subject: text.nullish(),
  time: text
    .refine((value) => parseAnyInstant(value) !== null, "must be an RFC 3339 instant")
    .nullish(),
  data_base64: z.base64().nullish(),
});

export type CloudEvent = z.output<typeof attributes>;

const known: ReadonlySet<string> = new Set([...Object.keys(attributes.shape), "data"]);

/** The event, or why it is none. */
export function readCloudEvent(value: unknown): CloudEvent | LedgerError {
  const parsed = attributes.safeParse(value, { reportInput: true });
  if (!parsed.success) {
    const errors = inputErrors(parsed.error.issues, "");
    const [first] = errors;
    const detail = `invalid CloudEvent: ${first?.path ?? ""} ${first?.message ?? ""}`;
    return new LedgerError("invalid-event", detail.trim(), { errors });
  }
  const event = parsed.data;
  for (const [name, extension] of Object.entries(event)) {
    const error = known.has(name) ? null : extensionError(name, extension);
    if (error !== null) return invalidCloudEvent(`/${name}`, error);
  }
  if (event["data"] !== undefined && typeof event.data_base64 === "string")
    return invalidCloudEvent("/data_base64", "stands beside data, and only one of them is allowed");
  return event;
}

function extensionError(name: string, value: unknown): string | null {
  if (!extensionName.test(name)) return "is no name of an attribute: lower-case letters and digits";
  const isPlain = value === null || typeof value === "string" || typeof value === "boolean";
  return isPlain || Number.isInteger(value) ? null : "must be a text, a boolean or a whole number";
}

/** Why it is none, or cannot be taken. */
export function invalidCloudEvent(path: string, message: string): LedgerError {
  const errors = [{ path, message }];
  return new LedgerError("invalid-event", `invalid CloudEvent: ${path} ${message}`, { errors });
}

/** CloudEvents over HTTP: structured, in a batch, or binary with the attributes in headers. */
import { LedgerError } from "../../errors.ts";
import { type CloudEvent, readCloudEvent } from "./cloud-event.ts";

/** A request's content type, its headers by lower-case name, and its parsed body. */
export interface CloudRequest {
  readonly contentType: string;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: unknown;
}

/** The events of a request, or of a batch why some are none; `single` says that it is no batch. */
interface CloudEvents {
  readonly single: boolean;
  readonly events: readonly (CloudEvent | LedgerError)[];
}

/** Throws `unsupported-media-type` for what is no CloudEvent, and `invalid-request` for a batch that is no list. */
export function readCloudEvents({ contentType, headers, body }: CloudRequest): CloudEvents {
  const mediaType = (contentType.split(";")[0] ?? "").trim().toLowerCase();
  if (mediaType === "application/cloudevents-batch+json") return readBatch(body);
  if (mediaType === "application/cloudevents+json")
    return { single: true, events: [readCloudEvent(body)] };
  if (headers["ce-specversion"] === undefined) {
    const detail = `a CloudEvent has the content type application/cloudevents+json or the header ce-specversion, not ${mediaType}`;
    throw new LedgerError("unsupported-media-type", detail);
  }
  return { single: true, events: [readBinary(mediaType, contentType, headers, body)] };
}

function readBatch(body: unknown): CloudEvents {
  if (!Array.isArray(body))
    throw new LedgerError("invalid-request", "a batch of CloudEvents is a list");
  return { single: false, events: body.map(readCloudEvent) };
}

const prefix = "ce-";

function readBinary(
  mediaType: string,
  contentType: string,
  headers: CloudRequest["headers"],
  body: unknown,
): CloudEvent | LedgerError {
  if (mediaType.startsWith("application/cloudevents"))
    return new LedgerError(
      "unsupported-media-type",
      `${mediaType} is no known form of CloudEvents`,
    );
  const event: Record<string, unknown> = mediaType === "" ? {} : { datacontenttype: contentType };
  for (const [name, value] of Object.entries(headers)) {
    if (!name.startsWith(prefix) || value === undefined) continue;
    const decoded = decodeValue(value);
    if (decoded === null) {
      const message = "is not percent-encoded UTF-8";
      const errors = [{ path: `/${name}`, message }];
      return new LedgerError("invalid-event", `invalid CloudEvent: ${name} ${message}`, { errors });
    }
    event[name.slice(prefix.length)] = decoded;
  }
  return readCloudEvent(body === undefined ? event : { ...event, data: body });
}

/** A quoted text is unescaped first, then everything is percent-decoded once; `null` if that gives no UTF-8. */
function decodeValue(value: string): string | null {
  const [, quoted] = /^"((?:[^"\\]|\\.)*)"$/.exec(value.trim()) ?? [];
  const plain = quoted === undefined ? value.trim() : quoted.replaceAll(/\\(.)/g, "$1");
  try {
    return decodeURIComponent(plain);
  } catch (error) {
    if (error instanceof URIError) return null;
    throw error;
  }
}

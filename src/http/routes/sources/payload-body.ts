/** The body of a request to a source, in the form that its kind takes. */
import { isUtf8 } from "node:buffer";
import type { Readable } from "node:stream";
import { LedgerError } from "../../../errors.ts";
import { maxPayloadMembers } from "../../../limits/sources.ts";
import type { Source } from "../../../sources/config/sources-file.ts";
import type { BodyIntake } from "../../bodies/body-intake.ts";
import { wholeBody } from "../../bodies/body-reading.ts";
import { parseJsonText } from "../../bodies/json-body.ts";
import type { ApiRequest } from "../../server/api.ts";

export function mediaTypeOf({ headers }: Pick<ApiRequest, "headers">): string {
  return (headers["content-type"] ?? "").split(";")[0]?.trim().toLowerCase() ?? "";
}

const jsonTypes = ["application/json"];
export const lineTypes = ["application/x-ndjson", "application/ndjson", "application/jsonl"];
const cloudTypes = ["application/cloudevents+json", "application/cloudevents-batch+json"];
const textTypes = ["text/plain", "text/csv"];

/** The media types of a kind, the usual one first; CloudEvents in binary mode have any JSON type. */
export const typesOfKind: Readonly<Record<Source["kind"], readonly string[]>> = {
  alertmanager: jsonTypes,
  "azure-scheduled-events": jsonTypes,
  "azure-resource-health": [...cloudTypes, ...jsonTypes],
  "slurm-events": textTypes,
  "slurm-jobs": textTypes,
  kubernetes: [...jsonTypes, ...lineTypes],
  csv: textTypes,
  nvsentinel: [...cloudTypes, ...jsonTypes],
};

/** Throws `unsupported-media-type`, which names those that the source takes. */
export function checkMediaType(request: ApiRequest, { kind, name }: Source): void {
  const given = mediaTypeOf(request);
  const taken = typesOfKind[kind];
  if (taken.includes(given)) return;
  const detail = `The source ${name} takes ${taken.join(", ")}, not ${given === "" ? "a body without Content-Type" : given}.`;
  const errors = [{ path: "/header/content-type", message: `must be ${taken.join(" or ")}` }];
  throw new LedgerError("unsupported-media-type", detail, { errors });
}

/** The whole body as text. Throws `too-large`, `malformed-json` for what is not UTF-8. */
export async function bodyText(bodies: BodyIntake, request: ApiRequest): Promise<string> {
  const { body } = request;
  if (body === undefined || body === null)
    throw new LedgerError("invalid-request", "The request has no body.");
  const bytes = await wholeBody(bodies, request.raw, body as Readable);
  if (isUtf8(bytes)) return bytes.toString("utf8");
  throw new LedgerError("malformed-json", "The text is not UTF-8.");
}

export function payloadJson(text: string): unknown {
  return parseJsonText(text, { maxMembers: maxPayloadMembers });
}

/** One header value by name, as CloudEvents in binary mode have them. */
export function plainHeaders({ headers }: ApiRequest): Record<string, string | undefined> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.join(", ") : value,
    ]),
  );
}

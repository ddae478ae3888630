/** The body of a request to a source, in the form that its kind takes. */
import { LedgerError } from "../../../errors.ts";
import type { Source } from "../../../sources/config/sources-file.ts";
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

/** One header value by name, as CloudEvents in binary mode have them. */
export function plainHeaders({ headers }: ApiRequest): Record<string, string | undefined> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.join(", ") : value,
    ]),
  );
}

/** Who sends a payload: what its events say as their actor. */
import type { Source } from "../../../sources/config/sources-file.ts";
import { sourceTag } from "../../../sources/reconcile/names.ts";
import type { ApiRequest } from "../../server/api.ts";

/** While keys have no names, the source itself; CloudEvents of the ledger's own types have none. */
export function senderOf(_request: ApiRequest, source: Source | null): string {
  return source === null ? "cloudevents" : sourceTag(source);
}

/** Who sends a payload: what its events say as their actor. */
import type { Source } from "../../../sources/config/sources-file.ts";
import { sourceTag } from "../../../sources/reconcile/names.ts";
import type { ApiRequest } from "../../server/api.ts";

/** The key's name; where nobody needs a key the source itself, and CloudEvents of the ledger's own types have none. */
export function senderOf({ access }: Pick<ApiRequest, "access">, source: Source | null): string {
  const name = access?.name ?? null;
  if (name !== null) return name;
  return source === null ? "cloudevents" : sourceTag(source);
}

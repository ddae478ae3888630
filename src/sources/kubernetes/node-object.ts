/** A Node as the API server shows it, and the node that the ledger knows it as. */
import { parseInstant } from "../../../projections/time/instant.ts";
import { memberAt } from "../config/template.ts";

export interface NodeObject {
  readonly object: Readonly<Record<string, unknown>>;
  /** Where it stands in the payload. */
  readonly path: string;
  readonly cluster: string;
  readonly node: string;
}

export function instantAt(object: unknown, path: readonly string[]): number | null {
  const value = memberAt(object, path);
  return typeof value === "string" ? parseInstant(value) : null;
}

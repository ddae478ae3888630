/** The errors of a store that refuses all appends. */
import { LedgerError } from "../errors.ts";
import type { AppendOutcome, StreamAppend } from "./port.ts";

export function closed(): LedgerError {
  return new LedgerError("store-unavailable", "the ledger was closed");
}

export function readOnly(description: string): LedgerError {
  return new LedgerError("read-only", `${description} is open read-only`);
}

export function refused(parts: readonly StreamAppend[], error: LedgerError): AppendOutcome[] {
  return parts.map(() => ({ ok: false, error }));
}

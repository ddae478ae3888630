/** What a ledger adds to an SLA document. */
import type { SlaDocument } from "../../projections/document/catalogue.ts";
import type { ValuesOf } from "../../projections/document/entry/field.ts";
import type { ledgerFields } from "../../projections/document/sections/head.ts";
import type { Ledger } from "./ledger.ts";

/** An SLA document as a ledger gives it. */
export type LedgerSlaDocument = SlaDocument & ValuesOf<typeof ledgerFields>;

/** The document, with what its reader must know about the ledger. */
export function saidByLedger(
  ledger: Pick<Ledger, "timestampsPreserved">,
  document: SlaDocument,
): LedgerSlaDocument {
  return ledger.timestampsPreserved() ? { ...document, recordedAtKept: true } : document;
}

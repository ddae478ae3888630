/** What a ledger says with an SLA document beyond the figures. */
import type { SlaDocument } from "../../projections/document/catalogue.ts";
import type { ValuesOf } from "../../projections/document/entry/field.ts";
import type { ledgerFields } from "../../projections/document/sections/head.ts";
import type { Ledger } from "./ledger.ts";

/** An SLA document as a ledger gives it. */
export type LedgerSlaDocument = SlaDocument & ValuesOf<typeof ledgerFields>;

/** The document with what its reader must know of the ledger that it comes from. */
export function saidByLedger(
  ledger: Pick<Ledger, "timestampsPreserved">,
  document: SlaDocument,
): LedgerSlaDocument {
  return ledger.timestampsPreserved() ? { ...document, recordedAtKept: true } : document;
}

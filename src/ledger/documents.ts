/** What a ledger says with an SLA document beyond the figures. */
import type { SlaDocument } from "../../projections/document/sla-document.ts";
import type { Ledger } from "./ledger.ts";

/** An SLA document as a ledger gives it. */
export interface LedgerSlaDocument extends SlaDocument {
  /** Recorded times were kept from elsewhere by an import into the empty ledger; left out if they are the ledger's own. */
  readonly recordedAtKept?: true;
}

/** The document with what its reader must know of the ledger that it comes from. */
export function saidByLedger(
  ledger: Pick<Ledger, "timestampsPreserved">,
  document: SlaDocument,
): LedgerSlaDocument {
  return ledger.timestampsPreserved() ? { ...document, recordedAtKept: true } : document;
}

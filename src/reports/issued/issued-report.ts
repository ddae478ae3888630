/** An issued report: the SLA document with the position that it was issued at, as canonical bytes. */
import { hash } from "node:crypto";
import type { ClusterView } from "../../../projections/view.ts";
import type { ValueOf } from "../../../projections/document/entry/field.ts";
import type { issuedField } from "../../../projections/document/sections/head.ts";
import type { SlaDocument } from "../../../projections/document/catalogue.ts";
import { slaDocument, slaDocumentInSteps } from "../../../projections/document/sla-document.ts";
import type { DataOf } from "../../events/catalogue.ts";
import type { LedgerSlaDocument } from "../../ledger/documents.ts";
import type { Steps } from "../../turns.ts";
import { zonesInForce } from "../../zones/zones.ts";

export type IssuedDocument = LedgerSlaDocument & { readonly issued: ValueOf<typeof issuedField> };

/** What of a `ReportIssued` decides the document's bytes. */
export type ReportInputs = Pick<
  DataOf<"ReportIssued">,
  "report" | "cluster" | "period" | "sequence" | "tzdata" | "treeHead" | "recordedAtKept"
>;

/** The document of a report from the view as of the report's position. Throws as `slaDocument` does. */
export function issuedDocument(view: ClusterView, inputs: ReportInputs): IssuedDocument {
  const zones = zonesInForce(inputs.tzdata);
  const { label: period, zone } = inputs.period;
  return asIssued(slaDocument(view, { period, zone }, zones), inputs);
}

/** The same in steps. */
export function* issuedDocumentInSteps(
  view: ClusterView,
  inputs: ReportInputs,
): Steps<IssuedDocument> {
  const { label: period, zone } = inputs.period;
  const zones = zonesInForce(inputs.tzdata);
  return asIssued(yield* slaDocumentInSteps(view, { period, zone }, zones), inputs);
}

/** The document with what its issue adds. */
export function asIssued(document: SlaDocument, inputs: ReportInputs): IssuedDocument {
  return {
    ...document,
    ...(inputs.recordedAtKept === true ? { recordedAtKept: true } : {}),
    issued: { report: inputs.report, treeHead: inputs.treeHead },
  };
}

/** SHA-256 of a text's UTF-8 bytes, in hexadecimal. */
export function sha256Hex(text: string): string {
  return hash("sha256", text, "hex");
}

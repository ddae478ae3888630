/** An issued report: the SLA document and the position at which it was issued, as canonical bytes. */
import { hash } from "node:crypto";
import type { ClusterView } from "../../../projections/view.ts";
import type { ValueOf } from "../../../projections/document/entry/field.ts";
import type { issuedField } from "../../../projections/document/sections/head.ts";
import type { SlaDocument } from "../../../projections/document/catalogue.ts";
import type { DefinitionsVersion } from "../../../projections/document/entry/definitions.ts";
import { definitionsNamed } from "../../../projections/document/entry/since.ts";
import { slaDocument, slaDocumentInSteps } from "../../../projections/document/sla-document.ts";
import type { DataOf } from "../../events/catalogue.ts";
import { LedgerError } from "../../errors.ts";
import type { LedgerSlaDocument } from "../../ledger/documents.ts";
import type { Steps } from "../../turns.ts";
import { zonesInForce } from "../../zones/zones.ts";

export type IssuedDocument = LedgerSlaDocument & { readonly issued: ValueOf<typeof issuedField> };

/** The members of `ReportIssued` that determine the document's bytes. */
export type ReportInputs = Pick<
  DataOf<"ReportIssued">,
  | "report"
  | "cluster"
  | "period"
  | "sequence"
  | "tzdata"
  | "treeHead"
  | "recordedAtKept"
  | "definitions"
>;

/**
 * The document of a report, by the definitions that it was issued with; `view` must be as of the report's position.
 * Throws what `slaDocument` throws, and `report-differs` if these definitions are unknown.
 */
export function issuedDocument(view: ClusterView, inputs: ReportInputs): IssuedDocument {
  const zones = zonesInForce(inputs.tzdata);
  const { label: period, zone } = inputs.period;
  const definitions = definitionsOf(inputs);
  return asIssued(slaDocument(view, { period, zone, definitions }, zones), inputs);
}

/** The definitions that a report was issued with. Throws `report-differs` if this program does not know them. */
export function definitionsOf({
  report,
  definitions,
}: Pick<ReportInputs, "report" | "definitions">): DefinitionsVersion {
  const known = definitionsNamed(definitions);
  if (known !== null) return known;
  throw new LedgerError(
    "report-differs",
    `The report ${report} was issued by the definitions "${definitions}", which this version of fleetledger does not know. Use the version that issued it, or a newer one.`,
    { extra: { report } },
  );
}

/** The same in steps. */
export function* issuedDocumentInSteps(
  view: ClusterView,
  inputs: ReportInputs,
): Steps<IssuedDocument> {
  const { label: period, zone } = inputs.period;
  const zones = zonesInForce(inputs.tzdata);
  const definitions = definitionsOf(inputs);
  const request = { period, zone, definitions };
  return asIssued(yield* slaDocumentInSteps(view, request, zones), inputs);
}

/** The document with the members that issuing adds. */
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

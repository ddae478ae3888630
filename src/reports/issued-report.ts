/** An issued report: the SLA document with the place that it was issued at, as canonical bytes. */
import { hash } from "node:crypto";
import type { ClusterView } from "../../projections/view.ts";
import { type SlaDocument, slaDocument } from "../../projections/document/sla-document.ts";
import type { DataOf } from "../events/catalogue.ts";
import { zonesInForce } from "../zones/zones.ts";

export interface IssuedDocument extends SlaDocument {
  /** As of the ledger's other documents: left out if the recorded times are its own. */
  readonly recordedAtKept?: true;
  readonly issued: {
    /** The report's id. */
    readonly report: string;
    /** The tree over the events that went in: size is the position, root in hexadecimal. */
    readonly treeHead: { readonly size: number; readonly rootHash: string };
  };
}

/** What of a `ReportIssued` decides the document's bytes. */
export type ReportInputs = Pick<
  DataOf<"ReportIssued">,
  "report" | "cluster" | "period" | "sequence" | "tzdata" | "treeHead" | "recordedAtKept"
>;

/** The document of a report from the view as of the report's position. Throws as `slaDocument` does. */
export function issuedDocument(view: ClusterView, inputs: ReportInputs): IssuedDocument {
  const zones = zonesInForce(inputs.tzdata);
  const { label: period, zone } = inputs.period;
  const document = slaDocument(view, { period, zone }, zones);
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

/** Whether an issued report would say the same at a later position. */
import { slaDocumentInSteps } from "../../../projections/document/sla-document.ts";
import type { Ledger } from "../../ledger/ledger.ts";
import { stepsInTurns } from "../../turns.ts";
import { zonesInForce } from "../../zones/zones.ts";
import { canonicalInSteps } from "../document-text.ts";
import type { IssuedReport } from "../issued/issue.ts";
import { asIssued, definitionsOf, sha256Hex } from "../issued/issued-report.ts";

/**
 * Of the members of a document only the position and what issuing adds are no figures. With those of the issue, the bytes
 * are the same if and only if every figure is: one document is computed, not two that are compared.
 */
export async function saysTheSame(
  ledger: Ledger,
  { data }: IssuedReport,
  upTo: number,
): Promise<boolean> {
  const { label: period, zone } = data.period;
  const definitions = definitionsOf(data);
  const now = await ledger.answerInSteps(data.cluster, upTo, (view) =>
    slaDocumentInSteps(view, { period, zone, definitions }, zonesInForce(view.zoneTable)),
  );
  const document = asIssued({ ...now, asOf: { sequence: data.sequence } }, data);
  return sha256Hex(await stepsInTurns(canonicalInSteps(document))) === data.sha256;
}

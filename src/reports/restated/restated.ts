/** An issued report beside the same report restated. */
import type { Ledger } from "../../ledger/ledger.ts";
import { comparisonJson } from "./difference-json.ts";
import type { IssuedReport } from "../issued/issue.ts";
import { definitionsOf } from "../issued/issued-report.ts";
import { reissue } from "../issued/issue.ts";
import { reportJson } from "../issued/report-json.ts";
import { comparePositions } from "./restate.ts";

export type RestatedJson = Awaited<ReturnType<typeof restatedReport>>["answer"];

/**
 * The report as of a later position, the report as issued, and every difference. Both use the definitions that it was
 * issued with, so that only events cause differences. Throws `report-differs`.
 */
export async function restatedReport(
  ledger: Ledger,
  issued: IssuedReport,
  to: number,
  signal: AbortSignal,
) {
  const { sequence: from, cluster, period } = issued.data;
  const { document } = await reissue(ledger, issued);
  const definitions = definitionsOf(issued.data);
  const compared = { cluster, period: period.label, zone: period.zone, definitions, from, to };
  const comparison = await comparePositions(ledger, compared, { signal });
  const answer = {
    issued: reportJson(issued),
    asOf: { sequence: to },
    ...comparisonJson(comparison),
    restated: comparison.after,
  };
  return { document, answer };
}

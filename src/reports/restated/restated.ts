/** An issued report beside how it comes out now. */
import type { Ledger } from "../../ledger/ledger.ts";
import { comparisonJson } from "./difference-json.ts";
import type { IssuedReport } from "../issued/issue.ts";
import { definitionsOf } from "../issued/issued-report.ts";
import { reissue } from "../issued/issue.ts";
import { reportJson } from "../issued/report-json.ts";
import { comparePositions } from "./restate.ts";

export type RestatedJson = Awaited<ReturnType<typeof restatedReport>>["answer"];

/**
 * The report as of a later position: as it was issued, and every difference. Both are by the definitions that it was
 * issued by, so that only events make differences. Throws `report-differs`.
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

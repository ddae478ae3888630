/** An issued report and what it would say at the page's position. */
import { LedgerError } from "../../../errors.ts";
import type { IssuedReport } from "../../../reports/issued/issue.ts";
import { findReport } from "../../../reports/issued/issue.ts";
import { restatedReport } from "../../../reports/restated/restated.ts";
import type { PageContext } from "../../frame/page.ts";
import { pathSegment } from "../../../path-segment.ts";

/** The report that the page's address names. Throws `not-found` if it was not issued up to the position. */
export function reportOf(context: PageContext): Promise<IssuedReport> {
  const { ledger, stand, params } = context;
  const report = params["report"] ?? "";
  return context.shared(`report ${report}`, async () => {
    const issued = await findReport(ledger, report);
    if (issued !== null && issued.event.sequence <= stand.sequence) return issued;
    throw new LedgerError(
      "not-found",
      `No report "${report}" was issued up to sequence ${stand.sequence}.`,
    );
  });
}

/** Both documents and every difference, each with its events. Throws `report-differs`. */
export async function restatedOf(context: PageContext) {
  const issued = await reportOf(context);
  const { ledger, stand } = context;
  return await context.shared(`restated ${issued.data.report}`, () =>
    // Viewers share it, so that nobody's leaving ends it; the documents that it computes are bounded.
    restatedReport(ledger, issued, stand.sequence, new AbortController().signal),
  );
}

/** The address at which the interface gives the same comparison. */
export function restatedSource(context: PageContext, more: Record<string, string> = {}): string {
  const report = pathSegment(context.params["report"] ?? "");
  return context.api(`/v1/reports/${report}/restated`, more);
}

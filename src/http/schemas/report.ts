/** Issued reports in answers. */
import { z } from "zod";
import { instantText } from "../../answers/schemas.ts";

export const reportSummary = z
  .strictObject({
    report: z.string().describe("The report's id."),
    cluster: z.string(),
    period: z.strictObject({
      label: z.string(),
      from: instantText,
      to: instantText,
      zone: z.string(),
    }),
    sequence: z.int().describe("The ledger position at which it was computed."),
    sha256: z.string().describe("SHA-256 of the document's bytes, in hexadecimal."),
    treeHead: z.strictObject({ size: z.int(), rootHash: z.string() }),
    definitions: z.string(),
    tzdata: z.string(),
    policyEventId: z.string().nullable(),
    issuedAt: instantText.describe("When the ledger recorded the issue."),
    eventId: z.string(),
    eventSequence: z.int(),
    location: z.string(),
    actor: z.string().optional(),
    reason: z.string().optional(),
  })
  .meta({ id: "ReportSummary" });

export const newReport = reportSummary
  .extend({
    complete: z
      .boolean()
      .describe(
        "Whether the period was over when the report was issued. If not, the report ends at the ledger time of that position: `period.to`.",
      ),
  })
  .meta({ id: "NewReport" });

/** `POST /v1/reports`: issues a report. */
import { z } from "zod";
import { issueReport, newReportJson } from "../../../reports/issued/issue.ts";
import { longText, text } from "../../../events/fields/fields.ts";
import { maxReadWaitMs } from "../../../limits/requests.ts";
import type { ApiContext } from "../context.ts";
import type { Api } from "../../server/api.ts";
import { idempotencyKeyPointer, keyedId } from "../../query/idempotency-key.ts";
import { sequenceHeader } from "../../query/position.ts";
import { periodForms } from "../../../reports/period-forms.ts";
import { cluster, positionQuery, windowQuery } from "../../query/query.ts";
import { documented, problemAnswers } from "../../../answers/schemas.ts";
import { reportAddress } from "../../../reports/issued/report-json.ts";
import { newReport } from "../../schemas/report.ts";

const { zone } = windowQuery;
const { minSequence } = positionQuery;

export const reportId = z
  .string()
  .regex(
    /^[\w.:-]{1,128}$/,
    "must be 1 to 128 letters, digits, dots, colons, dashes or underscores",
  );

const body = z.strictObject({
  cluster,
  period: z
    .string()
    .min(3)
    .max(80)
    .describe(`${periodForms}. The report names the resulting period.`),
  zone,
  report: reportId.optional().describe("The report's id. Default: a new UUID."),
  actor: text.optional().describe("Who issues it."),
  reason: longText.optional(),
  ticket: text.optional(),
});

const answer = {
  content: { "application/json": { schema: newReport } },
};

export function issueRoutes(app: Api, { ledger, audit, clock }: ApiContext): void {
  app.post(
    "/v1/reports",
    {
      schema: {
        operationId: "issueReport",
        summary: "Issue the report of a period",
        tags: ["reports"],
        description:
          "Writes `ReportIssued`: the inputs, the hash of the document's bytes and the tree head, as of the newest position. A request repeated with the same `report` (or the same `Idempotency-Key`) and the same inputs gets the first answer again.",
        querystring: z.strictObject({ minSequence }),
        body,
        response: documented({
          200: { description: "Already issued.", ...answer },
          201: { description: "Issued; `Location` has its document.", ...answer },
          ...problemAnswers,
        }),
      },
    },
    async (request, reply) => {
      const { minSequence: least } = request.query;
      if (least !== undefined) await ledger.waitFor(least, maxReadWaitMs);
      const { actor, reason, ticket, report, ...inputs } = request.body;
      const attribution = {
        ...(actor === undefined ? {} : { actor }),
        ...(reason === undefined ? {} : { reason }),
        ...(ticket === undefined ? {} : { ticket }),
      };
      const named =
        report === undefined
          ? { report: keyedId(request), pointer: idempotencyKeyPointer }
          : { report };
      const order = { ...inputs, ...named, attribution };
      const issuing = { ledger, tree: await audit.tree(), clock };
      const { isNew, ...issued } = await issueReport(issuing, order);
      reply
        .code(isNew ? 201 : 200)
        .header("location", reportAddress(issued.data.report))
        .header(sequenceHeader, String(issued.event.sequence));
      return newReportJson(ledger, issued);
    },
  );
}

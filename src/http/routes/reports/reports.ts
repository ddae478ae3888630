/** Issued reports: their list, the exact bytes of one, and the report restated as of now. */
import { z } from "zod";
import type { IssuedReport } from "../../../reports/issued/issue.ts";
import { findReport, reissue } from "../../../reports/issued/issue.ts";
import { reportPage } from "../../../reports/issued/list.ts";
import { reportJson } from "../../../reports/issued/report-json.ts";
import { restatedReport } from "../../../reports/restated/restated.ts";
import { issuedReportPage } from "../../../reports/html/report-page.ts";
import { restatedPage } from "../../../reports/html/restated-page.ts";
import { LedgerError } from "../../../errors.ts";
import type { Ledger } from "../../../ledger/ledger.ts";
import { maxReportsPerPage } from "../../../limits/reports.ts";
import { defaultPageSize } from "../../../limits/requests.ts";
import { whileWaitedFor } from "../../server/client-gone.ts";
import type { ApiContext } from "../context.ts";
import type { Api, ApiReply } from "../../server/api.ts";
import { restatedCsvInSteps } from "../../../reports/csv/restated-csv.ts";
import { comparisonSchema } from "../../../reports/restated/difference-json.ts";
import { lastEventOf } from "../../../answers/last-event.ts";
import { asOf, positionOf, reachStart, requireReached } from "../../query/position.ts";
import { isLookBack } from "../../../answers/look-back.ts";
import { checkPosition, cluster, positionQuery, wholeNumber } from "../../query/query.ts";
import {
  formatOf,
  formatParameter,
  sendCsv,
  sendHtml,
  sendJson,
} from "../../query/representation.ts";
import { answers, documented, position, problemAnswers } from "../../../answers/schemas.ts";
import { reportSummary } from "../../schemas/report.ts";
import { issuedDocument, slaDocument } from "../../schemas/sla.ts";
import { jsonInSteps } from "../../../reports/document-text.ts";
import { slaCsvInSteps } from "../../../reports/csv/sla-csv.ts";
import { reportId } from "./issue.ts";

const listQuery = z
  .strictObject({
    ...positionQuery,
    cluster: cluster.optional().describe("Only reports of this cluster."),
    after: wholeNumber(
      0,
      Number.MAX_SAFE_INTEGER,
      "Only reports issued after this sequence. A sequence past the read's position is an error.",
    ).optional(),
    limit: wholeNumber(1, maxReportsPerPage, "Maximum number of reports on a page.").optional(),
  })
  .superRefine(checkPosition);
/** The first is the default. */
const formats = ["json", "csv", "html"] as const;
const documentQuery = z
  .strictObject({ ...positionQuery, format: formatParameter(formats) })
  .superRefine(checkPosition);
const path = z.strictObject({ report: reportId });
const csvAndHtml = {
  "text/csv": { schema: z.string() },
  "text/html": { schema: z.string() },
};
const page = z.strictObject({
  asOf: position,
  reports: z.array(reportSummary),
  next: z.string().nullable().describe("The address of the next page; null on the last page."),
});

export function reportRoutes(app: Api, context: ApiContext): void {
  listRoute(app, context);
  documentRoute(app, context);
  restatedRoute(app, context);
}

function listRoute(app: Api, { ledger, stopping }: ApiContext): void {
  app.get(
    "/v1/reports",
    {
      schema: {
        operationId: "listReports",
        summary: "Issued reports, in the order in which they were issued",
        tags: ["reports"],
        querystring: listQuery,
        response: answers("A page of reports.", page),
      },
    },
    async (request, reply) => {
      const { cluster: name, after = 0, limit = defaultPageSize } = request.query;
      const isPast = isLookBack(request.query);
      if (!isPast) await reachStart(ledger, after, "/query/after", app.readWaitMs);
      const sequence = await positionOf(ledger, request.query, reply);
      requireReached("after", after, sequence);
      const { reports, next } = await reportPage(ledger.store, {
        cluster: name,
        after,
        upTo: sequence,
        limit,
        signal: whileWaitedFor(reply, stopping),
      });
      const more = new URLSearchParams({
        asOf: String(sequence),
        limit: String(limit),
        ...(name === undefined ? {} : { cluster: name }),
        after: String(next),
      });
      return {
        asOf: asOf(sequence),
        reports,
        next: next === null ? null : `/v1/reports?${more.toString()}`,
      };
    },
  );
}

function documentRoute(app: Api, { ledger }: ApiContext): void {
  app.get(
    "/v1/reports/:report",
    {
      schema: {
        operationId: "getReport",
        summary: "An issued report: the exact bytes whose hash was recorded",
        tags: ["reports"],
        description:
          "Recomputed as of its position and compared with the hash. If they differ, the answer is a problem document, never the report.",
        params: path,
        querystring: documentQuery,
        response: documented({
          200: {
            description: "The document: canonical JSON (RFC 8785), CSV, or a page to print.",
            content: {
              "application/json": { schema: issuedDocument },
              ...csvAndHtml,
            },
          },
          ...problemAnswers,
        }),
      },
    },
    async (request, reply) => {
      const format = formatOf(request.query.format, formats, request, reply);
      const { issued } = await reportAt(ledger, request, reply);
      const { document, bytes } = await reissue(ledger, issued);
      if (format === "csv")
        return await sendCsv(reply, `report-${issued.data.report}`, slaCsvInSteps(document));
      if (format === "html")
        return await sendHtml(reply, issuedReportPage(document, reportJson(issued)));
      const digest = Buffer.from(issued.data.sha256, "hex").toString("base64");
      return reply
        .type("application/json; charset=utf-8")
        .header("repr-digest", `sha-256=:${digest}:`)
        .serializer(String)
        .send(bytes);
    },
  );
}

function restatedRoute(app: Api, { ledger, stopping }: ApiContext): void {
  app.get(
    "/v1/reports/:report/restated",
    {
      schema: {
        operationId: "restateReport",
        summary: "An issued report recomputed now, with every difference and the events behind it",
        tags: ["reports"],
        params: path,
        querystring: documentQuery,
        response: documented({
          200: {
            description: "The report restated at the newest position, or at `asOf`.",
            content: {
              "application/json": {
                schema: comparisonSchema.extend({
                  issued: reportSummary,
                  asOf: position,
                  restated: slaDocument
                    .nullable()
                    .describe("null if no report can be given at the later position."),
                }),
              },
              ...csvAndHtml,
            },
          },
          ...problemAnswers,
        }),
      },
    },
    async (request, reply) => {
      const format = formatOf(request.query.format, formats, request, reply);
      const { issued, sequence: to } = await reportAt(ledger, request, reply);
      const signal = whileWaitedFor(reply, stopping);
      const { document, answer } = await restatedReport(ledger, issued, to, signal);
      const fileName = `report-${issued.data.report}-restated`;
      if (format === "csv")
        return await sendCsv(
          reply,
          fileName,
          restatedCsvInSteps(answer.differences, answer.restated),
        );
      if (format === "json") return await sendJson(reply, jsonInSteps(answer));
      const lastEvent = lastEventOf(ledger, request.query, to);
      return await sendHtml(reply, restatedPage(document, answer, lastEvent));
    },
  );
}

/**
 * The report and the position at which it is read. A report that was issued after the views' position is read at its
 * own position. A read that looks back to before the issue does not find it.
 */
async function reportAt(
  ledger: Ledger,
  { params, query }: { params: z.output<typeof path>; query: z.output<typeof documentQuery> },
  reply: ApiReply,
): Promise<{ readonly issued: IssuedReport; readonly sequence: number }> {
  const issued = await findReport(ledger, params.report);
  const issuedAt = issued?.event.sequence ?? 0;
  const least = isLookBack(query) ? 0 : issuedAt;
  const minSequence = Math.max(query.minSequence ?? 0, least);
  const sequence = await positionOf(ledger, { ...query, minSequence }, reply);
  if (issued !== null && issuedAt <= sequence) return { issued, sequence };
  throw new LedgerError(
    "not-found",
    `No report "${params.report}" was issued up to sequence ${sequence}.`,
  );
}

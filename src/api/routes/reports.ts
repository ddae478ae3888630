/** Issued reports: the list, the very bytes of one, and how it would come out now. */
import { z } from "zod";
import type { IssuedReport } from "../../audit/issue.ts";
import { findReport, reissue } from "../../audit/issue.ts";
import { comparePositions } from "../../audit/restate.ts";
import { issuedReportPage } from "../../dashboard/report-page.ts";
import { restatedPage } from "../../dashboard/restated-page.ts";
import { LedgerError } from "../../errors.ts";
import type { DataOf } from "../../events/catalogue.ts";
import type { Ledger } from "../../ledger/ledger.ts";
import { defaultPageSize, maxReportsPerPage } from "../../limits.ts";
import type { Api, ApiContext, ApiReply } from "../context.ts";
import { differenceCsv } from "../difference-csv.ts";
import { comparisonJson, comparisonSchema } from "../difference-json.ts";
import { asOf, positionOf, sequenceHeader } from "../position.ts";
import { checkPosition, cluster, positionQuery, wholeNumber } from "../query.ts";
import { answers, documented, position, problemAnswers } from "../schemas/answer.ts";
import { issuedDocument, reportJson, reportSummary } from "../schemas/report.ts";
import { slaDocument } from "../schemas/sla.ts";
import { slaCsv } from "../sla-csv.ts";
import { reportId } from "./issue.ts";

const listQuery = z
  .strictObject({
    ...positionQuery,
    cluster: cluster.optional().describe("Only reports of this cluster."),
    after: wholeNumber(
      0,
      Number.MAX_SAFE_INTEGER,
      "Only reports issued after this sequence.",
    ).optional(),
    limit: wholeNumber(1, maxReportsPerPage, "The most reports of a page.").optional(),
  })
  .superRefine(checkPosition);
const restatedQuery = z
  .strictObject({ ...positionQuery, format: z.enum(["json", "csv", "html"]).optional() })
  .superRefine(checkPosition);
const path = z.strictObject({ report: reportId });
const html = { "text/html": { schema: z.string() } };
const page = z.object({
  asOf: position,
  reports: z.array(reportSummary),
  next: z.string().nullable().describe("The address of the next page; null on the last one."),
});

export function reportRoutes(app: Api, context: ApiContext): void {
  listRoute(app, context);
  documentRoute(app, context);
  restatedRoute(app, context);
}

function listRoute(app: Api, { ledger }: ApiContext): void {
  app.get(
    "/v1/reports",
    {
      schema: {
        summary: "Issued reports, in the order in which they were issued",
        tags: ["reports"],
        querystring: listQuery,
        response: answers("A page of reports.", page),
      },
    },
    async (request, reply) => {
      const { cluster: name, after = 0, limit = defaultPageSize } = request.query;
      const sequence = await positionOf(ledger, request.query, reply);
      const found = await ledger.store.query({
        type: "ReportIssued",
        ...(name === undefined ? {} : { cluster: name }),
        after,
        upTo: sequence,
        limit: limit + 1,
      });
      const events = found.slice(0, limit);
      const reports = events.map((event) =>
        reportJson({ event, data: event.data as DataOf<"ReportIssued"> }),
      );
      const last = events.at(-1);
      const isMore = found.length > limit && last !== undefined;
      const more = new URLSearchParams({
        asOf: String(sequence),
        limit: String(limit),
        ...(name === undefined ? {} : { cluster: name }),
        ...(last === undefined ? {} : { after: String(last.sequence) }),
      });
      return {
        asOf: asOf(sequence),
        reports,
        next: isMore ? `/v1/reports?${more.toString()}` : null,
      };
    },
  );
}

function documentRoute(app: Api, { ledger }: ApiContext): void {
  app.get(
    "/v1/reports/:report",
    {
      schema: {
        summary: "An issued report: the very bytes whose hash was written down",
        tags: ["reports"],
        description:
          "Computed again as of its position, and compared with the hash; where they differ the answer is a problem document, never the report.",
        params: path,
        querystring: z.strictObject({ format: z.enum(["json", "csv", "html"]).optional() }),
        response: documented({
          200: {
            description: "The document: canonical JSON (RFC 8785), CSV, or a page to print.",
            content: {
              "application/json": { schema: issuedDocument },
              "text/csv": { schema: z.string() },
              ...html,
            },
          },
          ...problemAnswers,
        }),
      },
    },
    async (request, reply) => {
      const issued = await requireReport(ledger, request.params.report);
      const { document, bytes } = await reissue(ledger, issued);
      reply.header(sequenceHeader, String(issued.data.sequence));
      const { format = "json" } = request.query;
      if (format === "csv") return sendCsv(reply, issued, slaCsv(document));
      if (format === "html") return sendHtml(reply, issuedReportPage(document, reportJson(issued)));
      const digest = Buffer.from(issued.data.sha256, "hex").toString("base64");
      return reply
        .type("application/json; charset=utf-8")
        .header("repr-digest", `sha-256=:${digest}:`)
        .serializer(String)
        .send(bytes);
    },
  );
}

function restatedRoute(app: Api, { ledger }: ApiContext): void {
  app.get(
    "/v1/reports/:report/restated",
    {
      schema: {
        summary: "An issued report as it comes out now, with every difference and its events",
        tags: ["reports"],
        params: path,
        querystring: restatedQuery,
        response: documented({
          200: {
            description: "The report restated at the newest position, or at `asOf`.",
            content: {
              "application/json": {
                schema: comparisonSchema.extend({
                  issued: reportSummary,
                  asOf: position,
                  restated: slaDocument,
                }),
              },
              ...html,
            },
          },
          ...problemAnswers,
        }),
      },
    },
    async (request, reply) => {
      const issued = await requireReport(ledger, request.params.report);
      const { sequence: from, cluster: name, period } = issued.data;
      const to = await positionOf(ledger, request.query, reply);
      if (to < from) throw beforeIssue(from);
      const { document } = await reissue(ledger, issued);
      const { label, zone } = period;
      const compared = { cluster: name, period: label, zone, from, to };
      const comparison = await comparePositions(ledger, compared);
      const answer = {
        issued: reportJson(issued),
        asOf: asOf(to),
        ...comparisonJson(comparison),
        restated: comparison.after,
      };
      if (request.query.format === "csv")
        return sendCsv(reply, issued, differenceCsv(answer.differences));
      if (request.query.format !== "html") return answer;
      return sendHtml(reply, restatedPage(document, answer));
    },
  );
}

async function requireReport(ledger: Ledger, report: string): Promise<IssuedReport> {
  const issued = await findReport(ledger, report);
  if (issued !== null) return issued;
  throw new LedgerError("not-found", `No report "${report}" was issued.`);
}

function beforeIssue(sequence: number): LedgerError {
  return new LedgerError(
    "invalid-request",
    `The report was issued at sequence ${sequence}; it cannot be restated before that.`,
    { faults: [{ path: "/query/asOf", message: `must be at least ${sequence}` }] },
  );
}

function sendCsv(reply: ApiReply, { data }: IssuedReport, csv: string): ApiReply {
  const name = `report-${data.report}`.replaceAll(/[^\w.-]/g, "_");
  return reply
    .type("text/csv; charset=utf-8")
    .header("content-disposition", `attachment; filename="${name}.csv"`)
    .serializer(String)
    .send(csv);
}

function sendHtml(reply: ApiReply, text: string): ApiReply {
  return reply.type("text/html; charset=utf-8").serializer(String).send(text);
}

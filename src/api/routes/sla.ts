/** `GET /v1/sla`: the SLA document itself, as JSON or CSV. */
import { z } from "zod";
import type { Api, ApiContext } from "../context.ts";
import { saidByLedger } from "../../ledger/documents.ts";
import { slaDocumentOf } from "../figures.ts";
import { knownCluster } from "../known-cluster.ts";
import { positionOf } from "../position.ts";
import { checkPosition, checkWindow, cluster, positionQuery, windowQuery } from "../query.ts";
import { documented, problemAnswers } from "../schemas/answer.ts";
import { slaDocument } from "../schemas/sla.ts";
import { slaCsv } from "../sla-csv.ts";

const query = z
  .strictObject({
    cluster,
    ...windowQuery,
    ...positionQuery,
    format: z.enum(["json", "csv"]).optional().describe("Wins over the Accept header."),
  })
  .superRefine(checkWindow)
  .superRefine(checkPosition);

export function slaRoutes(app: Api, { ledger }: ApiContext): void {
  app.get(
    "/v1/sla",
    {
      schema: {
        summary: "The SLA document of a cluster and a period",
        tags: ["figures"],
        description:
          "The same document as the command line's `report` and the body of an issued report. The same request with `asOf` gives the same bytes for ever.",
        querystring: query,
        response: documented({
          200: {
            description: "The document.",
            content: {
              "application/json": { schema: slaDocument },
              "text/csv": { schema: z.string() },
            },
          },
          ...problemAnswers,
        }),
      },
    },
    async (request, reply) => {
      const sequence = await positionOf(ledger, request.query, reply);
      const view = knownCluster(ledger, request.query.cluster, sequence);
      const document = saidByLedger(ledger, slaDocumentOf(view, request.query));
      reply.header("vary", "Accept");
      if (!wantsCsv(request.query.format, request.headers.accept)) return document;
      const name = `sla-${document.cluster}-${document.period.label}`.replaceAll(/[^\w.-]/g, "_");
      return reply
        .type("text/csv; charset=utf-8")
        .header("content-disposition", `attachment; filename="${name}.csv"`)
        .serializer(String)
        .send(slaCsv(document));
    },
  );
}

function wantsCsv(format: "json" | "csv" | undefined, accept: string | undefined): boolean {
  if (format !== undefined) return format === "csv";
  return accept !== undefined && /\btext\/csv\b/i.test(accept) && !/\bjson\b/i.test(accept);
}

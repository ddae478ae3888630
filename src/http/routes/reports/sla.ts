/** `GET /v1/sla`: the complete SLA document, as JSON, CSV, or a page to print. */
import { z } from "zod";
import type { ApiContext } from "../context.ts";
import type { Api, ApiReply, ApiRequest } from "../../server/api.ts";
import { isKnownToClient } from "../../encoding/etag.ts";
import { alreadyPacked, inPieces, lengthOf } from "../../encoding/compression.ts";
import { takesGzip } from "../../encoding/content-encoding.ts";
import type { Ledger } from "../../../ledger/ledger.ts";
import { saidByLedger } from "../../../ledger/documents.ts";
import { slaDocumentInSteps } from "../../../reports/figures.ts";
import { knownCluster, ofClusterInSteps } from "../../../answers/known-cluster.ts";
import { lastEventOf } from "../../../answers/last-event.ts";
import { positionOf } from "../../query/position.ts";
import { formatOf, formatParameter, sendCsv, sendHtml } from "../../query/representation.ts";
import {
  checkPosition,
  checkWindow,
  cluster,
  positionQuery,
  windowQuery,
} from "../../query/query.ts";
import { documented, problemAnswers } from "../../../answers/schemas.ts";
import { slaDocument } from "../../schemas/sla.ts";
import { documentBytes } from "../../../reports/kept-document.ts";
import { slaCsvInSteps } from "../../../reports/csv/sla-csv.ts";
import { draftReportPage } from "../../../reports/html/report-page.ts";

/** The first is the default. */
const formats = ["json", "csv", "html"] as const;

const query = z
  .strictObject({
    cluster,
    ...windowQuery,
    ...positionQuery,
    format: formatParameter(formats),
  })
  .superRefine(checkWindow)
  .superRefine(checkPosition);

export function slaRoutes(app: Api, { ledger }: ApiContext): void {
  app.get(
    "/v1/sla",
    {
      schema: {
        operationId: "getSlaDocument",
        summary: "The SLA document of a cluster and a period",
        tags: ["figures"],
        description:
          "The same document as the command line's `report` and the body of an issued report. The same request with `asOf` always gives the same bytes. In CSV, a value that is too long for a spreadsheet's cell (a list of many events) is split over several rows of the same figure; join them in order.",
        querystring: query,
        response: documented({
          200: {
            description: "The document: JSON, CSV, or a page to print.",
            content: {
              "application/json": { schema: slaDocument },
              "text/csv": { schema: z.string() },
              "text/html": { schema: z.string() },
            },
          },
          ...problemAnswers,
        }),
      },
    },
    async (request, reply) => {
      const format = formatOf(request.query.format, formats, request, reply);
      const sequence = await positionOf(ledger, request.query, reply);
      const { query: asked } = request;
      if (format === "json") return await sendKept(ledger, asked, sequence, request, reply);
      const computed = await ofClusterInSteps(ledger, asked.cluster, sequence, (view) =>
        slaDocumentInSteps(view, asked),
      );
      const document = saidByLedger(ledger, computed);
      if (format === "html") {
        const page = draftReportPage(document, lastEventOf(ledger, request.query, sequence));
        return await sendHtml(reply, page);
      }
      const name = `sla-${document.cluster}-${document.period.label}`;
      return await sendCsv(reply, name, slaCsvInSteps(document));
    },
  );
}

/** The document as JSON, from what is kept of it where nothing has changed. */
async function sendKept(
  ledger: Ledger,
  asked: z.output<typeof query>,
  sequence: number,
  request: ApiRequest,
  reply: ApiReply,
): Promise<ApiReply> {
  knownCluster(ledger, asked.cluster, sequence);
  const { plain, tag, gzip } = await documentBytes(ledger, asked.cluster, sequence, asked);
  if (isKnownToClient(request, reply, tag)) return reply.send();
  reply.type("application/json; charset=utf-8").header("etag", tag);
  if (takesGzip(request.headers["accept-encoding"])) return reply.send(alreadyPacked(await gzip()));
  return reply.header("content-length", lengthOf(plain)).send(inPieces(plain));
}

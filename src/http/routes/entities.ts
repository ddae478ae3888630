/** Timelines of single nodes and jobs. */
import { z } from "zod";
import { jobName, nodeName } from "../../events/fields/fields.ts";
import { LedgerError } from "../../errors.ts";
import { askedInstant, atJson } from "../../answers/asked-instant.ts";
import { checkPosition, cluster, instantQuery, positionQuery } from "../query/query.ts";
import type { ApiContext } from "./context.ts";
import type { Api } from "../server/api.ts";
import { knownCluster } from "../../answers/known-cluster.ts";
import { asOf, positionOf } from "../query/position.ts";
import type { PositionQuery } from "../../answers/look-back.ts";
import { isLookBack } from "../../answers/look-back.ts";
import { documented, problemAnswers } from "../../answers/schemas.ts";
import { jobTimelinePage, nodeTimelinePage } from "../../dashboard/lists/entity-pages.ts";
import { formatOf, formatParameter, sendCsv, sendHtml } from "../query/representation.ts";
import { nodePieceColumns, nodePieces } from "../../answers/node-pieces.ts";
import { jobJson, nodeJson } from "../../answers/timeline-json.ts";
import { tableCsvInSteps } from "../../reports/csv/table-csv.ts";
import { jobTimeline, nodeTimeline } from "../schemas/timelines.ts";

/** The first is the default. */
const formats = ["json", "html"] as const;
const nodeFormats = [...formats, "csv"] as const;
const common = { ...positionQuery, format: formatParameter(formats) };
const query = z.strictObject(common).superRefine(checkPosition);
const nodeQuery = z
  .strictObject({ ...instantQuery, ...common, format: formatParameter(nodeFormats) })
  .superRefine(checkPosition);

export function entityRoutes(app: Api, { ledger }: ApiContext): void {
  app.get(
    "/v1/nodes/:cluster/:node",
    {
      schema: {
        operationId: "getNode",
        summary: "A node's timeline: memberships, states, faults, maintenance",
        tags: ["timelines"],
        params: z.strictObject({ cluster, node: nodeName }),
        querystring: nodeQuery,
        response: nodeAnswers,
      },
    },
    async (request, reply) => {
      const { params } = request;
      const format = formatOf(request.query.format, nodeFormats, request, reply);
      const sequence = await positionOf(ledger, request.query, reply);
      const timeline = knownCluster(ledger, params.cluster, sequence).entity("node", params.node);
      if (timeline === null) throw nothing("node", params.node, params.cluster);
      const at = askedInstant(ledger, request.query, sequence);
      if (format === "html") {
        const head = headOf(params.cluster, sequence, request.query);
        return await sendHtml(reply, nodeTimelinePage(head, nodeJson(timeline, at)));
      }
      if (format === "csv") {
        const rows = nodePieces(nodeJson(timeline, at));
        const name = `node-${params.cluster}-${params.node}`;
        return await sendCsv(reply, name, tableCsvInSteps(nodePieceColumns, rows));
      }
      return {
        asOf: asOf(sequence),
        at: atJson(at),
        cluster: params.cluster,
        ...nodeJson(timeline, at),
      };
    },
  );

  app.get(
    "/v1/jobs/:cluster/:job",
    {
      schema: {
        operationId: "getJob",
        summary: "A job's timeline: runs, interruptions, work kept and lost",
        tags: ["timelines"],
        params: z.strictObject({ cluster, job: jobName }),
        querystring: query,
        response: timelineAnswers(jobTimeline),
      },
    },
    async (request, reply) => {
      const { params } = request;
      const format = formatOf(request.query.format, formats, request, reply);
      const sequence = await positionOf(ledger, request.query, reply);
      const timeline = knownCluster(ledger, params.cluster, sequence).entity("job", params.job);
      if (timeline === null) throw nothing("job", params.job, params.cluster);
      if (format === "html") {
        const head = headOf(params.cluster, sequence, request.query);
        return await sendHtml(reply, jobTimelinePage(head, jobJson(timeline)));
      }
      return { asOf: asOf(sequence), cluster: params.cluster, ...jobJson(timeline) };
    },
  );
}

function timelineAnswers(body: z.ZodType) {
  return documented({
    200: {
      description: "The timeline, as JSON or as a page.",
      content: { "application/json": { schema: body }, "text/html": { schema: z.string() } },
    },
    ...problemAnswers,
  });
}

const nodeAnswers = documented({
  200: {
    description: "The timeline, as JSON or as a page; as CSV its pieces, a line each.",
    content: {
      "application/json": { schema: nodeTimeline },
      "text/html": { schema: z.string() },
      "text/csv": { schema: z.string() },
    },
  },
  ...problemAnswers,
});

function headOf(clusterName: string, sequence: number, asked: PositionQuery) {
  return { cluster: clusterName, sequence, isPast: isLookBack(asked) };
}

function nothing(kind: string, name: string, clusterName: string): LedgerError {
  return new LedgerError(
    "not-found",
    `Cluster "${clusterName}" has no ${kind} "${name}" at this position.`,
  );
}

/** Reads about scaling onto nodes, and about maintenance that should be over. */
import { z } from "zod";
import { askedInstant, atJson } from "../../../answers/asked-instant.ts";
import { overdueAnswer } from "../../../answers/holds/overdue-maintenance.ts";
import { scaleHoldsAnswer, schedulableAnswer } from "../../../answers/holds/schedulable.ts";
import { answers } from "../../../answers/schemas.ts";
import { nodeName } from "../../../events/fields/fields.ts";
import { maxListRows } from "../../../limits/requests.ts";
import { nextPage } from "../../query/next-page.ts";
import { asOf, positionOf } from "../../query/position.ts";
import {
  checkPosition,
  cluster,
  instantQuery,
  positionQuery,
  wholeNumber,
} from "../../query/query.ts";
import { formatOf, formatParameter } from "../../query/representation.ts";
import { sendTable, tableAnswers, tableFormats } from "../../query/table.ts";
import { overduePage, scaleHoldPage, schedulable } from "../../schemas/node-decisions.ts";
import type { Api } from "../../server/api.ts";
import type { ApiContext } from "../context.ts";

const tags = ["nodes"];

const oneQuery = z.strictObject({ ...instantQuery, ...positionQuery }).superRefine(checkPosition);
const listQuery = z
  .strictObject({
    cluster: cluster.optional().describe("Default: all clusters."),
    ...instantQuery,
    ...positionQuery,
    after: z.string().min(1).max(2_000).optional().describe("Where the page starts; use next."),
    limit: wholeNumber(
      1,
      maxListRows,
      `Maximum number of rows on a page. Default: ${maxListRows}.`,
    ).optional(),
    format: formatParameter(tableFormats),
  })
  .superRefine(checkPosition);

export function nodeReadRoutes(app: Api, context: ApiContext): void {
  schedulableRoute(app, context);
  holdsRoute(app, context);
  overdueRoute(app, context);
}

function schedulableRoute(app: Api, { ledger }: ApiContext): void {
  app.get(
    "/v1/nodes/:cluster/:node/schedulable",
    {
      schema: {
        operationId: "getSchedulable",
        summary: "Whether work may be scaled onto a node, and if not, why and until when",
        tags,
        description:
          "By the facts before the instant. A node that no fact names is not a member. Nothing is recorded: a scale request does that.",
        params: z.strictObject({ cluster, node: nodeName }),
        querystring: oneQuery,
        response: answers("Whether it is schedulable.", schedulable),
      },
    },
    async ({ params, query }, reply) => {
      const sequence = await positionOf(ledger, query, reply);
      const at = askedInstant(ledger, query, sequence);
      const found = schedulableAnswer(ledger, params.cluster, params.node, { sequence, at });
      return { asOf: asOf(sequence), at: atJson(at), ...found };
    },
  );
}

const holdColumns = ["cluster", "node", "reasons", "until"];

function holdsRoute(app: Api, { ledger }: ApiContext): void {
  app.get(
    "/v1/scale-holds",
    {
      schema: {
        operationId: "listScaleHolds",
        summary: "The nodes onto which no work may be scaled, why, and until when",
        tags,
        querystring: listQuery,
        response: tableAnswers("Members, by cluster, then node.", scaleHoldPage),
      },
    },
    async (request, reply) => {
      const { query } = request;
      const form = formatOf(query.format, tableFormats, request, reply);
      const sequence = await positionOf(ledger, query, reply);
      const at = askedInstant(ledger, query, sequence);
      const page = { after: query.after, limit: query.limit ?? maxListRows };
      const asked = { cluster: query.cluster, sequence, at };
      const answer = await scaleHoldsAnswer(ledger, asked, page);
      const next = nextPage("/v1/scale-holds", query, { sequence, at }, answer.next);
      if (form === "csv")
        return await sendTable(reply, "scale-holds", holdColumns, { rows: answer.holds, next });
      return { asOf: asOf(sequence), at: atJson(at), ...answer, next };
    },
  );
}

const overdueColumns = [
  "cluster",
  "node",
  "maintenanceId",
  "rolloutId",
  "since",
  "ageMs",
  "plannedTo",
  "dueAt",
  "overdueMs",
  "event",
];

function overdueRoute(app: Api, { ledger }: ApiContext): void {
  app.get(
    "/v1/maintenance/overdue",
    {
      schema: {
        operationId: "listOverdueMaintenance",
        summary: "Maintenance that is open past its planned end, or longer than the policy allows",
        tags,
        querystring: listQuery,
        response: tableAnswers("By dueAt, then cluster and node.", overduePage),
      },
    },
    async (request, reply) => {
      const { query } = request;
      const form = formatOf(query.format, tableFormats, request, reply);
      const sequence = await positionOf(ledger, query, reply);
      const at = askedInstant(ledger, query, sequence);
      const page = { after: query.after, limit: query.limit ?? maxListRows };
      const asked = { cluster: query.cluster, sequence, at };
      const answer = await overdueAnswer(ledger, asked, page);
      const next = nextPage("/v1/maintenance/overdue", query, { sequence, at }, answer.next);
      const { overdue: rows } = answer;
      if (form === "csv")
        return await sendTable(reply, "overdue-maintenance", overdueColumns, { rows, next });
      return { asOf: asOf(sequence), at: atJson(at), ...answer, next };
    },
  );
}

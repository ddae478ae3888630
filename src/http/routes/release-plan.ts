/** `GET /v1/rollouts/release-plan` and `GET /v1/nodes/{cluster}/{node}/pending-updates`. */
import { z } from "zod";
import { askedInstant, atJson } from "../../answers/asked-instant.ts";
import { pendingUpdatesAnswer } from "../../answers/release-plan/pending-updates.ts";
import { releasePlanAnswer } from "../../answers/release-plan/release-plan.ts";
import { clusterName, nodeName } from "../../events/fields/fields.ts";
import { maxListRows } from "../../limits/requests.ts";
import { pathSegment } from "../../path-segment.ts";
import { nextPage } from "../query/next-page.ts";
import { asOf, positionOf } from "../query/position.ts";
import {
  checkPosition,
  cluster,
  instantQuery,
  positionQuery,
  wholeNumber,
} from "../query/query.ts";
import { formatOf, formatParameter } from "../query/representation.ts";
import { sendTable, tableAnswers, tableFormats } from "../query/table.ts";
import { pendingPage, releasePlanAnswer as releasePlanSchema } from "../schemas/release-plan.ts";
import type { Api } from "../server/api.ts";
import type { ApiContext } from "./context.ts";

const tags = ["rollouts"];
const format = formatParameter(tableFormats);

export function releasePlanRoutes(app: Api, context: ApiContext): void {
  planRoute(app, context);
  pendingRoute(app, context);
}

const planQuery = z
  .strictObject({ cluster, ...instantQuery, ...positionQuery, format })
  .superRefine(checkPosition);

const waveColumns = [
  "rollouts",
  "touched",
  "batches",
  "stops",
  "nodeMs",
  "nis",
  "testedTogether",
  "notBefore",
  "jobs",
];

function planRoute(app: Api, { ledger }: ApiContext): void {
  app.get(
    "/v1/rollouts/release-plan",
    {
      schema: {
        operationId: "getReleasePlan",
        summary: "All queued rollouts in waves that keep the target and stop jobs rarely",
        tags,
        description:
          "On each node of a wave every pair of rollouts passed a test together. Nodes that a wave takes out of service go in batches, so that the share of members in service stays at the target. The plan is computed greedily: it stops few jobs, then has few waves.",
        querystring: planQuery,
        response: tableAnswers(
          "The plan; its waves in the order of their first rollout.",
          releasePlanSchema,
        ),
      },
    },
    async (request, reply) => {
      const { query } = request;
      const form = formatOf(query.format, tableFormats, request, reply);
      const sequence = await positionOf(ledger, query, reply);
      const at = askedInstant(ledger, query, sequence);
      const answer = await releasePlanAnswer(ledger, { cluster: query.cluster, sequence, at });
      if (form === "csv")
        return await sendTable(reply, "release-plan", waveColumns, {
          rows: answer.waves,
          next: null,
        });
      return { asOf: asOf(sequence), at: atJson(at), ...answer };
    },
  );
}

const pendingQuery = z
  .strictObject({
    ...instantQuery,
    ...positionQuery,
    after: z.string().min(1).max(2_000).optional().describe("Where the page starts; use next."),
    limit: wholeNumber(
      1,
      maxListRows,
      `Maximum number of rows on a page. Default: ${maxListRows}.`,
    ).optional(),
    format,
  })
  .superRefine(checkPosition);

const pendingColumns = ["rollout", "applicable", "reasons", "expectedMs", "updates", "urgency"];

function pendingRoute(app: Api, { ledger }: ApiContext): void {
  app.get(
    "/v1/nodes/:cluster/:node/pending-updates",
    {
      schema: {
        operationId: "getPendingUpdates",
        summary: "What could be applied to a node while it is out of service anyway",
        tags,
        description:
          "The queued rollouts that target the node, in queue order, each with the reasons why it could not be applied now. Nothing is recorded.",
        params: z.strictObject({ cluster: clusterName, node: nodeName }),
        querystring: pendingQuery,
        response: tableAnswers("A page of them.", pendingPage),
      },
    },
    async (request, reply) => {
      const { query, params } = request;
      const form = formatOf(query.format, tableFormats, request, reply);
      const sequence = await positionOf(ledger, query, reply);
      const at = askedInstant(ledger, query, sequence);
      const page = { after: query.after, limit: query.limit ?? maxListRows };
      const answer = await pendingUpdatesAnswer(ledger, { ...params, sequence, at }, page);
      const path = `/v1/nodes/${pathSegment(params.cluster)}/${pathSegment(params.node)}/pending-updates`;
      const next = nextPage(path, query, { sequence, at }, answer.next);
      if (form === "csv")
        return await sendTable(reply, "pending-updates", pendingColumns, {
          rows: answer.pending,
          next,
        });
      return { asOf: asOf(sequence), at: atJson(at), ...answer, next };
    },
  );
}

/** `GET /v1/rollouts/{id}/impact` and `/v1/impact/families`: what updates did, held against what they declared. */
import { z } from "zod";
import { askedInstant, atJson } from "../../answers/asked-instant.ts";
import { familiesAnswer, impactAnswer } from "../../answers/rollouts/impact.ts";
import { rolloutName, text } from "../../events/fields/fields.ts";
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
import { familyPage, rolloutImpact } from "../schemas/impact.ts";
import type { Api } from "../server/api.ts";
import type { ApiContext } from "./context.ts";

const page = {
  after: z.string().min(1).max(2_000).optional().describe("Where the page starts; use next."),
  limit: wholeNumber(
    1,
    maxListRows,
    `Maximum number of rows on a page. Default: ${maxListRows}.`,
  ).optional(),
  format: formatParameter(tableFormats),
};

const impactQuery = z
  .strictObject({
    cluster: cluster.optional().describe("Required if the id is used in two clusters."),
    ...instantQuery,
    ...positionQuery,
    ...page,
  })
  .superRefine(checkPosition);

const familiesQuery = z
  .strictObject({
    cluster: cluster.optional().describe("Default: all clusters."),
    family: text.optional().describe("Only this family."),
    ...instantQuery,
    ...positionQuery,
    ...page,
  })
  .superRefine(checkPosition);

const evidenceColumns = [
  "kind",
  "at",
  "to",
  "node",
  "job",
  "eventIds",
  "interruptedNodeMs",
  "lostNodeMs",
];

const familyColumns = [
  "cluster",
  "family",
  "fastPath",
  "started",
  "missed",
  "asDeclared",
  "pending",
  "treated",
  "outOfServiceNodeMs",
  "outOfServiceMeanMs",
  "interruptions",
  "faultsBefore",
  "faultsAfter",
  "marked",
  "withdrawnBy.rollout",
  "withdrawnBy.reasons",
];

export function impactRoutes(app: Api, { ledger }: ApiContext): void {
  app.get(
    "/v1/rollouts/:rollout/impact",
    {
      schema: {
        operationId: "getRolloutImpact",
        summary: "What a rollout did to nodes, jobs and the failure rate, against what it declared",
        tags: ["rollouts"],
        params: z.strictObject({ rollout: rolloutName }),
        querystring: impactQuery,
        response: tableAnswers(
          "The impact at the instant, with a page of its evidence, which are the rows.",
          rolloutImpact,
        ),
      },
    },
    async (request, reply) => {
      const { query } = request;
      const { rollout } = request.params;
      const form = formatOf(query.format, tableFormats, request, reply);
      const sequence = await positionOf(ledger, query, reply);
      const at = askedInstant(ledger, query, sequence);
      const asked = { rollout, cluster: query.cluster, sequence, at };
      const rows = { after: query.after, limit: query.limit ?? maxListRows };
      const answer = await impactAnswer(ledger, asked, rows);
      const path = `/v1/rollouts/${pathSegment(rollout)}/impact`;
      const next = nextPage(path, query, { sequence, at }, answer.next);
      if (form === "csv")
        return await sendTable(reply, "impact", evidenceColumns, { rows: answer.evidence, next });
      return { asOf: asOf(sequence), at: atJson(at), ...answer, next };
    },
  );

  app.get(
    "/v1/impact/families",
    {
      schema: {
        operationId: "listFamilies",
        summary: "Families of updates: which have the fast path, and which rollouts made it so",
        tags: ["rollouts"],
        querystring: familiesQuery,
        response: tableAnswers("By cluster, then family.", familyPage),
      },
    },
    async (request, reply) => {
      const { query } = request;
      const form = formatOf(query.format, tableFormats, request, reply);
      const sequence = await positionOf(ledger, query, reply);
      const at = askedInstant(ledger, query, sequence);
      const { cluster: name, family } = query;
      const rows = { after: query.after, limit: query.limit ?? maxListRows };
      const answer = await familiesAnswer(ledger, { cluster: name, family, sequence, at }, rows);
      const next = nextPage("/v1/impact/families", query, { sequence, at }, answer.next);
      const { families } = answer;
      if (form === "csv")
        return await sendTable(reply, "families", familyColumns, { rows: families, next });
      return { asOf: asOf(sequence), at: atJson(at), ...answer, next };
    },
  );
}

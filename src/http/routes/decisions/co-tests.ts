/** `POST /v1/co-tests`, `GET /v1/co-test/coverage` and `/v1/co-test/next`. */
import { randomUUID } from "node:crypto";
import { z } from "zod";
import { pairStatuses } from "../../../../projections/co-tests/tested-sets.ts";
import { askedInstant, atJson } from "../../../answers/asked-instant.ts";
import { coverageAnswer } from "../../../answers/co-tests/coverage.ts";
import { nextBundlesAnswer } from "../../../answers/co-tests/next-bundles.ts";
import { recordCoTest } from "../../../answers/co-tests/recorded.ts";
import { documented, problemAnswers } from "../../../answers/schemas.ts";
import { catalogue } from "../../../events/catalogue.ts";
import { instant, rolloutName } from "../../../events/fields/fields.ts";
import { maxListRows, maxTestedRollouts } from "../../../limits/requests.ts";
import { keyedId } from "../../query/idempotency-key.ts";
import { nextPage } from "../../query/next-page.ts";
import { asOf, positionOf, sequenceHeader } from "../../query/position.ts";
import {
  checkPosition,
  cluster,
  instantQuery,
  positionQuery,
  wholeNumber,
} from "../../query/query.ts";
import { formatOf, formatParameter } from "../../query/representation.ts";
import { sendTable, tableAnswers, tableFormats } from "../../query/table.ts";
import { coTestRecorded, coveragePage, nextBundlesPage } from "../../schemas/co-tests.ts";
import type { Api } from "../../server/api.ts";
import { submissionJson } from "../../submissions/submission-json.ts";
import { inBodyOfFact } from "../../submissions/fact-pointers.ts";
import type { ApiContext } from "../context.ts";
import { saidMembers } from "./asked-of.ts";

const tags = ["rollouts"];
const tested = catalogue.CoTestPassed.data.shape;

const recordBody = z
  .strictObject({
    ...saidMembers,
    coTest: tested.coTest,
    outcome: z.enum(["passed", "failed"]),
    updates: tested.updates.min(1).optional(),
    rollouts: z
      .array(rolloutName)
      .min(1)
      .max(maxTestedRollouts)
      .optional()
      .describe("Instead of updates: those of these rollouts together."),
    cluster: tested.cluster.describe("Default: it counts in all clusters."),
    environment: tested.environment,
    evidence: tested.evidence,
    occurredAt: instant.optional().describe("When it ended. Default: now."),
  })
  .refine(({ updates, rollouts }) => updates !== undefined || rollouts !== undefined, {
    path: ["updates"],
    error: "must be given, or rollouts",
  })
  .refine(({ updates, rollouts }) => updates === undefined || rollouts === undefined, {
    path: ["rollouts"],
    error: "cannot be combined with updates",
  });

export function coTestRoutes(app: Api, context: ApiContext): void {
  recordRoute(app, context);
  coverageRoute(app, context);
  nextRoute(app, context);
}

function recordRoute(app: Api, { ledger, metrics }: ApiContext): void {
  const content = { "application/json": { schema: coTestRecorded } };
  app.post(
    "/v1/co-tests",
    {
      schema: {
        operationId: "recordCoTest",
        summary: "Record how a set of updates did when it was installed together",
        tags,
        description:
          "Appends `CoTestPassed` or `CoTestFailed`: a fact, which no policy refuses. Without a cluster it counts in all of them, and only a key of all clusters may state it.",
        body: recordBody,
        response: documented({
          200: { description: "It was recorded before with this id.", content },
          201: { description: "Appended and durable.", content },
          ...problemAnswers,
        }),
      },
    },
    async (request, reply) => {
      const { id, actor, reason, ticket, correlationId, causationId, ...stated } = request.body;
      const own = (id ?? keyedId(request) ?? randomUUID()).toLowerCase();
      const said = { actor, reason, ticket, correlationId, causationId };
      const { updates, submission } = await recordCoTest(ledger, own, stated, said);
      metrics.submitted.inc({ status: submission.status });
      if (submission.status === "refused") throw inBodyOfFact(submission.error);
      if (submission.sequence !== null) reply.header(sequenceHeader, String(submission.sequence));
      reply.header("location", `/v1/events/${encodeURIComponent(own)}`);
      reply.code(submission.status === "appended" ? 201 : 200);
      return { coTest: stated.coTest, updates, ...submissionJson(submission) };
    },
  );
}

const rows = {
  after: z.string().min(1).max(2_000).optional().describe("Where the page starts; use next."),
  limit: wholeNumber(
    1,
    maxListRows,
    `Maximum number of rows on a page. Default: ${maxListRows}.`,
  ).optional(),
  format: formatParameter(tableFormats),
};

const coverageQuery = z
  .strictObject({
    cluster,
    status: z.enum(pairStatuses).optional().describe("Only pairs of this status."),
    ...instantQuery,
    ...positionQuery,
    ...rows,
  })
  .superRefine(checkPosition);

function coverageRoute(app: Api, { ledger }: ApiContext): void {
  app.get(
    "/v1/co-test/coverage",
    {
      schema: {
        operationId: "getCoTestCoverage",
        summary: "Which pairs of queued rollouts were tested together",
        tags,
        description:
          "Two queued rollouts that share a node are a pair, unless the updates of one are within the other's. The counts are of all pairs; the pairs themselves come in pages.",
        querystring: coverageQuery,
        response: tableAnswers("The counts, and a page of pairs in queue order.", coveragePage),
      },
    },
    async (request, reply) => {
      const { query } = request;
      const form = formatOf(query.format, tableFormats, request, reply);
      const sequence = await positionOf(ledger, query, reply);
      const at = askedInstant(ledger, query, sequence);
      const page = { after: query.after, limit: query.limit ?? maxListRows, status: query.status };
      const answer = await coverageAnswer(ledger, { cluster: query.cluster, sequence, at }, page);
      const next = nextPage("/v1/co-test/coverage", query, { sequence, at }, answer.next);
      if (form === "csv")
        return await sendTable(reply, "co-tests", ["rollouts", "status"], {
          rows: answer.pairs,
          next,
        });
      return { asOf: asOf(sequence), at: atJson(at), ...answer, next };
    },
  );
}

const nextQuery = z
  .strictObject({
    cluster,
    maxBundle: wholeNumber(
      2,
      16,
      "Rollouts in one bundle, at most. Default: what the policy says.",
    ).optional(),
    ...instantQuery,
    ...positionQuery,
    ...rows,
  })
  .superRefine(checkPosition);

function nextRoute(app: Api, { ledger }: ApiContext): void {
  app.get(
    "/v1/co-test/next",
    {
      schema: {
        operationId: "getNextCoTests",
        summary: "Which co-tests to run next",
        tags,
        description:
          "Bundles of queued rollouts that together cover each pair that was never tested, with a lower bound on how many any choice needs.",
        querystring: nextQuery,
        response: tableAnswers(
          "The bundles, in the order in which they were chosen.",
          nextBundlesPage,
        ),
      },
    },
    async (request, reply) => {
      const { query } = request;
      const form = formatOf(query.format, tableFormats, request, reply);
      const sequence = await positionOf(ledger, query, reply);
      const at = askedInstant(ledger, query, sequence);
      const { maxBundle } = query;
      const asked = { cluster: query.cluster, sequence, at, maxBundle };
      const page = { after: query.after, limit: query.limit ?? maxListRows };
      const answer = await nextBundlesAnswer(ledger, asked, page);
      const next = nextPage("/v1/co-test/next", query, { sequence, at }, answer.next);
      if (form === "csv")
        return await sendTable(reply, "next-co-tests", ["rollouts", "updates", "pairs"], {
          rows: answer.bundles,
          next,
        });
      return { asOf: asOf(sequence), at: atJson(at), ...answer, next };
    },
  );
}

/** `GET /v1/rollouts`, `/v1/rollouts/{id}`, `/v1/rollouts/blocked`, `/v1/rollouts/queue/history` and `/v1/rollouts/violations`. */
import { z } from "zod";
import { askedInstant, atJson } from "../../answers/asked-instant.ts";
import { needingCoTest } from "../../answers/co-tests/needing-co-test.ts";
import { ofClusters } from "../../answers/known-cluster.ts";
import { pageOf, pairKey } from "../../answers/lists/rows.ts";
import { rolloutAnswer } from "../../answers/rollouts/one-rollout.ts";
import { queueHistoryAnswer } from "../../answers/rollouts/queue-history.ts";
import { queueAnswer } from "../../answers/rollouts/queue.ts";
import { usualWindow, violationsAnswer } from "../../answers/rollouts/violations.ts";
import { answers } from "../../answers/schemas.ts";
import { rolloutJson } from "../../answers/timeline-json.ts";
import { rolloutName } from "../../events/fields/fields.ts";
import { shownRolloutStates } from "../../../projections/rollouts/status.ts";
import { defaultPageSize, maxListRows } from "../../limits/requests.ts";
import { nextPage } from "../query/next-page.ts";
import { asOf, positionOf } from "../query/position.ts";
import { formatOf, formatParameter } from "../query/representation.ts";
import { sendTable, tableAnswers, tableFormats } from "../query/table.ts";
import {
  queueColumns,
  queueStepColumns,
  rolloutColumns,
  violationColumns,
} from "./rollout-columns.ts";
import {
  checkPosition,
  checkWindow,
  cluster,
  instantParameter,
  instantQuery,
  positionQuery,
  wholeNumber,
} from "../query/query.ts";
import {
  oneRollout,
  queueHistory,
  queuePage,
  rolloutPage,
  violationPage,
} from "../schemas/rollouts.ts";
import type { Api } from "../server/api.ts";
import type { ApiContext } from "./context.ts";
import { pathSegment } from "../../path-segment.ts";

const clusterFilter = cluster.optional().describe("Default: all clusters.");
const after = z.string().min(1).max(2_000).optional().describe("Where the page starts; use next.");
const limit = wholeNumber(
  1,
  maxListRows,
  `Maximum number of rows on a page. Default: ${maxListRows}.`,
).optional();
const format = formatParameter(tableFormats);
const rows = { after, limit, format };

const listQuery = z
  .strictObject({
    cluster: clusterFilter,
    state: z
      .enum(shownRolloutStates)
      .optional()
      .describe("Only those in this state at the instant."),
    ...instantQuery,
    ...positionQuery,
    ...rows,
  })
  .superRefine(checkPosition);

const queueQuery = z
  .strictObject({ cluster: clusterFilter, ...instantQuery, ...positionQuery, ...rows })
  .superRefine(checkPosition);

const historyQuery = z
  .strictObject({
    cluster: clusterFilter,
    from: instantParameter("Start of the first step."),
    to: instantParameter("End of the last step, which may be shorter."),
    stepMs: wholeNumber(1, Number.MAX_SAFE_INTEGER, "Length of a step in milliseconds."),
    ...positionQuery,
    format,
  })
  .superRefine(checkWindow)
  .superRefine(checkPosition);

const violationQuery = z
  .strictObject({
    cluster: clusterFilter,
    from: instantParameter("Start of the window. Default: 30 days before its end.").optional(),
    to: instantParameter("End of the window (exclusive). Default: now.").optional(),
    ...positionQuery,
    ...rows,
  })
  .superRefine(checkWindow)
  .superRefine(checkPosition);

const oneQuery = z
  .strictObject({
    cluster: cluster.optional().describe("Required if the id is used in two clusters."),
    ...instantQuery,
    ...positionQuery,
    after,
    limit: wholeNumber(
      1,
      maxListRows,
      `Maximum number of events on a page. Default: ${defaultPageSize}.`,
    ).optional(),
  })
  .superRefine(checkPosition);

export function rolloutRoutes(app: Api, context: ApiContext): void {
  listRoute(app, context);
  queueRoutes(app, context);
  violationRoute(app, context);
  oneRoute(app, context);
}

function listRoute(app: Api, { ledger }: ApiContext): void {
  app.get(
    "/v1/rollouts",
    {
      schema: {
        operationId: "listRollouts",
        summary: "Rollouts with their state and history",
        tags: ["rollouts"],
        querystring: listQuery,
        response: tableAnswers("By cluster, then rollout.", rolloutPage),
      },
    },
    async (request, reply) => {
      const { query } = request;
      const form = formatOf(query.format, tableFormats, request, reply);
      const sequence = await positionOf(ledger, query, reply);
      const at = askedInstant(ledger, query, sequence);
      const { state } = query;
      const found = await ofClusters(ledger, query.cluster, sequence, (view) => {
        const untested = needingCoTest(view, at ?? -Infinity);
        return Array.from(view.entities("rollout"), (each) => ({
          cluster: view.cluster,
          ...rolloutJson(each, at, untested),
        })).filter((each) => state === undefined || each.state === state);
      });
      const keyOf = (each: { readonly cluster: string; readonly rollout: string }) =>
        pairKey(each.cluster, each.rollout);
      const page = pageOf(found.flat(), keyOf, query.after, query.limit ?? maxListRows);
      const next = nextPage("/v1/rollouts", query, { sequence, at }, page.next);
      const { total, rows: rollouts } = page;
      if (form === "csv")
        return await sendTable(reply, "rollouts", rolloutColumns, { rows: rollouts, next });
      return { asOf: asOf(sequence), at: atJson(at), total, rollouts, next };
    },
  );
}

function queueRoutes(app: Api, { ledger }: ApiContext): void {
  app.get(
    "/v1/rollouts/blocked",
    {
      schema: {
        operationId: "listBlockedRollouts",
        summary: "The blocked queue: which rollouts wait, since when, and for which no-fly zones",
        tags: ["rollouts"],
        querystring: queueQuery,
        response: tableAnswers(
          "By since, then rollout; with what may start when zones end.",
          queuePage,
        ),
      },
    },
    async (request, reply) => {
      const { query } = request;
      const form = formatOf(query.format, tableFormats, request, reply);
      const sequence = await positionOf(ledger, query, reply);
      const at = askedInstant(ledger, query, sequence);
      const page = { after: query.after, limit: query.limit ?? maxListRows };
      const answer = await queueAnswer(ledger, { cluster: query.cluster, sequence, at }, page);
      const next = nextPage("/v1/rollouts/blocked", query, { sequence, at }, answer.next);
      if (form === "csv")
        return await sendTable(reply, "blocked", queueColumns, { rows: answer.blocked, next });
      return { asOf: asOf(sequence), at: atJson(at), ...answer, next };
    },
  );

  app.get(
    "/v1/rollouts/queue/history",
    {
      schema: {
        operationId: "getQueueHistory",
        summary: "The length of the blocked queue over time, and the age of its oldest rollout",
        tags: ["rollouts"],
        querystring: historyQuery,
        response: tableAnswers("One row for the end of each step.", queueHistory),
      },
    },
    async (request, reply) => {
      const { query } = request;
      const form = formatOf(query.format, tableFormats, request, reply);
      const sequence = await positionOf(ledger, query, reply);
      const answer = await queueHistoryAnswer(ledger, { ...query, sequence });
      const { steps } = answer;
      if (form === "csv")
        return await sendTable(reply, "queue", queueStepColumns, { rows: steps, next: null });
      return { asOf: asOf(sequence), ...answer };
    },
  );
}

function violationRoute(app: Api, { ledger }: ApiContext): void {
  app.get(
    "/v1/rollouts/violations",
    {
      schema: {
        operationId: "listViolations",
        summary:
          "Starts, resumes, progress and maintenance inside no-fly zones, reported or decided",
        tags: ["rollouts"],
        querystring: violationQuery,
        response: tableAnswers("By instant, then event.", violationPage),
      },
    },
    async (request, reply) => {
      const { query } = request;
      const form = formatOf(query.format, tableFormats, request, reply);
      const sequence = await positionOf(ledger, query, reply);
      const page = { after: query.after, limit: query.limit ?? maxListRows };
      const window = usualWindow(query, askedInstant(ledger, query, sequence));
      const asked = { cluster: query.cluster, ...window, sequence };
      const answer = await violationsAnswer(ledger, asked, page);
      const path = "/v1/rollouts/violations";
      const stand = { sequence, at: null };
      const next = nextPage(path, { ...query, ...window }, stand, answer.next);
      const { violations } = answer;
      if (form === "csv")
        return await sendTable(reply, "violations", violationColumns, { rows: violations, next });
      return { asOf: asOf(sequence), ...answer, next };
    },
  );
}

function oneRoute(app: Api, { ledger }: ApiContext): void {
  app.get(
    "/v1/rollouts/:rollout",
    {
      schema: {
        operationId: "getRollout",
        summary: "One rollout: its state, what holds it, what lets it pass, and who did what",
        tags: ["rollouts"],
        params: z.strictObject({ rollout: rolloutName }),
        querystring: oneQuery,
        response: answers("The rollout at the instant, with a page of its history.", oneRollout),
      },
    },
    async ({ params: { rollout }, query }, reply) => {
      const sequence = await positionOf(ledger, query, reply);
      const at = askedInstant(ledger, query, sequence);
      const page = { after: query.after, limit: query.limit ?? defaultPageSize };
      const asked = { rollout, cluster: query.cluster, sequence, at };
      const answer = await rolloutAnswer(ledger, asked, page);
      const path = `/v1/rollouts/${pathSegment(rollout)}`;
      const next = nextPage(path, query, { sequence, at }, answer.next);
      return { asOf: asOf(sequence), at: atJson(at), ...answer, next };
    },
  );
}

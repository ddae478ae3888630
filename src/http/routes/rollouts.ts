/** `GET /v1/rollouts` and `GET /v1/rollouts/blocked`. */
import { z } from "zod";
import { longestFirst, queueOf } from "../../answers/blocked-queue.ts";
import { askedInstant, atJson } from "../../answers/asked-instant.ts";
import { checkPosition, cluster, instantQuery, positionQuery } from "../query/query.ts";
import type { ApiContext } from "./context.ts";
import type { Api } from "../server/api.ts";
import { ofClusters } from "../../answers/known-cluster.ts";
import { asOf, positionOf } from "../query/position.ts";
import { answers, ms, nullableInstant, position, wholeCount } from "../../answers/schemas.ts";
import { blockedRollout } from "../schemas/sla.ts";
import { rolloutTimeline } from "../schemas/timelines.ts";
import { shownRolloutStates } from "../../../projections/rollouts/status.ts";
import { rolloutJson } from "../../answers/timeline-json.ts";

const clusterFilter = cluster.optional().describe("Default: all clusters.");
const listQuery = z
  .strictObject({
    cluster: clusterFilter,
    state: z
      .enum(shownRolloutStates)
      .optional()
      .describe("Only those in this state at the instant."),
    ...instantQuery,
    ...positionQuery,
  })
  .superRefine(checkPosition);

const queueQuery = z
  .strictObject({
    cluster: clusterFilter,
    ...instantQuery,
    ...positionQuery,
  })
  .superRefine(checkPosition);

const queue = z.strictObject({
  asOf: position,
  at: nullableInstant,
  total: wholeCount,
  oldestAgeMs: ms.nullable(),
  overdue: wholeCount.describe("Rollouts whose no-fly zones have ended but that nobody released."),
  blocked: z.array(
    z.strictObject({
      cluster: z.string(),
      ...blockedRollout,
      nextRelease: nullableInstant.describe(
        "The earliest instant at which the no-fly zones let it start; null if their end is unknown.",
      ),
    }),
  ),
});

export function rolloutRoutes(app: Api, { ledger }: ApiContext): void {
  app.get(
    "/v1/rollouts",
    {
      schema: {
        operationId: "listRollouts",
        summary: "Rollouts with their state and history",
        tags: ["rollouts"],
        querystring: listQuery,
        response: answers(
          "By cluster, then rollout.",
          z.strictObject({
            asOf: position,
            at: nullableInstant,
            rollouts: z.array(rolloutTimeline),
          }),
        ),
      },
    },
    async (request, reply) => {
      const { state } = request.query;
      const sequence = await positionOf(ledger, request.query, reply);
      const at = askedInstant(ledger, request.query, sequence);
      const rollouts = await ofClusters(ledger, request.query.cluster, sequence, (view) =>
        Array.from(view.entities("rollout"), (each) => ({
          cluster: view.cluster,
          ...rolloutJson(each, at),
        })).filter((each) => state === undefined || each.state === state),
      );
      return { asOf: asOf(sequence), at: atJson(at), rollouts: rollouts.flat() };
    },
  );

  app.get(
    "/v1/rollouts/blocked",
    {
      schema: {
        operationId: "listBlockedRollouts",
        summary: "The blocked queue: which rollouts wait, since when, and for which no-fly zones",
        tags: ["rollouts"],
        querystring: queueQuery,
        response: answers("The queue, the longest wait first.", queue),
      },
    },
    async (request, reply) => {
      const sequence = await positionOf(ledger, request.query, reply);
      const at = askedInstant(ledger, request.query, sequence);
      const queues = await ofClusters(ledger, request.query.cluster, sequence, (view) =>
        at === null ? [] : queueOf(view, at),
      );
      const blocked = longestFirst(queues.flat());
      return {
        asOf: asOf(sequence),
        at: atJson(at),
        total: blocked.length,
        oldestAgeMs: blocked[0]?.ageMs ?? null,
        overdue: blocked.filter((each) => each.releaseOverdue).length,
        blocked,
      };
    },
  );
}

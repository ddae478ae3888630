/** Reads of no-fly zones: one by its id, those in force at an instant, and the calendar feed. */
import { z } from "zod";
import { askedInstant, atJson } from "../../../answers/asked-instant.ts";
import { ledgerCalendar } from "../../../answers/calendar/calendar-of-ledger.ts";
import { ofCluster, ofClusters } from "../../../answers/known-cluster.ts";
import { nfzAt } from "../../../answers/nfz/at.ts";
import { answers, documented, problemAnswers } from "../../../answers/schemas.ts";
import { nfzJson } from "../../../answers/timeline-json.ts";
import { LedgerError } from "../../../errors.ts";
import { nfzName, nodeName, rolloutName } from "../../../events/fields/fields.ts";
import { calendarPastMs } from "../../../limits/nfz.ts";
import { asOf, positionOf } from "../../query/position.ts";
import {
  checkPosition,
  cluster,
  instantParameter,
  instantQuery,
  positionQuery,
} from "../../query/query.ts";
import { nfzAtAnswer, oneNfz } from "../../schemas/nfz.ts";
import type { Api } from "../../server/api.ts";
import type { ApiContext } from "../context.ts";

const tags = ["rollouts"];

export function nfzReadRoutes(app: Api, context: ApiContext): void {
  atRoute(app, context);
  oneRoute(app, context);
  calendarRoute(app, context);
}

const atQuery = z
  .strictObject({
    cluster,
    instant: instantParameter(
      "The instant that the answer is about. Default: ledger time with asOf or asOfTime, else the later of ledger time and the server's clock.",
    ).optional(),
    node: nodeName.optional().describe("Only zones that contain the node."),
    rollout: rolloutName.optional().describe("Only zones that affect the rollout."),
    ...positionQuery,
  })
  .superRefine(checkPosition);

function atRoute(app: Api, { ledger }: ApiContext): void {
  app.get(
    "/v1/nfz/at",
    {
      schema: {
        operationId: "getNoFlyZonesAt",
        summary: "Which no-fly zones are in force at an instant, and what changes next",
        tags,
        description:
          "According to the facts that occurred up to the instant. With asOf and instant the answer never changes.",
        querystring: atQuery,
        response: answers("The zones in force.", nfzAtAnswer),
      },
    },
    async (request, reply) => {
      const { cluster: name, instant, node, rollout, ...query } = request.query;
      const sequence = await positionOf(ledger, query, reply);
      const at = askedInstant(ledger, { ...query, at: instant }, sequence);
      const found = await ofCluster(ledger, name, sequence, (view) =>
        nfzAt(view, at ?? -Infinity, { node, rollout }),
      );
      return { cluster: name, at: atJson(at), asOf: asOf(sequence), ...found };
    },
  );
}

const oneQuery = z
  .strictObject({
    cluster: cluster.optional().describe("Default: all clusters of the zone."),
    ...instantQuery,
    ...positionQuery,
  })
  .superRefine(checkPosition);

function oneRoute(app: Api, { ledger }: ApiContext): void {
  app.get(
    "/v1/nfz/:nfz",
    {
      schema: {
        operationId: "getNoFlyZone",
        summary: "One no-fly zone in each of its clusters, with all changes applied",
        tags,
        params: z.strictObject({ nfz: nfzName }),
        querystring: oneQuery,
        response: answers("The zone.", oneNfz),
      },
    },
    async (request, reply) => {
      const { nfz } = request.params;
      const sequence = await positionOf(ledger, request.query, reply);
      const at = askedInstant(ledger, request.query, sequence);
      const found = await ofClusters(ledger, request.query.cluster, sequence, (view) => {
        const timeline = view.entity("nfz", nfz);
        return timeline === null ? [] : [{ cluster: view.cluster, ...nfzJson(timeline, at) }];
      });
      const clusters = found.flat();
      if (clusters.length > 0) return { asOf: asOf(sequence), at: atJson(at), nfz, clusters };
      throw new LedgerError("not-found", `No fact names a no-fly zone ${nfz}.`, { extra: { nfz } });
    },
  );
}

const calendarQuery = z
  .strictObject({
    cluster: cluster.optional().describe("Default: all clusters."),
    from: instantParameter("Only occurrences that end after it. Default: 30 days ago.").optional(),
    to: instantParameter(
      "Only occurrences that begin before it. Default: all recorded ones.",
    ).optional(),
    ...positionQuery,
  })
  .superRefine(checkPosition);

function calendarRoute(app: Api, { ledger }: ApiContext): void {
  app.get(
    "/v1/nfz.ics",
    {
      schema: {
        operationId: "getNoFlyZoneCalendar",
        summary: "No-fly zones as an iCalendar feed, to subscribe to",
        tags,
        description:
          "One event for each recorded occurrence, in UTC. Dropped and skipped occurrences stay in the feed as cancelled.",
        querystring: calendarQuery,
        response: documented({
          200: {
            description: "The feed (RFC 5545).",
            content: { "text/calendar": { schema: z.string() } },
          },
          ...problemAnswers,
        }),
      },
    },
    async (request, reply) => {
      const sequence = await positionOf(ledger, request.query, reply);
      const now = askedInstant(ledger, request.query, sequence);
      const { from = (now ?? 0) - calendarPastMs, to = Infinity } = request.query;
      const text = await ledgerCalendar(ledger, request.query.cluster, sequence, { from, to });
      return reply.type("text/calendar; charset=utf-8").serializer(String).send(text);
    },
  );
}

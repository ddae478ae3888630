/** `GET /v1/find`: what goes by a name, with the address of its page. */
import { z } from "zod";
import { found, hitKinds } from "../../answers/lists/find.ts";
import { answers, position, wholeCount } from "../../answers/schemas.ts";
import { maxNameLength } from "../../limits/events.ts";
import { maxHits } from "../../limits/requests.ts";
import { asOf, positionOf } from "../query/position.ts";
import { checkPosition, positionQuery } from "../query/query.ts";
import type { Api } from "../server/api.ts";
import type { ApiContext } from "./context.ts";

const query = z
  .strictObject({
    q: z
      .string()
      .trim()
      .min(1)
      .max(maxNameLength)
      .describe(
        "A name or a part of one; upper and lower case are the same. Of an event: #sequence, its id, or at least the first 8 characters of its id, which are looked for among the newest 65,536 events.",
      ),
    ...positionQuery,
  })
  .superRefine(checkPosition);

const hits = z.strictObject({
  asOf: position,
  hits: z.array(
    z.strictObject({
      kind: z.enum(hitKinds),
      name: z.string().describe("Of an event, its id."),
      cluster: z.string().nullable().describe("null for an event that names none."),
      href: z
        .string()
        .describe("The address of its page, without a position, which the reader adds."),
      event: z
        .strictObject({ type: z.string(), sequence: wholeCount })
        .nullable()
        .describe("Only of an event."),
    }),
  ),
});

export function findRoutes(app: Api, { ledger }: ApiContext): void {
  app.get(
    "/v1/find",
    {
      schema: {
        operationId: "listFound",
        summary: "Clusters, nodes, jobs, rollouts, no-fly zones and events by name or id",
        tags: ["clusters"],
        querystring: query,
        response: answers(
          `At most ${maxHits}: whole names first, then names that begin with it, then names that contain it; among these the kinds take turns.`,
          hits,
        ),
      },
    },
    async (request, reply) => {
      const sequence = await positionOf(ledger, request.query, reply);
      const list = await found(ledger, request.query.q, sequence);
      return { asOf: asOf(sequence), hits: list };
    },
  );
}

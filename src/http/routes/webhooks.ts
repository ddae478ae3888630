/** Webhooks: how each stands, what its receiver refused, and going back to a position. */
import { z } from "zod";
import { formatInstant } from "../../../projections/time/instant.ts";
import {
  answers,
  documented,
  instantText,
  problemAnswers,
  wholeCount,
} from "../../answers/schemas.ts";
import { LedgerError } from "../../errors.ts";
import { webhookJson } from "../../sinks/webhooks/webhook-json.ts";
import type { ApiContext } from "./context.ts";
import { keyedId } from "../query/idempotency-key.ts";
import { wholeNumber } from "../query/query.ts";
import type { Api } from "../server/api.ts";

const sequence = z.int().min(1);
const said = { at: instantText, words: z.string().describe("What came of it.") };

const webhook = z.strictObject({
  name: z.string(),
  host: z.string().describe("The receiver's host; its address may be a secret."),
  types: z.array(z.string()),
  clusters: z.array(z.string()).nullable().describe("null: all, and what is about no cluster."),
  format: z.enum(["standard", "cloudevents"]),
  isDelivering: z.boolean().describe("Whether this instance delivers."),
  cursor: wholeCount.nullable().describe("The last sequence that it is done with."),
  lagEvents: wholeCount.nullable().describe("Events of the ledger after it."),
  last: z.strictObject(said).nullable().describe("The receiver's last answer."),
  failing: z
    .strictObject({
      sequence,
      attempts: z.int().min(1),
      nextAt: instantText,
      words: z.string(),
    })
    .nullable()
    .describe("The message that was not taken yet, and when it is tried next."),
  stopped: z
    .strictObject({ at: instantText, why: z.string() })
    .nullable()
    .describe("Nothing is delivered until it is replayed."),
  deadLetters: wholeCount,
});

const path = z.strictObject({ name: z.string().min(1).max(32) });
const from = z.int().min(1).describe("The first sequence to deliver.");

export function webhookRoutes(app: Api, context: ApiContext): void {
  listRoute(app, context);
  deadRoute(app, context);
  replayRoute(app, context);
}

function listRoute(app: Api, { webhooks }: ApiContext): void {
  app.get(
    "/v1/webhooks",
    {
      schema: {
        operationId: "listWebhooks",
        summary: "How each webhook stands",
        tags: ["operation"],
        querystring: z.strictObject({}),
        response: answers(
          "The webhooks of the configuration, in its order.",
          z.strictObject({ webhooks: z.array(webhook) }),
        ),
      },
    },
    async () => ({ webhooks: ((await webhooks?.status()) ?? []).map(webhookJson) }),
  );
}

function deadRoute(app: Api, { webhooks }: ApiContext): void {
  app.get(
    "/v1/webhooks/:name/dead",
    {
      schema: {
        operationId: "listDeadLetters",
        summary: "Messages that a receiver refused for good",
        tags: ["operation"],
        description:
          "A message is put aside after three answers of 400, 413, 415 or 422. The newest are kept.",
        params: path,
        querystring: z.strictObject({}),
        response: answers(
          "The dead letters, oldest first.",
          z.strictObject({
            webhook: z.string(),
            total: wholeCount.describe("Also those that are not kept."),
            deadLetters: z.array(
              z.strictObject({ sequence, type: z.string(), ...said, event: z.string() }),
            ),
          }),
        ),
      },
    },
    async ({ params: { name } }) => {
      const { total, letters } = await known(webhooks, name).dead(name);
      const deadLetters = letters.map(({ sequence: of, at, type, words }) => ({
        sequence: of,
        type,
        at: formatInstant(at),
        words,
        event: `/v1/events?after=${of - 1}&limit=1`,
      }));
      return { webhook: name, total, deadLetters };
    },
  );
}

function replayRoute(app: Api, { webhooks }: ApiContext): void {
  app.post(
    "/v1/webhooks/:name/replay",
    {
      schema: {
        operationId: "replayWebhook",
        summary: "Deliver from a sequence on, again or for the first time",
        tags: ["operation"],
        description:
          "A webhook that has stopped goes on. Receivers know what they have by `webhook-id`, which stays the same. `from` is in the query or in the body.",
        params: path,
        querystring: z.strictObject({
          from: wholeNumber(
            1,
            Number.MAX_SAFE_INTEGER,
            "The first sequence to deliver.",
          ).optional(),
        }),
        body: z.strictObject({ from: from.optional() }).nullish(),
        response: documented({
          202: {
            description: "It goes on from there.",
            content: {
              "application/json": {
                schema: z.strictObject({ webhook: z.string(), from, state: z.string() }),
              },
            },
          },
          ...problemAnswers,
        }),
      },
    },
    async (request, reply) => {
      const { name } = request.params;
      const first = request.query.from ?? request.body?.from;
      if (first === undefined) {
        throw new LedgerError("invalid-request", "It must be said from which sequence on.", {
          errors: [{ path: "/query/from", message: "is missing" }],
        });
      }
      await known(webhooks, name).replay(name, first, keyedId(request));
      const state = `delivering from sequence ${first}`;
      return reply.code(202).send({ webhook: name, from: first, state });
    },
  );
}

function known(webhooks: ApiContext["webhooks"], name: string) {
  if (webhooks !== null) return webhooks;
  throw new LedgerError("not-found", `There is no webhook "${name}".`);
}

/** `/v1/access`: the keys of the ledger. */
import { z } from "zod";
import { openAccess } from "../../access/access.ts";
import { actorOf } from "../../access/actor.ts";
import { issueKey, revokeKey, rotateKey } from "../../access/issue.ts";
import { listKeys } from "../../access/list.ts";
import { answers, documented, nullableInstant, problemAnswers } from "../../answers/schemas.ts";
import { keyClusters, keyId, keyName, keyRoles } from "../../events/access.ts";
import { instant, longText, text } from "../../events/fields/fields.ts";
import { defaultOverlapMs, maxOverlapMs } from "../../limits/access.ts";
import { instantMs } from "../../../projections/time/instant.ts";
import { keyedId } from "../query/idempotency-key.ts";
import { sequenceHeader } from "../query/position.ts";
import type { Api, ApiReply, ApiRequest } from "../server/api.ts";
import type { ApiContext } from "./context.ts";

const said = {
  actor: text.optional().describe("Who asks. Default: the key's name."),
  reason: longText.optional(),
  ticket: text.optional(),
};
const issueBody = z.strictObject({
  ...said,
  name: keyName,
  roles: keyRoles,
  clusters: keyClusters.optional().describe("Globs of clusters. Default: all (`*`)."),
  expiresAt: instant.optional(),
});
const revokeBody = z.strictObject({
  ...said,
  at: instant.optional().describe("From when on it no longer holds. Default: at once."),
});
const rotateBody = z.strictObject({
  ...said,
  overlapMs: z
    .int()
    .min(0)
    .max(maxOverlapMs)
    .optional()
    .describe(`How long the old key holds beside the new one. Default: ${defaultOverlapMs}.`),
});

const issuedAnswer = z.strictObject({
  key: keyId,
  secret: z.string().describe("The key itself. It is shown this once and kept nowhere."),
  sequence: z.int().nullable(),
});
const oneKey = z.strictObject({
  key: keyId,
  name: z.string(),
  roles: z.array(z.string()),
  clusters: z.array(z.string()),
  state: z.enum(["in-force", "revoked", "expired"]),
  issuedAt: z.string(),
  issuedBy: z.string().nullable(),
  endsAt: nullableInstant.describe("When it ends, or ended; null if nothing ends it."),
  revokedBy: z.string().nullable(),
  reason: z.string().nullable().describe("Why it was revoked, else why it was issued."),
});
const keyList = z.strictObject({ keys: z.array(oneKey) });
const revokedAnswer = z.strictObject({
  key: keyId,
  sequence: z.int().nullable().describe("null if it was over already."),
});

const params = z.strictObject({ key: keyId });
const tags = ["operation"];

export function accessRoutes(app: Api, context: ApiContext): void {
  listRoute(app, context);
  issueRoute(app, context);
  changeRoutes(app, context);
}

function listRoute(app: Api, { ledger }: ApiContext): void {
  app.get(
    "/v1/access",
    {
      schema: {
        operationId: "listKeys",
        summary: "The API keys of the ledger",
        tags,
        querystring: z.strictObject({
          at: instant.optional().describe("Only the keys that were in force at this instant."),
        }),
        response: answers("The keys, in the order in which they were issued.", keyList),
      },
    },
    async ({ query: { at } }) => ({
      keys: await listKeys(ledger, { atMs: at === undefined ? undefined : instantMs(at) }),
    }),
  );
}

function issueRoute(app: Api, { ledger }: ApiContext): void {
  app.post(
    "/v1/access",
    {
      schema: {
        operationId: "issueKey",
        summary: "Issue an API key",
        tags,
        description:
          "Writes `KeyIssued`. The answer has the key itself, which is shown this once. A ledger without keys takes the first one from its own machine alone, and from then on every request needs a key. Sent again with the same Idempotency-Key it is refused, because the key cannot be shown again.",
        body: issueBody,
        response: issuedAnswers("The key."),
      },
    },
    async (request, reply) => {
      const { name, roles, clusters = ["*"], expiresAt } = request.body;
      const end = expiresAt === undefined ? {} : { expiresAt: instantMs(expiresAt) };
      const issued = await issueKey(ledger, { name, roles, clusters, ...end }, askedBy(request));
      return sent(reply, issued);
    },
  );
}

function changeRoutes(app: Api, { ledger }: ApiContext): void {
  app.post(
    "/v1/access/:key/revoke",
    {
      schema: {
        operationId: "revokeKey",
        summary: "Revoke an API key",
        tags,
        description:
          "Writes `KeyRevoked`. The sessions and streams of the key end. A key that is over stays as it is.",
        params,
        body: revokeBody,
        response: documented({
          200: {
            description: "It was over already.",
            content: { "application/json": { schema: revokedAnswer } },
          },
          201: {
            description: "It is revoked.",
            content: { "application/json": { schema: revokedAnswer } },
          },
          ...problemAnswers,
        }),
      },
    },
    async (request, reply) => {
      const { key } = request.params;
      const { at } = request.body;
      const atMs = at === undefined ? undefined : instantMs(at);
      const { sequence } = await revokeKey(ledger, key, atMs, askedBy(request));
      return sent(reply, { key, sequence });
    },
  );
  app.post(
    "/v1/access/:key/rotate",
    {
      schema: {
        operationId: "rotateKey",
        summary: "Issue a second key of the same name, and revoke the first one later",
        tags,
        params,
        body: rotateBody,
        response: issuedAnswers("The new key."),
      },
    },
    async (request, reply) => {
      const { overlapMs = defaultOverlapMs } = request.body;
      return sent(reply, await rotateKey(ledger, request.params.key, overlapMs, askedBy(request)));
    },
  );
}

function issuedAnswers(description: string) {
  return documented({
    201: { description, content: { "application/json": { schema: issuedAnswer } } },
    ...problemAnswers,
  });
}

function sent<T extends { readonly sequence: number | null }>(reply: ApiReply, answer: T): T {
  if (answer.sequence !== null) reply.header(sequenceHeader, String(answer.sequence));
  reply.code(answer.sequence === null ? 200 : 201).header("cache-control", "no-store");
  return answer;
}

type Said = { readonly [K in "actor" | "reason" | "ticket"]?: string | undefined };

function askedBy(request: ApiRequest & { readonly body: Said }) {
  const { actor, reason, ticket } = request.body;
  const stated = Object.entries({
    actor: actorOf(request.access ?? openAccess, actor),
    reason,
    ticket,
  });
  const given = stated.filter(([, value]) => value !== undefined);
  return { said: Object.fromEntries(given), id: keyedId(request) };
}

/** `POST /v1/nfz`, its preview, and the commands on a no-fly zone. The ledger decides each command and records the decision. */
import { z } from "zod";
import type { NfzAnswer } from "../../../decisions/nfz/answer.ts";
import type { NfzChange } from "../../../decisions/nfz/change.ts";
import { changeNfz, declareNfz } from "../../../decisions/nfz/nfz.ts";
import { previewNfz } from "../../../decisions/nfz/preview.ts";
import { nfzName } from "../../../events/fields/fields.ts";
import { answers } from "../../../answers/schemas.ts";
import { sequenceHeader } from "../../query/position.ts";
import { commandAnswers } from "../../schemas/decisions.ts";
import {
  declaration,
  endChange,
  nfzAnswer,
  nfzPreview,
  skipChange,
  wholeChange,
} from "../../schemas/nfz.ts";
import type { Api, ApiReply } from "../../server/api.ts";
import type { ApiContext } from "../context.ts";
import { askedOf, commandQuery, saidMembers } from "./asked-of.ts";
import { pathSegment } from "../../../path-segment.ts";

const declareBody = z
  .strictObject({ ...saidMembers, ...declaration })
  .refine(({ occurrences, recurrence }) => occurrences !== undefined || recurrence !== undefined, {
    path: ["occurrences"],
    error: "must be given, or recurrence",
  })
  .refine(({ occurrences, recurrence }) => occurrences === undefined || recurrence === undefined, {
    path: ["recurrence"],
    error: "cannot be combined with occurrences",
  });
const endBody = z.strictObject({ ...saidMembers, ...endChange });
const skipBody = z.strictObject({ ...saidMembers, ...skipChange });
const wholeBody = z.strictObject({ ...saidMembers, ...wholeChange });

const params = z.strictObject({ nfz: nfzName });
const response = commandAnswers(nfzAnswer);
const tags = ["rollouts"];

export function nfzCommandRoutes(app: Api, context: ApiContext): void {
  declareRoute(app, context);
  previewRoute(app, context);
  endRoutes(app, context);
  skipRoute(app, context);
  wholeRoutes(app, context);
}

function declareRoute(app: Api, { ledger, deciding }: ApiContext): void {
  app.post(
    "/v1/nfz",
    {
      schema: {
        operationId: "declareNoFlyZone",
        summary: "Declare a no-fly zone",
        tags,
        description:
          "Writes `NfzDeclared`, one for each cluster, in one append. A recurrence is resolved to occurrences in UTC for the next 400 days; further ones are recorded in time. Sent for further clusters with the same times, scope and policy, it is added to these.",
        querystring: commandQuery,
        body: declareBody,
        response,
      },
    },
    async (request, reply) => {
      const asked = await askedOf(ledger, request, "declare");
      const answer = await declareNfz(deciding, asked, request.body);
      reply.header("location", `/v1/nfz/${pathSegment(answer.nfz)}`);
      return sent(reply, answer);
    },
  );
}

function previewRoute(app: Api, { ledger, deciding }: ApiContext): void {
  app.post(
    "/v1/nfz/preview",
    {
      schema: {
        operationId: "previewNoFlyZone",
        summary: "Preview a declaration of a no-fly zone",
        tags,
        description:
          "Takes the body of a declaration and appends nothing. The answer has its occurrences in UTC and local time, the changes of clocks that they meet, the rollouts that would wait, and those in flight. It is refused like the declaration itself.",
        querystring: commandQuery,
        body: declareBody,
        response: answers("The result that the declaration would have.", nfzPreview),
      },
    },
    async (request, reply) => {
      const { caller } = await askedOf(ledger, request, "declare");
      const sequence = ledger.sequence();
      reply.header(sequenceHeader, String(sequence));
      return await previewNfz(deciding, caller, request.body, sequence);
    },
  );
}

function endRoutes(app: Api, context: ApiContext): void {
  const commands = [
    ["extend", "extendNoFlyZone", "Move the end of an occurrence to a later instant"],
    ["shorten", "shortenNoFlyZone", "Move the end of an occurrence to an earlier instant"],
  ] as const;
  for (const [name, operationId, summary] of commands) {
    app.post(
      `/v1/nfz/:nfz/${name}`,
      {
        schema: {
          operationId,
          summary,
          tags,
          params,
          querystring: commandQuery,
          body: endBody,
          response,
        },
      },
      async (request, reply) => {
        const { occurrence, to } = request.body;
        return sent(reply, await carryOut(context, request, { name, occurrence, to }));
      },
    );
  }
}

function skipRoute(app: Api, context: ApiContext): void {
  app.post(
    "/v1/nfz/:nfz/skip",
    {
      schema: {
        operationId: "skipNoFlyZone",
        summary: "Skip an occurrence that has not begun",
        tags,
        description: "Shortens the occurrence to its start; an extension restores it.",
        params,
        querystring: commandQuery,
        body: skipBody,
        response,
      },
    },
    async (request, reply) => {
      const { occurrence } = request.body;
      return sent(reply, await carryOut(context, request, { name: "skip", occurrence }));
    },
  );
}

function wholeRoutes(app: Api, context: ApiContext): void {
  const commands = [
    ["lift", "liftNoFlyZone", "End the current occurrence"],
    ["cancel", "cancelNoFlyZone", "End a no-fly zone and all its future occurrences"],
  ] as const;
  for (const [name, operationId, summary] of commands) {
    app.post(
      `/v1/nfz/:nfz/${name}`,
      {
        schema: {
          operationId,
          summary,
          tags,
          params,
          querystring: commandQuery,
          body: wholeBody,
          response,
        },
      },
      async (request, reply) => sent(reply, await carryOut(context, request, { name })),
    );
  }
}

interface OneNfz {
  readonly params: { readonly nfz: string };
  readonly body: { readonly clusters?: readonly string[] | undefined };
}

async function carryOut(
  { ledger, deciding }: ApiContext,
  request: Parameters<typeof askedOf>[1] & OneNfz,
  change: NfzChange,
): Promise<NfzAnswer> {
  const asked = await askedOf(ledger, request, change.name);
  const { nfz } = request.params;
  const { clusters } = request.body;
  return await changeNfz(deciding, asked, { nfz, clusters }, change);
}

function sent(reply: ApiReply, answer: NfzAnswer): NfzAnswer {
  reply
    .code(answer.outcome === "appended" ? 201 : 200)
    .header(sequenceHeader, String(answer.asOf.sequence));
  return answer;
}

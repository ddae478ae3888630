/** `POST /v1/rollouts` and the commands on a rollout. The ledger decides each command and records the decision. */
import { z } from "zod";
import type { RolloutCommand } from "../../../decisions/rollouts/commands.ts";
import { commandRollout, submitRollout } from "../../../decisions/rollouts/rollouts.ts";
import type { RolloutAnswer } from "../../../decisions/rollouts/answer.ts";
import { catalogue } from "../../../events/catalogue.ts";
import {
  count,
  instant,
  longText,
  nfzIds,
  rolloutName,
  text,
  nodeList,
} from "../../../events/fields/fields.ts";
import { sequenceHeader } from "../../query/position.ts";
import { cluster } from "../../query/query.ts";
import { commandAnswers, rolloutAnswer } from "../../schemas/decisions.ts";
import type { Api, ApiReply } from "../../server/api.ts";
import type { ApiContext } from "../context.ts";
import { askedOf, commandQuery, saidMembers } from "./asked-of.ts";

const aboutOne = {
  ...saidMembers,
  cluster: cluster.optional().describe("Required if the id is used in two clusters."),
};
const plainBody = z.strictObject(aboutOne);
const progressBody = z
  .strictObject({ ...aboutOne, nodesDone: count, nodesTotal: count, nodes: nodeList.optional() })
  .refine(({ nodesDone, nodesTotal }) => nodesDone <= nodesTotal, {
    path: ["nodesDone"],
    message: "must not be more than nodesTotal",
  });
const supersedeBody = z.strictObject({ ...aboutOne, supersededBy: rolloutName });
const overrideBody = z.strictObject({
  ...aboutOne,
  reason: longText.describe("Why the rollout must pass."),
  role: text.describe("The role that permits the override."),
  nfzIds: nfzIds.min(1).optional().describe("Default: the zones in force that block it now."),
  expiresAt: instant.describe("When the override ends."),
});
const revokeBody = z.strictObject({ ...aboutOne, reason: longText.describe("Why it ends.") });
/** The body without the members that every command has. */
const submitData = z.object(catalogue.RolloutSubmitted.data.shape);
const submitBody = z.strictObject({ ...saidMembers, ...catalogue.RolloutSubmitted.data.shape });

const params = z.strictObject({ rollout: rolloutName });
const response = commandAnswers(rolloutAnswer);

/** Commands without a body of their own: the last word of the address, and the summary. */
const plainCommands = [
  ["start", "Request the start of a rollout"],
  ["pause", "Pause a rollout"],
  ["resume", "Request to resume a rollout"],
  ["verify", "Begin verification, when every node is updated"],
  ["complete", "Complete a verified rollout"],
  ["fail", "End a rollout as failed"],
  ["roll-back", "End a rollout as rolled back"],
  ["cancel", "Cancel a rollout before it starts"],
] as const;

function sent(reply: ApiReply, answer: RolloutAnswer): RolloutAnswer {
  reply
    .code(answer.outcome === "appended" ? 201 : 200)
    .header(sequenceHeader, String(answer.asOf.sequence));
  return answer;
}

function schemaOf<B extends z.ZodType>(operationId: string, summary: string, body: B) {
  return { operationId, summary, tags: ["rollouts"], querystring: commandQuery, body, response };
}

export function rolloutCommandRoutes(app: Api, context: ApiContext): void {
  submitRoute(app, context);
  plainRoutes(app, context);
  overrideRoutes(app, context);
  app.post(
    "/v1/rollouts/:rollout/progress",
    {
      schema: {
        ...schemaOf("progressRollout", "Record a rollout's progress", progressBody),
        params,
      },
    },
    async (request, reply) => {
      const { body } = request;
      return sent(reply, await carryOut(context, request, { name: "progress", body }));
    },
  );
  app.post(
    "/v1/rollouts/:rollout/supersede",
    {
      schema: {
        ...schemaOf("supersedeRollout", "Replace a rollout with another one", supersedeBody),
        params,
      },
    },
    async (request, reply) => {
      const { supersededBy } = request.body;
      return sent(reply, await carryOut(context, request, { name: "supersede", supersededBy }));
    },
  );
}

function submitRoute(app: Api, { ledger, deciding }: ApiContext): void {
  app.post(
    "/v1/rollouts",
    { schema: schemaOf("submitRollout", "Submit a rollout", submitBody) },
    async (request, reply) => {
      const asked = await askedOf(ledger, request, "submit");
      return sent(reply, await submitRollout(deciding, asked, submitData.parse(request.body)));
    },
  );
}

function plainRoutes(app: Api, context: ApiContext): void {
  for (const [name, summary] of plainCommands) {
    const operationId = `${camel(name)}Rollout`;
    app.post(
      `/v1/rollouts/:rollout/${name}`,
      { schema: { ...schemaOf(operationId, summary, plainBody), params } },
      async (request, reply) => sent(reply, await carryOut(context, request, { name })),
    );
  }
}

function overrideRoutes(app: Api, context: ApiContext): void {
  app.post(
    "/v1/rollouts/:rollout/overrides",
    {
      schema: {
        ...schemaOf(
          "overrideRollout",
          "Let a rollout pass no-fly zones until an instant",
          overrideBody,
        ),
        params,
      },
    },
    async (request, reply) => {
      const { body } = request;
      return sent(reply, await carryOut(context, request, { name: "override", body }));
    },
  );
  app.post(
    "/v1/rollouts/:rollout/overrides/:override/revoke",
    {
      schema: {
        ...schemaOf("revokeOverride", "End an override", revokeBody),
        params: params.extend({ override: z.guid() }),
      },
    },
    async (request, reply) => {
      const { override } = request.params;
      return sent(reply, await carryOut(context, request, { name: "revoke", override }));
    },
  );
}

interface OneRollout {
  readonly params: { readonly rollout: string };
  readonly body: { readonly cluster?: string | undefined };
}

async function carryOut(
  { ledger, deciding }: ApiContext,
  request: Parameters<typeof askedOf>[1] & OneRollout,
  command: RolloutCommand,
): Promise<RolloutAnswer> {
  const asked = await askedOf(ledger, request, command.name);
  const { rollout } = request.params;
  const { cluster: said } = request.body;
  return await commandRollout(deciding, asked, { rollout, cluster: said }, command);
}

function camel(name: string): string {
  return name.replaceAll(/-(\w)/g, (_dash, letter: string) => letter.toUpperCase());
}

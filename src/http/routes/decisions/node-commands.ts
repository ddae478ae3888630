/** `POST /v1/scale-requests` and the commands on maintenance of many nodes. */
import { z } from "zod";
import {
  type MaintenanceAnswer,
  commandMaintenance,
} from "../../../decisions/nodes/maintenance.ts";
import type { MaintenanceCommand } from "../../../decisions/nodes/maintenance-decider.ts";
import { requestScale } from "../../../decisions/nodes/scale.ts";
import { instantMs } from "../../../../projections/time/instant.ts";
import { maintenanceId } from "../../../events/fields/fields.ts";
import { maxMaintenanceNodes, maxScaleNodes } from "../../../limits/decisions.ts";
import { sequenceHeader } from "../../query/position.ts";
import { commandAnswers } from "../../schemas/decisions.ts";
import {
  maintenanceAnswers,
  maintenanceCommand,
  scaleAnswer,
  scaleRequest,
} from "../../schemas/node-decisions.ts";
import type { Api, ApiReply } from "../../server/api.ts";
import type { ApiContext } from "../context.ts";
import { askedOf, commandQuery, saidMembers } from "./asked-of.ts";

const tags = ["nodes"];

const scaleBody = z
  .strictObject({ ...saidMembers, ...scaleRequest })
  .refine(({ nodes, targets }) => nodes !== undefined || targets !== undefined, {
    path: ["nodes"],
    error: "must be given, or targets",
  })
  .refine(({ nodes, targets }) => nodes === undefined || targets === undefined, {
    path: ["targets"],
    error: "cannot be combined with nodes",
  });

const commandBody = z
  .strictObject({ ...saidMembers, ...maintenanceCommand })
  .refine(
    ({ plannedFrom, plannedTo }) =>
      plannedFrom === undefined ||
      plannedTo === undefined ||
      instantMs(plannedFrom) < instantMs(plannedTo),
    { path: ["plannedTo"], error: "must be after plannedFrom" },
  );
const announceBody = commandBody
  .refine(({ targets }) => targets !== undefined, { path: ["targets"], error: "is missing" })
  .refine(({ plannedFrom }) => plannedFrom !== undefined, {
    path: ["plannedFrom"],
    error: "is missing",
  })
  .refine(({ plannedTo }) => plannedTo !== undefined, { path: ["plannedTo"], error: "is missing" });

export function nodeCommandRoutes(app: Api, context: ApiContext): void {
  scaleRoute(app, context);
  for (const command of Object.keys(commandWords) as MaintenanceCommand[])
    maintenanceRoute(app, context, command);
}

function scaleRoute(app: Api, { ledger, deciding }: ApiContext): void {
  app.post(
    "/v1/scale-requests",
    {
      schema: {
        operationId: "requestScale",
        summary: "Ask whether work may be scaled onto nodes",
        tags,
        description: `Decided node by node, for at most ${maxScaleNodes} nodes; each decision is recorded as \`NodeScaleAllowed\` or \`NodeScaleDenied\`. A request sent again with its id is answered by what was recorded, and nodes without a record are decided then.`,
        querystring: commandQuery,
        body: scaleBody,
        response: commandAnswers(scaleAnswer),
      },
    },
    async (request, reply) => {
      const asked = await askedOf(ledger, request, "scale");
      const answer = await requestScale(deciding, asked, request.body);
      reply
        .code(answer.outcome === "appended" ? 201 : 200)
        .header(sequenceHeader, String(answer.asOf.sequence));
      return answer;
    },
  );
}

const commandWords: Readonly<Record<MaintenanceCommand, readonly [summary: string, more: string]>> =
  {
    announce: [
      "Announce maintenance of nodes",
      "A later announcement of the same maintenance moves it.",
    ],
    start: [
      "Start maintenance of nodes",
      "Without targets: on the nodes where it was announced. Refused on a node in the scope of a no-fly zone in force, unless the node is down, `rolloutId` is in progress and targets it, or `role` is an override role of the caller, with a reason; a refusal is recorded as `NodeMaintenanceRefused`.",
    ],
    end: ["End maintenance of nodes", "Without targets: on the nodes where it is open."],
  };

function maintenanceRoute(
  app: Api,
  { ledger, deciding }: ApiContext,
  command: MaintenanceCommand,
): void {
  const [summary, more] = commandWords[command];
  app.post(
    `/v1/maintenance/:maintenance/${command}`,
    {
      schema: {
        operationId: `${command}Maintenance`,
        summary,
        tags,
        description: `Decided and recorded node by node, for at most ${maxMaintenanceNodes} nodes. ${more}`,
        params: z.strictObject({ maintenance: maintenanceId }),
        querystring: commandQuery,
        body: command === "announce" ? announceBody : commandBody,
        response: maintenanceAnswers,
      },
    },
    async (request, reply) => {
      const asked = await askedOf(ledger, request, `maintenance-${command}`);
      const { cluster, targets, plannedFrom: from, plannedTo: to, rolloutId, role } = request.body;
      const answer = await commandMaintenance(
        deciding,
        asked,
        { cluster, targets },
        {
          command,
          maintenanceId: request.params.maintenance,
          rolloutId,
          plan: from === undefined || to === undefined ? undefined : { from, to },
          role,
          caller: asked.caller,
          hasReason: asked.said.reason !== undefined,
        },
      );
      return sent(reply, answer);
    },
  );
}

function sent(reply: ApiReply, answer: MaintenanceAnswer): MaintenanceAnswer {
  const statuses = new Set(answer.results.map(({ status }) => status));
  const [status = 200] = statuses;
  reply.code(statuses.size > 1 ? 207 : status).header(sequenceHeader, String(answer.asOf.sequence));
  return answer;
}

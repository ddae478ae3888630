/** `GET /v1/nfz/cost` and `POST /v1/nfz/what-if`: what no-fly zones cost, and what others would have cost. */
import { z } from "zod";
import { nfzCostAnswer, whatIfAnswer } from "../../answers/nfz/cost.ts";
import { answers } from "../../answers/schemas.ts";
import { asOf, positionOf } from "../query/position.ts";
import { checkPosition, checkWindow, cluster, positionQuery, windowQuery } from "../query/query.ts";
import { formatOf, formatParameter } from "../query/representation.ts";
import { sendTable, tableAnswers, tableFormats } from "../query/table.ts";
import { hypotheses, nfzCost, whatIf } from "../schemas/nfz-cost.ts";
import type { Api } from "../server/api.ts";
import type { ApiContext } from "./context.ts";

const costQuery = z
  .strictObject({
    cluster,
    ...windowQuery,
    ...positionQuery,
    format: formatParameter(tableFormats),
  })
  .superRefine(checkWindow)
  .superRefine(checkPosition);

const whatIfQuery = z
  .strictObject({ cluster, ...windowQuery, ...positionQuery })
  .superRefine(checkWindow)
  .superRefine(checkPosition);

const costColumns = ["nfz", "inForceMs", "blockedMs", "aloneMs"];

export function nfzCostRoutes(app: Api, { ledger }: ApiContext): void {
  app.get(
    "/v1/nfz/cost",
    {
      schema: {
        operationId: "getNoFlyZoneCost",
        summary: "What no-fly zones cost in a period: blocked time, deadlines missed, thaws",
        tags: ["rollouts"],
        querystring: costQuery,
        response: tableAnswers("The cost; the rows are the zones, by name.", nfzCost),
      },
    },
    async (request, reply) => {
      const { query } = request;
      const form = formatOf(query.format, tableFormats, request, reply);
      const sequence = await positionOf(ledger, query, reply);
      const answer = await nfzCostAnswer(ledger, { ...query, sequence });
      if (form === "csv")
        return await sendTable(reply, "nfz-cost", costColumns, { rows: answer.nfzs, next: null });
      return { asOf: asOf(sequence), ...answer };
    },
  );

  app.post(
    "/v1/nfz/what-if",
    {
      schema: {
        operationId: "compareNoFlyZones",
        summary: "The same history under another calendar of no-fly zones",
        tags: ["rollouts"],
        description:
          "Takes declarations, decides each at its `declaredAt`, and puts them in the place of all real zones of the cluster; an empty list is a calendar without zones. Appends nothing. The answer has the real figures beside those of the other calendar, and says what is assumed.",
        querystring: whatIfQuery,
        body: z.strictObject({ nfzs: hypotheses }),
        response: answers("Both calendars, side by side.", whatIf),
      },
    },
    async ({ query, body }, reply) => {
      const sequence = await positionOf(ledger, query, reply);
      const answer = await whatIfAnswer(ledger, { ...query, ...body, sequence });
      return { asOf: asOf(sequence), ...answer };
    },
  );
}

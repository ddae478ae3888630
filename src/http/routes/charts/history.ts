/** `GET /v1/history`: when the ledger took in how much, for the slider through its positions. */
import { z } from "zod";
import { historyAnswer, historyOrders } from "../../../answers/charts/history.ts";
import { formatInstant } from "../../../../projections/time/instant.ts";
import { maxHistoryBins } from "../../../limits/reports.ts";
import type { ApiContext } from "../context.ts";
import type { Api } from "../../server/api.ts";
import { asOf, positionOf } from "../../query/position.ts";
import { checkPosition, positionQuery, wholeNumber } from "../../query/query.ts";
import { formatOf, formatParameter } from "../../query/representation.ts";
import { sendTable, tableAnswers, tableFormats } from "../../query/table.ts";
import { ledgerHistory } from "../../schemas/charts.ts";

const usualBins = 720;
const columns = ["at", "lastSequence", "events", "corrections", "seals"] as const;

const query = z
  .strictObject({
    w: wholeNumber(1, maxHistoryBins, `Most bins. Default: ${usualBins}.`).optional(),
    by: z
      .enum(historyOrders)
      .optional()
      .describe(
        "recorded (the default): bins of equal time, whole minutes. sequence: bins of as many events each.",
      ),
    ...positionQuery,
    format: formatParameter(tableFormats),
  })
  .superRefine(checkPosition);

export function historyRoutes(app: Api, { ledger }: ApiContext): void {
  const schema = {
    operationId: "getHistory",
    summary: "How many events, corrections and seals the ledger took in, and when",
    tags: ["audit"],
    querystring: query,
    response: tableAnswers("The bins, from the first event to the position.", ledgerHistory),
  };
  app.get("/v1/history", { schema }, async (request, reply) => {
    const format = formatOf(request.query.format, tableFormats, request, reply);
    const sequence = await positionOf(ledger, request.query, reply);
    const { w = usualBins, by = "recorded" } = request.query;
    const answer = await historyAnswer(ledger, sequence, by, w);
    if (format === "json") return { asOf: asOf(sequence), ...answer };
    const rows = answer.at.map((at, i) => ({
      at: formatInstant(at),
      lastSequence: answer.lastSequence[i],
      events: answer.events[i],
      corrections: answer.corrections[i],
      seals: answer.seals[i],
    }));
    return await sendTable(reply, `history-${sequence}`, columns, { rows, next: null });
  });
}

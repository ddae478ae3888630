/** `GET /v1/jobs/{cluster}/{job}/strip`: a job's time as a strip of cells, with its breaks. */
import { z } from "zod";
import { stripAnswer } from "../../../answers/charts/job-strip.ts";
import { ofCluster } from "../../../answers/known-cluster.ts";
import { LedgerError } from "../../../errors.ts";
import { jobName } from "../../../events/fields/fields.ts";
import { maxStripCells } from "../../../limits/reports.ts";
import type { ApiContext } from "../context.ts";
import type { Api } from "../../server/api.ts";
import { asOf, positionOf } from "../../query/position.ts";
import {
  checkPosition,
  checkWindow,
  cluster,
  positionQuery,
  windowQuery,
  wholeNumber,
} from "../../query/query.ts";
import { formatOf, formatParameter } from "../../query/representation.ts";
import { sendTable, tableAnswers, tableFormats } from "../../query/table.ts";
import { jobStripAnswer } from "../../schemas/charts.ts";

const usualCells = 720;
const columns = [
  "at",
  "until",
  "kind",
  "count",
  "faultId",
  "rolloutId",
  "maintenanceId",
  "node",
  "eventId",
] as const;

const query = z
  .strictObject({
    w: wholeNumber(1, maxStripCells, `Cells. Default: ${usualCells}.`).optional(),
    ...windowQuery,
    period: windowQuery.period.describe(
      "The window, as for a report. Without it and from and to: from the job's first start to its end, or to ledger time.",
    ),
    ...positionQuery,
    format: formatParameter(tableFormats),
  })
  .superRefine(checkWindow)
  .superRefine(checkPosition);

export function jobStripRoutes(app: Api, { ledger }: ApiContext): void {
  const schema = {
    operationId: "getJobStrip",
    summary: "A job's time as a strip of cells: kept, checkpointing, lost, interrupted, paused",
    tags: ["timelines"],
    description:
      "Cell i begins at from + ⌊i × (to − from) / w⌋; one after ledger time is not held.",
    params: z.strictObject({ cluster, job: jobName }),
    querystring: query,
    response: tableAnswers(
      "The strip, and at most 500 breaks, which are the rows.",
      jobStripAnswer,
    ),
  };
  app.get("/v1/jobs/:cluster/:job/strip", { schema }, async (request, reply) => {
    const { params, query: asked } = request;
    const format = formatOf(asked.format, tableFormats, request, reply);
    const sequence = await positionOf(ledger, asked, reply);
    const answer = await ofCluster(ledger, params.cluster, sequence, (view) =>
      stripAnswer(view, params.job, asked, asked.w ?? usualCells),
    );
    if (answer === null) {
      const detail = `Cluster "${params.cluster}" has no job "${params.job}" at this position.`;
      throw new LedgerError("not-found", detail);
    }
    if (format === "json") return { asOf: asOf(sequence), ...answer };
    const name = `breaks-${params.cluster}-${params.job}`;
    return await sendTable(reply, name, columns, { rows: answer.breaks, next: null });
  });
}

/** `GET /v1/series`: figures for each calendar bucket of a window. */
import { z } from "zod";
import { resolveRequest } from "../../../../projections/document/entry/inputs.ts";
import type { SeriesName } from "../../../../projections/figures/series/series.ts";
import { seriesInSteps } from "../../../../projections/figures/series/series.ts";
import type { BucketName } from "../../../../projections/time/buckets.ts";
import { bucketEdges, bucketNames, isBucketEdge } from "../../../../projections/time/buckets.ts";
import { formatInstant } from "../../../../projections/time/instant.ts";
import { zoneNamed } from "../../../../projections/time/period.ts";
import type { ClusterView } from "../../../../projections/view.ts";
import { knownCluster } from "../../../answers/known-cluster.ts";
import { maxSeriesBuckets, maxSeriesFigures } from "../../../limits/reports.ts";
import { LedgerError } from "../../../errors.ts";
import type { NamedWindow } from "../../../reports/kept-of-window.ts";
import { keptOfWindow } from "../../../reports/kept-of-window.ts";
import { zonesInForce } from "../../../zones/zones.ts";
import type { ApiContext } from "../context.ts";
import type { Api } from "../../server/api.ts";
import { asOf, positionOf } from "../../query/position.ts";
import {
  checkPosition,
  checkWindow,
  cluster,
  nameList,
  positionQuery,
  windowQuery,
} from "../../query/query.ts";
import { formatOf, formatParameter } from "../../query/representation.ts";
import { sendTable, tableAnswers, tableFormats } from "../../query/table.ts";
import { series, seriesNames } from "../../schemas/series.ts";

const usualFigures: readonly SeriesName[] = ["nis.contractual", "nis.raw"];

const figures = nameList(
  seriesNames,
  maxSeriesFigures,
  `A comma-separated list of at most ${maxSeriesFigures} of ${seriesNames.join(", ")}. Default: ${usualFigures.join(",")}.`,
);

const query = z
  .strictObject({
    cluster,
    figures: figures.optional(),
    bucket: z
      .enum(bucketNames)
      .optional()
      .describe(
        "Hours, days (the default), ISO weeks or months of the zone. The window cuts the first and the last bucket.",
      ),
    ...windowQuery,
    ...positionQuery,
    format: formatParameter(tableFormats),
  })
  .superRefine(checkWindow)
  .superRefine(checkPosition);

export function seriesRoutes(app: Api, { ledger }: ApiContext): void {
  const schema = {
    operationId: "getSeries",
    summary: "Figures by hours, days, weeks or months of a window",
    tags: ["figures"],
    description:
      "Each value is what `/v1/nis`, `/v1/mttr` and `/v1/job-uptime` give for that bucket as a window of its own. Sums of node-time and counts add up to those of the whole window. At most 1,500 buckets.",
    querystring: query,
    response: tableAnswers("A value for each bucket and figure.", series),
  };
  app.get("/v1/series", { schema }, async (request, reply) => {
    const format = formatOf(request.query.format, tableFormats, request, reply);
    const sequence = await positionOf(ledger, request.query, reply);
    const { cluster: name, figures: names = usualFigures, bucket = "1d" } = request.query;
    knownCluster(ledger, name, sequence);
    const answer = await keptOfWindow(ledger, name, sequence, request.query, {
      name: JSON.stringify(["series", bucket, names]),
      make: (view, window) => seriesOf(view, window, bucket, names),
      bytesOf: ({ at }) => 16 * at.length * (2 + names.length),
    });
    if (format === "json") return { asOf: asOf(sequence), cluster: name, ...answer };
    const rows = answer.at.map((from, i) => ({
      at: formatInstant(from),
      complete: answer.complete[i],
      ...Object.fromEntries(names.map((figure) => [figure, answer.figures[figure]?.[i]])),
    }));
    const columns = ["at", "complete", ...names];
    return await sendTable(reply, `series-${name}`, columns, { rows, next: null });
  });
}

function* seriesOf(
  view: ClusterView,
  window: NamedWindow,
  bucket: BucketName,
  names: readonly SeriesName[],
) {
  const zones = zonesInForce(view.zoneTable);
  const { from, to, zone: zoneName } = resolveRequest(view, window, zones);
  const zone = zoneNamed(zoneName, zones);
  const edges = bucketEdges({ from, to }, bucket, zone, maxSeriesBuckets);
  if (edges === null) {
    throw new LedgerError(
      "invalid-request",
      `The window has more than ${maxSeriesBuckets} buckets of one ${bucket}. Use longer buckets or a shorter window.`,
      { errors: [{ path: "/query/bucket", message: "is too short for this window" }] },
    );
  }
  const complete = edges.slice(1).map(() => true);
  if (!isBucketEdge(from, bucket, zone)) complete[0] = false;
  if (!isBucketEdge(to, bucket, zone)) complete[complete.length - 1] = false;
  return {
    from: formatInstant(from),
    to: formatInstant(to),
    zone: zoneName,
    bucket,
    at: edges.slice(0, -1),
    figures: yield* seriesInSteps(view, edges, names, zones),
    complete,
  };
}

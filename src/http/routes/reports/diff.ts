/** `GET /v1/audit/diff`: what changed in each figure between two positions, and which events changed it. */
import { z } from "zod";
import { changedMonths } from "../../../reports/restated/changed-months.ts";
import type { ComparisonLimits } from "../../../reports/restated/restate.ts";
import { comparePositions } from "../../../reports/restated/restate.ts";
import type { Ledger } from "../../../ledger/ledger.ts";
import { maxAttributedDocuments, maxComparedPeriods } from "../../../limits/reports.ts";
import { whileWaitedFor } from "../../server/client-gone.ts";
import type { ApiContext } from "../context.ts";
import type { Api, ApiReply } from "../../server/api.ts";
import { comparisonJson, comparisonSchema } from "../../../reports/restated/difference-json.ts";
import { namedPeriod } from "../../../reports/default-period.ts";
import { clusterViews } from "../../../answers/known-cluster.ts";
import type { PositionQuery } from "../../../answers/look-back.ts";
import { jsonInSteps } from "../../../reports/document-text.ts";
import { sendJson } from "../../query/representation.ts";
import { positionOf, requireReached } from "../../query/position.ts";
import { isLookBack } from "../../../answers/look-back.ts";
import {
  checkPosition,
  cluster,
  positionQuery,
  windowQuery,
  wholeNumber,
} from "../../query/query.ts";
import { answers } from "../../../answers/schemas.ts";

const { period, zone } = windowQuery;
const sequence = (description: string) => wholeNumber(0, Number.MAX_SAFE_INTEGER, description);
const query = z
  .strictObject({
    from: sequence("The earlier position."),
    to: sequence("The later position. Default: the newest.").optional(),
    cluster: cluster.optional().describe("Left out: every cluster that is there at `to`."),
    period,
    zone,
    ...positionQuery,
  })
  .superRefine(checkPosition)
  .refine(({ from, to }) => to === undefined || from <= to, {
    error: "must not be before from",
    path: ["to"],
  });

const clusterDiff = comparisonSchema.extend({ cluster: z.string(), period: z.string() });

export function diffRoutes(app: Api, { ledger, stopping }: ApiContext): void {
  app.get(
    "/v1/audit/diff",
    {
      schema: {
        operationId: "comparePositions",
        summary: "What changed in each figure between two positions, and because of which events",
        tags: ["audit"],
        description: `Compares each cluster's SLA document of the period. Without a period: of every month that changed, one row each, latest first, at most ${maxComparedPeriods}. At most ${maxAttributedDocuments} documents are computed to attribute changes, fewer if they are large; changes that this cannot attribute to one event are given as ranges.`,
        querystring: query,
        response: answers(
          "The differences of each cluster.",
          z.strictObject({
            from: z.int(),
            to: z.int(),
            clusters: z.array(clusterDiff),
            omitted: z
              .array(z.strictObject({ cluster: z.string(), period: z.string() }))
              .describe("Number of further months that changed and are not listed."),
          }),
        ),
      },
    },
    async (request, reply) => {
      const { from, cluster: name } = request.query;
      const signal = whileWaitedFor(reply, stopping);
      const to = await laterPosition(ledger, request.query, reply);
      requireReached("from", from, to);
      const views = clusterViews(ledger, name, to);
      const { period: asked, zone: zoneName } = request.query;
      const wanted: { cluster: string; label: string }[] = [];
      for (const view of views) {
        const labels =
          asked === undefined
            ? await changedMonths(ledger, view, zoneName, { from, to }, signal)
            : [namedPeriod(view, asked, zoneName)];
        for (const label of labels) wanted.push({ cluster: view.cluster, label });
      }
      // The latest months matter most; the others are named, so that they can be requested one by one.
      wanted.sort((a, b) => Number(a.label < b.label) - Number(a.label > b.label));
      const told = wanted.slice(0, maxComparedPeriods);
      const share = Math.max(8, Math.floor(maxAttributedDocuments / Math.max(1, told.length)));
      const clusters = [];
      for (const { cluster: its, label } of told) {
        const limits = { maxDocuments: share, signal };
        clusters.push(await diffOf(ledger, { from, to, zone: zoneName }, its, label, limits));
      }
      const left = wanted.slice(told.length);
      const omitted = left.map((each) => ({ cluster: each.cluster, period: each.label }));
      return await sendJson(reply, jsonInSteps({ from, to, clusters, omitted }));
    },
  );
}

/** The later position; if the read looks back, it must not be past that position. */
async function laterPosition(
  ledger: Ledger,
  { to, ...stand }: PositionQuery & { readonly to?: number | undefined },
  reply: ApiReply,
): Promise<number> {
  if (!isLookBack(stand)) return await positionOf(ledger, { ...stand, asOf: to }, reply);
  const head = await positionOf(ledger, stand, reply);
  requireReached("to", to ?? head, head);
  return to ?? head;
}

async function diffOf(
  ledger: Ledger,
  { from, to, zone: zoneName }: { from: number; to: number; zone?: string | undefined },
  name: string,
  label: string,
  limits: ComparisonLimits,
) {
  const compared = { cluster: name, period: label, zone: zoneName, from, to };
  const comparison = await comparePositions(ledger, compared, limits);
  return { cluster: name, period: label, ...comparisonJson(comparison) };
}

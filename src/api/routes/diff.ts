/** `GET /v1/audit/diff`: what changed in every figure between two positions, and because of which events. */
import { z } from "zod";
import { comparePositions } from "../../audit/restate.ts";
import type { Ledger } from "../../ledger/ledger.ts";
import { LedgerError } from "../../errors.ts";
import { maxAttributedDocuments } from "../../limits.ts";
import type { Api, ApiContext } from "../context.ts";
import { defaultPeriod } from "../default-period.ts";
import { comparisonJson, comparisonSchema } from "../difference-json.ts";
import { clusterViews } from "../known-cluster.ts";
import { positionOf } from "../position.ts";
import { cluster, windowQuery, wholeNumber } from "../query.ts";
import { answers } from "../schemas/answer.ts";

const { period, zone } = windowQuery;
const sequence = (description: string) => wholeNumber(0, Number.MAX_SAFE_INTEGER, description);
const query = z
  .strictObject({
    from: sequence("The earlier position."),
    to: sequence("The later one; left out: the newest.").optional(),
    cluster: cluster.optional().describe("Left out: every cluster that is there at `to`."),
    period,
    zone,
  })
  .refine(({ from, to }) => to === undefined || from <= to, {
    error: "must not be before from",
    path: ["to"],
  });

const clusterDiff = comparisonSchema.extend({ cluster: z.string(), period: z.string() });

export function diffRoutes(app: Api, { ledger }: ApiContext): void {
  app.get(
    "/v1/audit/diff",
    {
      schema: {
        summary: "What changed in every figure between two positions, and by which events",
        tags: ["audit"],
        description: `Of each cluster's SLA document of the period (left out: the last full month as of \`to\`). At most ${maxAttributedDocuments} documents are computed for it; what could not be told apart within them is given as ranges.`,
        querystring: query,
        response: answers(
          "The differences of each cluster.",
          z.object({ from: z.int(), to: z.int(), clusters: z.array(clusterDiff) }),
        ),
      },
    },
    async (request, reply) => {
      const { from, cluster: name } = request.query;
      const to = await positionOf(ledger, { asOf: request.query.to }, reply);
      if (from > to) {
        throw new LedgerError("position-past-head", `The ledger stands at sequence ${to}.`, {
          faults: [{ path: "/query/from", message: `must not be after ${to}` }],
        });
      }
      const views = clusterViews(ledger, name, to);
      const share = Math.max(8, Math.floor(maxAttributedDocuments / Math.max(1, views.length)));
      const clusters = [];
      for (const view of views) {
        const label = request.query.period ?? defaultPeriod(view, request.query.zone)?.label;
        if (label === undefined) continue;
        clusters.push(
          await diffOf(ledger, { ...request.query, from, to }, view.cluster, label, share),
        );
      }
      return { from, to, clusters };
    },
  );
}

async function diffOf(
  ledger: Ledger,
  { from, to, zone: zoneName }: { from: number; to: number; zone?: string | undefined },
  name: string,
  label: string,
  maxDocuments: number,
) {
  const compared = { cluster: name, period: label, zone: zoneName, from, to };
  const comparison = await comparePositions(ledger, compared, maxDocuments);
  return { cluster: name, period: label, ...comparisonJson(comparison) };
}

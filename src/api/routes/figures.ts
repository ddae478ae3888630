/** One figure of the SLA document each, for any window: `/v1/nis`, `/v1/mttr`, `/v1/job-uptime`, `/v1/data-quality`. */
import { z } from "zod";
import type { SlaDocument } from "../../../projections/sla-document.ts";
import type { Api, ApiContext } from "../context.ts";
import { slaDocumentOf } from "../figures.ts";
import { clusterViews } from "../known-cluster.ts";
import { asOf, positionOf } from "../position.ts";
import { checkPosition, checkWindow, cluster, positionQuery, windowQuery } from "../query.ts";
import { answers, position } from "../schemas/answer.ts";
import {
  dataQualitySection,
  jobUptimeSection,
  mttrSection,
  nisSection,
  period,
  policy,
} from "../schemas/sla.ts";

const query = z
  .strictObject({
    cluster: cluster.optional().describe("Left out: every cluster."),
    ...windowQuery,
    ...positionQuery,
  })
  .superRefine(checkWindow)
  .superRefine(checkPosition);

const figures = [
  {
    path: "nis",
    section: "nis",
    schema: nisSection,
    summary: "Nodes in service, raw and contractual",
  },
  {
    path: "mttr",
    section: "mttr",
    schema: mttrSection,
    summary: "Mean time to repair, with what is open",
  },
  {
    path: "job-uptime",
    section: "jobUptime",
    schema: jobUptimeSection,
    summary: "Job uptime and ETTR",
  },
  {
    path: "data-quality",
    section: "dataQuality",
    schema: dataQualitySection,
    summary: "Facts that did not fit, by kind",
  },
] as const satisfies readonly { section: keyof SlaDocument; [more: string]: unknown }[];

export function figureRoutes(app: Api, { ledger }: ApiContext): void {
  for (const { path, section, schema, summary } of figures) {
    const figure = z.object({ cluster: z.string(), period, policy, [section]: schema });
    app.get(
      `/v1/${path}`,
      {
        schema: {
          summary,
          tags: ["figures"],
          querystring: query,
          response: answers(
            "The figure of each cluster; it is as in the SLA document of the same window.",
            z.object({ asOf: position, clusters: z.array(figure) }),
          ),
        },
      },
      async (request, reply) => {
        const sequence = await positionOf(ledger, request.query, reply);
        const clusters = clusterViews(ledger, request.query.cluster, sequence).map((view) => {
          const document = slaDocumentOf(view, request.query);
          return {
            cluster: document.cluster,
            period: document.period,
            policy: document.policy,
            [section]: document[section],
          };
        });
        return { asOf: asOf(sequence), clusters };
      },
    );
  }
}

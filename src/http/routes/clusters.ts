/** `GET /v1/clusters` and `GET /v1/clusters/{cluster}/summary`. */
import { z } from "zod";
import type { ClusterView } from "../../../projections/view.ts";
import { askedInstant, atJson } from "../../answers/asked-instant.ts";
import {
  checkPosition,
  checkWindow,
  cluster,
  instantQuery,
  positionQuery,
  windowQuery,
} from "../query/query.ts";
import type { ApiContext } from "./context.ts";
import type { Api } from "../server/api.ts";
import { clusterSummary } from "../../reports/cluster-summary.ts";
import { ofClusterInSteps, ofClusters } from "../../answers/known-cluster.ts";
import { asOf, positionOf } from "../query/position.ts";
import { nodeStateAt, nodesAt } from "../../answers/timeline-json.ts";
import { answers, nullableInstant, position, wholeCount } from "../../answers/schemas.ts";
import { clusterSummary as summarySchema } from "../schemas/summary.ts";

const listQuery = z.strictObject({ ...instantQuery, ...positionQuery }).superRefine(checkPosition);
const summaryQuery = z
  .strictObject({ ...windowQuery, ...positionQuery })
  .superRefine(checkWindow)
  .superRefine(checkPosition);

const text = z.string().nullable();
const description = z.strictObject({
  cluster: z.string(),
  name: text,
  sku: text,
  region: text,
  zone: text,
  nodes: wholeCount.describe("Number of members at the instant."),
  jobs: wholeCount,
});

export function clusterRoutes(app: Api, { ledger }: ApiContext): void {
  app.get(
    "/v1/clusters",
    {
      schema: {
        operationId: "listClusters",
        summary: "Clusters",
        tags: ["clusters"],
        querystring: listQuery,
        response: answers(
          "By name.",
          z.strictObject({ asOf: position, at: nullableInstant, clusters: z.array(description) }),
        ),
      },
    },
    async (request, reply) => {
      const sequence = await positionOf(ledger, request.query, reply);
      const at = askedInstant(ledger, request.query, sequence);
      const clusters = await ofClusters(ledger, undefined, sequence, (view) =>
        describeCluster(view, at),
      );
      return { asOf: asOf(sequence), at: atJson(at), clusters };
    },
  );

  app.get(
    "/v1/clusters/:cluster/summary",
    {
      schema: {
        operationId: "getClusterSummary",
        summary: "The headline figures of a cluster against their targets",
        tags: ["clusters"],
        params: z.strictObject({ cluster }),
        querystring: summaryQuery,
        response: answers(
          "The figures. The SLA document has the complete sections.",
          summarySchema,
        ),
      },
    },
    async (request, reply) => {
      const sequence = await positionOf(ledger, request.query, reply);
      const { params, query: asked } = request;
      const summary = await ofClusterInSteps(ledger, params.cluster, sequence, (view) =>
        clusterSummary(view, asked),
      );
      return { asOf: asOf(sequence), ...summary };
    },
  );
}

function describeCluster(view: ClusterView, at: number | null) {
  const registration = view.registrations.at(-1)?.data;
  return {
    cluster: view.cluster,
    name: registration?.name ?? null,
    sku: registration?.sku ?? null,
    region: registration?.region ?? null,
    zone: registration?.zone ?? null,
    nodes: nodesAt(view, at).filter((node) => nodeStateAt(node, at) !== null).length,
    jobs: view.names("job").length,
  };
}

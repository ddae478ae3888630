/** Timelines of single nodes and jobs. */
import { z } from "zod";
import { jobName, nodeName } from "../../events/fields/fields.ts";
import { LedgerError } from "../../errors.ts";
import { askedInstant, atJson } from "../../answers/asked-instant.ts";
import { instantQuery } from "../query/query.ts";
import type { ApiContext } from "./context.ts";
import type { Api } from "../server/api.ts";
import { knownCluster } from "../../answers/known-cluster.ts";
import { asOf, positionOf } from "../query/position.ts";
import { checkPosition, cluster, positionQuery } from "../query/query.ts";
import { answers } from "../../answers/schemas.ts";
import { jobJson, nodeJson } from "../../answers/timeline-json.ts";
import { jobTimeline, nodeTimeline } from "../schemas/timelines.ts";

const query = z.strictObject(positionQuery).superRefine(checkPosition);
const nodeQuery = z.strictObject({ ...instantQuery, ...positionQuery }).superRefine(checkPosition);
export function entityRoutes(app: Api, { ledger }: ApiContext): void {
  app.get(
    "/v1/nodes/:cluster/:node",
    {
      schema: {
        operationId: "getNode",
        summary: "A node's timeline: memberships, states, faults, maintenance",
        tags: ["timelines"],
        params: z.strictObject({ cluster, node: nodeName }),
        querystring: nodeQuery,
        response: answers("The timeline.", nodeTimeline),
      },
    },
    async (request, reply) => {
      const { params } = request;
      const sequence = await positionOf(ledger, request.query, reply);
      const timeline = knownCluster(ledger, params.cluster, sequence).entity("node", params.node);
      if (timeline === null) throw nothing("node", params.node, params.cluster);
      const at = askedInstant(ledger, request.query, sequence);
      return {
        asOf: asOf(sequence),
        at: atJson(at),
        cluster: params.cluster,
        ...nodeJson(timeline, at),
      };
    },
  );

  app.get(
    "/v1/jobs/:cluster/:job",
    {
      schema: {
        operationId: "getJob",
        summary: "A job's timeline: runs, interruptions, what was kept and lost",
        tags: ["timelines"],
        params: z.strictObject({ cluster, job: jobName }),
        querystring: query,
        response: answers("The timeline.", jobTimeline),
      },
    },
    async (request, reply) => {
      const { params } = request;
      const sequence = await positionOf(ledger, request.query, reply);
      const timeline = knownCluster(ledger, params.cluster, sequence).entity("job", params.job);
      if (timeline === null) throw nothing("job", params.job, params.cluster);
      return { asOf: asOf(sequence), cluster: params.cluster, ...jobJson(timeline) };
    },
  );
}

function nothing(kind: string, name: string, clusterName: string): LedgerError {
  return new LedgerError(
    "not-found",
    `Cluster "${clusterName}" has no ${kind} "${name}" at this position.`,
  );
}

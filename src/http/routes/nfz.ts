/** `GET /v1/nfz`: no-fly zones, with all changes applied. */
import { z } from "zod";
import { askedInstant, atJson } from "../../answers/asked-instant.ts";
import {
  checkPosition,
  cluster,
  instantParameter,
  instantQuery,
  positionQuery,
} from "../query/query.ts";
import type { ApiContext } from "./context.ts";
import type { Api } from "../server/api.ts";
import { ofClusters } from "../../answers/known-cluster.ts";
import { asOf, positionOf } from "../query/position.ts";
import { formatOf, formatParameter } from "../query/representation.ts";
import { sendTable, tableAnswers, tableFormats } from "../query/table.ts";
import { nullableInstant, position } from "../../answers/schemas.ts";
import { nfzTimeline } from "../schemas/timelines.ts";
import { nfzJson } from "../../answers/timeline-json.ts";

const query = z
  .strictObject({
    cluster: cluster.optional().describe("Default: all clusters."),
    from: instantParameter("Only zones with an occurrence that ends after it.").optional(),
    to: instantParameter("Only zones with an occurrence that begins before it.").optional(),
    ...instantQuery,
    ...positionQuery,
    format: formatParameter(tableFormats),
  })
  .superRefine(checkPosition);

const columns = [
  "cluster",
  "nfz",
  "from",
  "to",
  "inForce",
  "inFlight",
  "noFastPath",
  "scope",
  "recurrence",
  "tzdata",
  "resolvedUntil",
];

export function nfzRoutes(app: Api, { ledger }: ApiContext): void {
  app.get(
    "/v1/nfz",
    {
      schema: {
        operationId: "listNoFlyZones",
        summary: "No-fly zones, with all changes applied",
        tags: ["rollouts"],
        querystring: query,
        response: tableAnswers(
          "By cluster, then name. As CSV, a zone has a row for each occurrence.",
          z.strictObject({ asOf: position, at: nullableInstant, nfz: z.array(nfzTimeline) }),
        ),
      },
    },
    async (request, reply) => {
      const { from = -Infinity, to = Infinity } = request.query;
      const format = formatOf(request.query.format, tableFormats, request, reply);
      const sequence = await positionOf(ledger, request.query, reply);
      const isAnywhere = from === -Infinity && to === Infinity;
      const at = askedInstant(ledger, request.query, sequence);
      const nfz = await ofClusters(ledger, request.query.cluster, sequence, (view) =>
        [...view.entities("nfz")]
          .filter((each) => isAnywhere || each.occurrences.some((o) => o.from < to && o.to > from))
          .map((each) => ({ cluster: view.cluster, ...nfzJson(each, at) })),
      );
      if (format === "json") return { asOf: asOf(sequence), at: atJson(at), nfz: nfz.flat() };
      const rows = nfz.flat().flatMap((zone) => {
        const occurrences = zone.occurrences.length === 0 ? [{}] : zone.occurrences;
        return occurrences.map((occurrence) => ({ ...zone, ...occurrence }));
      });
      return await sendTable(reply, "nfz", columns, { rows, next: null });
    },
  );
}

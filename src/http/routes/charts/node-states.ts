/** `GET /v1/node-states`: the states of a cluster's nodes as a grid, for a picture. */
import { z } from "zod";
import { nodeRowOrders } from "../../../../projections/figures/grid/node-rows.ts";
import {
  bytesOfStates,
  gridBytes,
  gridIndex,
  nodeStates,
} from "../../../answers/charts/node-states.ts";
import { keptOfWindow } from "../../../reports/kept-of-window.ts";
import { knownCluster } from "../../../answers/known-cluster.ts";
import { documented, problemAnswers } from "../../../answers/schemas.ts";
import { label } from "../../../events/fields/fields.ts";
import { maxGridColumns, maxGridRows } from "../../../limits/reports.ts";
import { tableCsvInSteps } from "../../../reports/csv/table-csv.ts";
import { jsonInSteps } from "../../../reports/document-text.ts";
import type { ApiContext } from "../context.ts";
import type { Api } from "../../server/api.ts";
import { addressOf } from "../../query/next-page.ts";
import { asOf, positionOf } from "../../query/position.ts";
import {
  checkPosition,
  checkWindow,
  cluster,
  positionQuery,
  windowQuery,
  wholeNumber,
} from "../../query/query.ts";
import {
  formatOf,
  formatParameter,
  sendBinary,
  sendCsv,
  sendJson,
} from "../../query/representation.ts";
import { nodeStatesIndex } from "../../schemas/charts.ts";

/** The first is the default. */
const formats = ["binary", "json", "csv"] as const;
const usualColumns = 720;
const usualRows = 480;

const columns = [
  "rack",
  "nodes",
  "memberMs",
  "inServiceMs",
  "downMs",
  "maintenanceMs",
  "unknownMs",
] as const;

const query = z
  .strictObject({
    cluster,
    rack: label.optional().describe("Only nodes while they were members of this rack."),
    w: wholeNumber(1, maxGridColumns, `Columns. Default: ${usualColumns}.`).optional(),
    h: wholeNumber(1, maxGridRows, `Most rows. Default: ${usualRows}.`).optional(),
    order: z
      .enum(nodeRowOrders)
      .optional()
      .describe(
        "rack (the default): by rack, then name. worst: most time down first, then most maintenance, then most unobserved. name.",
      ),
    ...windowQuery,
    ...positionQuery,
    format: formatParameter(formats),
  })
  .superRefine(checkWindow)
  .superRefine(checkPosition);

const description = [
  "A row is a run of consecutive nodes in the order, of as few as fit into `h` rows; with order=rack a row ends with its rack, unless there are more racks than rows.",
  "The binary form has a head of 24 bytes, little-endian: the letters FLNS, version (u16, 1), columns w (u16), rows h (u16), 2 bytes of zero, nodes of a full row (u32), mean length of a column in milliseconds (f64). Then come w × h bytes, row by row.",
  "Column i begins at from + ⌊i × (to − from) / w⌋. In a byte, bits 7–5 are the worst state: 0 in service, 1 unobserved, 2 maintenance, 3 down, 4 no member. Bits 4–0 are the share of the cell's member node-time that is in it, in 31sts, rounded up (0 with no member).",
  'A cell that is not over is computed up to ledger time; one after it has no member. `Link: …; rel="index"` is the address of the rows\' names at the same position.',
].join(" ");

export function nodeStateRoutes(app: Api, { ledger }: ApiContext): void {
  const schema = {
    operationId: "getNodeStates",
    summary: "The states of nodes over time as a grid: worst state, and how much of it",
    tags: ["figures"],
    description,
    querystring: query,
    response: documented({
      200: {
        description: "The grid; or what its rows are, with their sums, as JSON or CSV.",
        content: {
          "application/octet-stream": { schema: z.string().meta({ format: "binary" }) },
          "application/json": { schema: nodeStatesIndex },
          "text/csv": { schema: z.string() },
        },
      },
      ...problemAnswers,
    }),
  };
  app.get("/v1/node-states", { schema }, async (request, reply) => {
    const { query: asked } = request;
    const format = formatOf(asked.format, formats, request, reply);
    const sequence = await positionOf(ledger, asked, reply);
    const { w = usualColumns, h = usualRows, order = "rack" } = asked;
    knownCluster(ledger, asked.cluster, sequence);
    const states = await keptOfWindow(ledger, asked.cluster, sequence, asked, {
      name: JSON.stringify(["node states", asked.rack, w, h, order]),
      make: (view, window) => nodeStates(view, { ...window, rack: asked.rack, w, h, order }),
      bytesOf: bytesOfStates,
    });
    const stand = { sequence, at: null };
    const index = addressOf("/v1/node-states", asked, stand, { format: "json" });
    reply.header("link", `<${index}>; rel="index"`);
    if (format === "binary") return sendBinary(reply, gridBytes(states.grid));
    const answer = { asOf: asOf(sequence), ...gridIndex(states) };
    if (format === "json") return await sendJson(reply, jsonInSteps(answer));
    const name = `node-states-${asked.cluster}`;
    return await sendCsv(reply, name, tableCsvInSteps(columns, answer.rows));
  });
}

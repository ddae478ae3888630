/** `GET /v1/data-quality`: the facts of a window that do not fit, counted and listed page by page. */
import { z } from "zod";
import { LedgerError } from "../../../errors.ts";
import { defaultPageSize, maxPageSize } from "../../../limits/requests.ts";
import { formatInstant } from "../../../../projections/time/instant.ts";
import type { ApiContext } from "../context.ts";
import type { Api } from "../../server/api.ts";
import { figuresAlone } from "../../../reports/figures.ts";
import { fixOf } from "../../../answers/finding-fixes.ts";
import { ofClusters } from "../../../answers/known-cluster.ts";
import { asOf, positionOf } from "../../query/position.ts";
import {
  checkPosition,
  checkWindow,
  cluster,
  positionQuery,
  wholeNumber,
  windowQuery,
} from "../../query/query.ts";
import { lastEventOf } from "../../../answers/last-event.ts";
import { isLookBack } from "../../../answers/look-back.ts";
import { documented, position, problemAnswers, wholeCount } from "../../../answers/schemas.ts";
import { findingsPage } from "../../../dashboard/lists/findings-page.ts";
import { formatOf, formatParameter, sendHtml } from "../../query/representation.ts";
import { findingRow, findingTally, sections } from "../../schemas/sla.ts";

/** The first is the default. */
const formats = ["json", "html"] as const;
const query = z
  .strictObject({
    cluster: cluster.optional().describe("Default: all clusters."),
    ...windowQuery,
    ...positionQuery,
    after: wholeNumber(0, Number.MAX_SAFE_INTEGER, "Skip this many findings; use next.").optional(),
    limit: wholeNumber(1, maxPageSize, "Maximum number of findings on a page.").optional(),
    format: formatParameter(formats),
  })
  .superRefine(checkWindow)
  .superRefine(checkPosition);

const figure = z.strictObject({
  cluster: sections.cluster,
  period: sections.period,
  policy: sections.policy,
  dataQuality: findingTally,
});
const finding = z.strictObject({
  cluster: z.string(),
  ...findingRow,
  fix: z.string().describe("How to fix it."),
});
const body = z.strictObject({
  asOf: position,
  clusters: z.array(figure),
  total: wholeCount.describe("Number of findings of all clusters."),
  findings: z.array(finding).describe("By cluster, then time, event and kind."),
  next: z.string().nullable().describe("The address of the next page, at the same position."),
});

export function dataQualityRoutes(app: Api, { ledger }: ApiContext): void {
  const schema = {
    operationId: "listFindings",
    summary: "Facts that did not fit, counted by kind and listed with their events",
    tags: ["figures"],
    querystring: query,
    response: documented({
      200: {
        description:
          "The findings of each cluster, as in the SLA document of the same window: JSON, or a page.",
        content: { "application/json": { schema: body }, "text/html": { schema: z.string() } },
      },
      ...problemAnswers,
    }),
  };
  app.get("/v1/data-quality", { schema }, async (request, reply) => {
    const format = formatOf(request.query.format, formats, request, reply);
    const sequence = await positionOf(ledger, request.query, reply);
    const { after = 0, limit = defaultPageSize } = request.query;
    const { query: asked } = request;
    const documents = await ofClusters(ledger, asked.cluster, sequence, (view) =>
      figuresAlone(view, asked, ["cluster", "period", "policy", "dataQuality"]),
    );
    const all = documents.flatMap(({ cluster: name, dataQuality }) =>
      dataQuality.list.map((each) => ({ cluster: name, ...each, fix: fixOf(each.kind) })),
    );
    if (after > all.length) throw pastLastFinding(after, all.length);
    const end = after + limit;
    const next = end < all.length ? nextPage(request.query, end, sequence) : null;
    if (next !== null) reply.header("link", `<${next}>; rel="next"`);
    if (format === "html") {
      const head = {
        asOf: asOf(sequence),
        at: null,
        isPast: isLookBack(request.query),
        lastEvent: lastEventOf(ledger, request.query, sequence),
        windows: documents.map(({ cluster: name, period: over }) => ({ cluster: name, ...over })),
        total: all.length,
        next,
      };
      return await sendHtml(reply, findingsPage(head, all.slice(after, end)));
    }
    return {
      asOf: asOf(sequence),
      clusters: documents.map((document) => ({
        cluster: document.cluster,
        period: document.period,
        policy: document.policy,
        dataQuality: { findings: document.dataQuality.findings },
      })),
      total: all.length,
      findings: all.slice(after, end),
      next,
    };
  });
}

function pastLastFinding(after: number, total: number): LedgerError {
  const detail = `There are only ${total} findings, so no page begins after ${after} of them.`;
  const errors = [{ path: "/query/after", message: `must not be more than ${total}` }];
  return new LedgerError("invalid-request", detail, { errors });
}

/** The address of the next page, with the same query at the same position. */
function nextPage(asked: z.output<typeof query>, after: number, sequence: number): string {
  const parameters = new URLSearchParams();
  for (const key of ["cluster", "period", "zone", "limit", "format"] as const) {
    if (asked[key] !== undefined) parameters.set(key, String(asked[key]));
  }
  for (const key of ["from", "to"] as const) {
    const ms = asked[key];
    if (ms !== undefined) parameters.set(key, formatInstant(ms));
  }
  parameters.set("asOf", String(sequence));
  parameters.set("after", String(after));
  return `/v1/data-quality?${parameters.toString()}`;
}

/** `GET /v1/nodes`, `/v1/faults` and `/v1/jobs`: what is down now, what is open, which jobs run. */
import { z } from "zod";
import { faultGroupings, faultGroups, faultRows } from "../../../answers/lists/faults.ts";
import { jobRows, jobStates } from "../../../answers/lists/jobs.ts";
import { nodeOrders, nodeRows } from "../../../answers/lists/nodes.ts";
import { compareNames, pairKey } from "../../../answers/lists/rows.ts";
import { lastEventOf } from "../../../answers/last-event.ts";
import { isLookBack } from "../../../answers/look-back.ts";
import { documented, problemAnswers } from "../../../answers/schemas.ts";
import {
  faultGroupPage,
  faultPage,
  jobPage,
  nodePage,
} from "../../../dashboard/lists/list-pages.ts";
import { label } from "../../../events/fields/fields.ts";
import type { ApiContext } from "../context.ts";
import type { Api } from "../../server/api.ts";
import { checkPosition, checkWindow } from "../../query/query.ts";
import { formatOf, sendHtml } from "../../query/representation.ts";
import { sendTable } from "../../query/table.ts";
import { faultGroupNames, faultList, jobList, nodeList, nodeStates } from "../../schemas/lists.ts";
import { faultColumns, faultGroupColumns, jobColumns, nodeColumns } from "./list-columns.ts";
import type { ListQuery, ListStand } from "./list-request.ts";
import { formats, gather, listHead, listPage, listQuery, listStand } from "./list-request.ts";

const rackAndSku = {
  rack: label.optional().describe("Only nodes in this rack."),
  sku: label.optional().describe("Only nodes of this SKU."),
};
const nodeQuery = z
  .strictObject({
    ...listQuery,
    ...rackAndSku,
    state: z.enum(nodeStates).optional().describe("Only those in this state at the instant."),
    sort: z
      .enum(["name", "since", "faults", "state"])
      .optional()
      .describe("name (if left out), since (longest in its state), faults (most), state (worst)."),
  })
  .superRefine(checkWindow)
  .superRefine(checkPosition);
const yesOrNo = (description: string) =>
  z
    .enum(["true", "false"])
    .transform((text) => text === "true")
    .optional()
    .describe(description);
const faultQuery = z
  .strictObject({
    ...listQuery,
    ...rackAndSku,
    open: yesOrNo(
      "true: only faults open at the window's end; false: only faults that ended in it.",
    ),
    overdue: yesOrNo("true: only faults that are older than the target or took longer to repair."),
    group: z.enum(faultGroupNames).optional().describe("Groups with their figures, not rows."),
  })
  .superRefine(checkWindow)
  .superRefine(checkPosition);
const jobQuery = z
  .strictObject({
    ...listQuery,
    state: z.enum(jobStates).optional().describe("Only those in this state at the instant."),
  })
  .superRefine(checkWindow)
  .superRefine(checkPosition);

const isOf =
  ({ rack, sku }: { rack?: string | undefined; sku?: string | undefined }) =>
  (row: { readonly rack: string | null; readonly sku: string | null }) =>
    (rack === undefined || row.rack === rack) && (sku === undefined || row.sku === sku);

function listAnswers(description: string, body: z.ZodType) {
  return documented({
    200: {
      description: `${description} JSON, a page for people, or the same rows as CSV.`,
      content: {
        "application/json": { schema: body },
        "text/html": { schema: z.string() },
        "text/csv": { schema: z.string() },
      },
    },
    ...problemAnswers,
  });
}

export function listRoutes(app: Api, context: ApiContext): void {
  nodeRoute(app, context);
  faultRoute(app, context);
  jobRoute(app, context);
}

/** What a page shows besides its rows. */
function pageHead({ ledger }: ApiContext, query: ListQuery, stand: ListStand) {
  return {
    ...listHead(stand),
    isPast: isLookBack(query),
    lastEvent: lastEventOf(ledger, query, stand.sequence),
  };
}

function nodeRoute(app: Api, context: ApiContext): void {
  const schema = {
    operationId: "listNodes",
    summary: "Nodes at an instant: state, since when, recent faults",
    tags: ["lists"],
    querystring: nodeQuery,
    response: listAnswers("Members at the instant, a page at a time.", nodeList),
  };
  app.get("/v1/nodes", { schema }, async (request, reply) => {
    const { query } = request;
    const format = formatOf(query.format, formats, request, reply);
    const stand = await listStand(context.ledger, query, reply);
    const { state, sort = "name" } = query;
    const rows = (await gather(context.ledger, stand, nodeRows))
      .filter(isOf(query))
      .filter((row) => state === undefined || row.state === state)
      .sort(nodeOrders[sort]);
    const key = (row: (typeof rows)[number]) => pairKey(row.cluster, row.node);
    const { rows: nodes, ...page } = listPage("/v1/nodes", stand, query, rows, key);
    if (format === "csv")
      return await sendTable(reply, "nodes", nodeColumns, { rows: nodes, next: page.next });
    if (format === "json") return { ...listHead(stand), ...page, nodes };
    return await sendHtml(reply, nodePage({ ...pageHead(context, query, stand), ...page }, nodes));
  });
}

function faultRoute(app: Api, context: ApiContext): void {
  const schema = {
    operationId: "listFaults",
    summary: "Faults that are open, overdue or ended in a window, as rows or groups",
    tags: ["lists"],
    querystring: faultQuery,
    response: listAnswers("By start, or groups by size, a page at a time.", faultList),
  };
  app.get("/v1/faults", { schema }, async (request, reply) => {
    const { query } = request;
    const format = formatOf(query.format, formats, request, reply);
    const stand = await listStand(context.ledger, query, reply);
    const { open, overdue, group } = query;
    const rows = (await gather(context.ledger, stand, faultRows))
      .filter(isOf(query))
      .filter(({ outcome }) => open === undefined || open === (outcome === "open"))
      .filter(({ overTarget }) => overdue === undefined || overdue === overTarget)
      .sort((a, b) => compareNames(a.since, b.since));
    const head = pageHead(context, query, stand);
    if (group === undefined) {
      const key = (row: (typeof rows)[number]) => row.eventId;
      const { rows: faults, ...page } = listPage("/v1/faults", stand, query, rows, key);
      if (format === "csv")
        return await sendTable(reply, "faults", faultColumns, { rows: faults, next: page.next });
      if (format === "json") return { ...listHead(stand), ...page, faults };
      return await sendHtml(reply, faultPage({ ...head, ...page }, faults));
    }
    const grouped = faultGroups(rows, faultGroupings[group]);
    const key = (row: (typeof grouped)[number]) => pairKey(row.cluster, row.group);
    const { rows: groups, ...page } = listPage("/v1/faults", stand, query, grouped, key);
    if (format === "csv")
      return await sendTable(reply, "faults", faultGroupColumns, { rows: groups, next: page.next });
    if (format === "json") return { ...listHead(stand), ...page, groups };
    return await sendHtml(reply, faultGroupPage({ ...head, ...page }, groups, group));
  });
}

function jobRoute(app: Api, context: ApiContext): void {
  const schema = {
    operationId: "listJobs",
    summary: "Jobs alive in a window, with their figures in it and their state at an instant",
    tags: ["lists"],
    querystring: jobQuery,
    response: listAnswers("By cluster, then name, a page at a time.", jobList),
  };
  app.get("/v1/jobs", { schema }, async (request, reply) => {
    const { query } = request;
    const format = formatOf(query.format, formats, request, reply);
    const stand = await listStand(context.ledger, query, reply);
    const { state } = query;
    const rows = (await gather(context.ledger, stand, jobRows)).filter(
      (row) => state === undefined || row.state === state,
    );
    const key = (row: (typeof rows)[number]) => pairKey(row.cluster, row.job);
    const { rows: jobs, ...page } = listPage("/v1/jobs", stand, query, rows, key);
    if (format === "csv")
      return await sendTable(reply, "jobs", jobColumns, { rows: jobs, next: page.next });
    if (format === "json") return { ...listHead(stand), ...page, jobs };
    return await sendHtml(reply, jobPage({ ...pageHead(context, query, stand), ...page }, jobs));
  });
}

/** The dashboard's pages: whole, and by the panels that changed. */
import { z } from "zod";
import { document, whenHtml } from "../../../dashboard/frame/document.ts";
import type { PageContext, PageDefinition } from "../../../dashboard/frame/page.ts";
import { zonesOfTerms } from "../../../dashboard/cluster/zones-of-terms.ts";
import { patterns } from "../../../dashboard/charts/patterns.ts";
import { nearWindow } from "../../../dashboard/frame/near-view.ts";
import { atPosition } from "../../../dashboard/frame/figures.ts";
import type { Stand } from "../../../dashboard/frame/stand.ts";
import { pastStand } from "../../../dashboard/frame/stand.ts";
import { pages } from "../../../dashboard/pages/pages.ts";
import { formatInstant } from "../../../../projections/time/instant.ts";
import { isLookBack } from "../../../answers/look-back.ts";
import type { Html } from "../../../reports/html/html.ts";
import type { ApiContext } from "../context.ts";
import { sendShared } from "../../encoding/shared-answer.ts";
import type { Api, ApiReply, ApiRequest } from "../../server/api.ts";
import { positionQuery } from "../../query/query.ts";
import { positionOf, sequenceHeader } from "../../query/position.ts";
import { contextOf } from "./page-context.ts";
import type { AskedPage } from "./page-parameters.ts";
import { betweenPositions, pageParameters } from "./page-parameters.ts";
import { sendTable } from "../../query/table.ts";
import { LedgerError } from "../../../errors.ts";
import { readTables } from "../../../dashboard/tables/read-tables.ts";
import { PageDesk } from "./page-desk.ts";

const htmlType = "text/html; charset=utf-8";

export function pageRoutes(app: Api, api: ApiContext): void {
  const desk = new PageDesk(api, app.log);
  for (const [address, { type, content, isImmutable }] of desk.assets.files) {
    // Whoever is asked for a key sees the page that asks.
    app.get(
      address,
      { schema: { hide: true }, config: { withoutKey: true } },
      (_request, reply) => {
        const lasting = isImmutable ? "public, max-age=31536000, immutable" : "no-cache";
        return reply.type(type).header("cache-control", lasting).send(content);
      },
    );
  }
  for (const page of pages) pageRoute(app, desk, page);
  // The first viewer would wait until the last months of a large fleet are folded.
  app.addHook("onListen", async () => void warm(desk, api.stopping));
}

/** Computes the first page that most people open, in turns with what is asked meanwhile. */
async function warm(desk: PageDesk, stopping: AbortSignal): Promise<void> {
  const [page] = pages;
  const stand = desk.live.newest();
  // Where the last months are too many to be kept together, preparing would only push other results out.
  if (page === undefined || nearWindow(desk.api.ledger, stand.sequence, stand.at) === null) return;
  const request = {
    query: {},
    url: page.path,
    params: {},
    protocol: "http",
    host: "localhost",
    access: null,
    headers: {},
  } as const;
  try {
    await desk.panels(page, contextOf(desk, page, request, stand));
  } catch (error) {
    // A ledger that is closed meanwhile cannot be read any more.
    if (!stopping.aborted) desk.log.warn({ err: error }, "the first page could not be prepared");
  }
}

function pageRoute(app: Api, desk: PageDesk, page: PageDefinition): void {
  const names = [...page.path.matchAll(/:(\w+)/g)].map(([, name = ""]) => name);
  const params = z.strictObject(Object.fromEntries(names.map((name) => [name, z.string().min(1)])));
  const options = {
    schema: { hide: true, params, querystring: pageParameters(page.filters) },
    preValidation: [withoutEmptyFields, betweenTwo],
  };
  app.get(page.path, options, async (request, reply) => {
    const { query } = request;
    if (query.fragments === "1") return await sendChanges(desk, page, request, reply);
    const stand = await standOf(desk, query, reply);
    const context = contextOf(desk, page, request, stand);
    if (query.table !== undefined)
      return await sendPageTable(desk, page, context, query.table, reply);
    const answer = await desk.whole(page, context, async (panels, banners) => {
      const parts = {
        title: page.title(context),
        place: page.place,
        main: mainOf(page, context, panels),
        banners,
        zones: await zonesOfTerms(context),
        patterns: patterns(),
      };
      return atPosition(document(context, parts, desk.assets), stand.sequence);
    });
    return sendShared(request, reply, htmlType, answer);
  });
}

function mainOf(
  page: PageDefinition,
  context: PageContext,
  panels: ReadonlyMap<string, Html>,
): Html {
  const plain = () => ({ html: [...panels.values()].map((panel) => panel.html).join("\n") });
  return page.layout?.(Object.fromEntries(panels), context) ?? plain();
}

/** One table of the page, as CSV. Throws `not-found` for a table that the page does not have. */
async function sendPageTable(
  desk: PageDesk,
  page: PageDefinition,
  context: PageContext,
  name: string,
  reply: ApiReply,
): Promise<ApiReply> {
  const [id = "", n = "1"] = name.split(".");
  const panel = await desk.panel(page, id, context);
  const table = panel === null ? undefined : readTables(panel)[Number(n) - 1];
  if (table === undefined)
    throw new LedgerError("not-found", `The page ${context.path} has no table "${name}".`);
  const { columns, rows } = table;
  return await sendTable(reply, name, columns, { rows, next: null });
}

/** A form sends its empty fields, too: they ask for nothing. A position is never meant to be empty. */
async function withoutEmptyFields(request: ApiRequest): Promise<void> {
  const query = request.query as Record<string, unknown>;
  for (const [name, value] of Object.entries(query))
    if (value === "" && !(name in positionQuery)) delete query[name];
}

/** Two positions are compared on a page of their own. */
async function betweenTwo(request: ApiRequest, reply: ApiReply): Promise<void> {
  const { asOf } = request.query as { asOf?: unknown };
  if (typeof asOf !== "string" || !betweenPositions.test(asOf)) return;
  const [, a = "", b = ""] = betweenPositions.exec(asOf) ?? [];
  await reply.redirect(`/audit/changes?from-sequence=${a}&asOf=${b}`, 302);
}

async function standOf(desk: PageDesk, query: AskedPage, reply: ApiReply): Promise<Stand> {
  const sequence = await positionOf(desk.api.ledger, query, reply);
  return isLookBack(query) ? pastStand(desk.api.ledger, sequence) : desk.live.newest();
}

/** The panels that differ from those of the stand that the reader sees. */
async function sendChanges(
  desk: PageDesk,
  page: PageDefinition,
  request: ApiRequest,
  reply: ApiReply,
): Promise<ApiReply> {
  const { after = 0, since = null, wanted = 0 } = request.query as AskedPage;
  const stand = await desk.live.shared(wanted);
  reply.header(sequenceHeader, String(stand.sequence));
  reply.header("fleetledger-at", stand.at === null ? "" : formatInstant(stand.at));
  reply.header("cache-control", "no-store");
  if (stand.sequence === after && stand.at === since) return reply.code(304).send();
  const context = contextOf(desk, page, request, stand);
  const shown = contextOf(desk, page, request, { ...stand, sequence: after, at: since });
  const answer = await desk.changes(page, context, shown, (fragments, ids) =>
    JSON.stringify({ ...headOf(context), ids, fragments }),
  );
  return sendShared(request, reply, "application/json; charset=utf-8", answer);
}

/** What the header of the page says about its stand. */
function headOf(context: PageContext) {
  const { sequence, at } = context.stand;
  return { sequence, at: at === null ? null : formatInstant(at), when: whenHtml(context).html };
}

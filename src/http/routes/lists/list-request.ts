/** What the lists of nodes, faults and jobs share: query, window and pages. */
import { z } from "zod";
import type { ClusterView } from "../../../../projections/view.ts";
import { formatInstant } from "../../../../projections/time/instant.ts";
import { askedInstant, atJson } from "../../../answers/asked-instant.ts";
import type { InstantQuery } from "../../../answers/asked-instant.ts";
import { clusterViews } from "../../../answers/known-cluster.ts";
import type { ListWindow } from "../../../answers/lists/list-window.ts";
import { listWindow } from "../../../answers/lists/list-window.ts";
import type { Page } from "../../../answers/lists/rows.ts";
import { pageOf } from "../../../answers/lists/rows.ts";
import { defaultPageSize, maxListRows } from "../../../limits/requests.ts";
import type { Ledger } from "../../../ledger/ledger.ts";
import type { WindowQuery } from "../../../reports/figures.ts";
import type { ApiReply } from "../../server/api.ts";
import { asOf, positionOf } from "../../query/position.ts";
import {
  cluster,
  instantQuery,
  positionQuery,
  windowQuery,
  wholeNumber,
} from "../../query/query.ts";
import { nextPage } from "../../query/next-page.ts";
import { formatParameter } from "../../query/representation.ts";

/** The first is the default. */
export const formats = ["json", "html", "csv"] as const;

/** Parameters of every list. */
export const listQuery = {
  cluster: cluster.optional().describe("Default: all clusters."),
  ...windowQuery,
  period: windowQuery.period.describe(
    "The window, as for a report. Without it and from and to: the 30 days up to the instant.",
  ),
  ...instantQuery,
  ...positionQuery,
  after: z.string().min(1).max(2_000).optional().describe("Where the page starts; use next."),
  limit: wholeNumber(1, maxListRows, "Maximum number of rows on a page.").optional(),
  format: formatParameter(formats),
};

export interface ListQuery extends InstantQuery, WindowQuery {
  readonly cluster?: string | undefined;
  readonly after?: string | undefined;
  readonly limit?: number | undefined;
  readonly format?: (typeof formats)[number] | undefined;
}

/** A cluster with its window, as a list sees it. */
interface Listed {
  readonly view: ClusterView;
  readonly window: ListWindow;
}

export interface ListStand {
  readonly sequence: number;
  /** `null` only if the read looks back to an empty ledger. */
  readonly at: number | null;
  readonly listed: readonly Listed[];
}

/** The position of a list's read, with each cluster's window. */
export async function listStand(
  ledger: Ledger,
  query: ListQuery,
  reply: ApiReply,
): Promise<ListStand> {
  const sequence = await positionOf(ledger, query, reply);
  const at = askedInstant(ledger, query, sequence);
  if (at === null) return { sequence, at, listed: [] };
  const views = clusterViews(ledger, query.cluster, sequence);
  const listed = views.map((view) => ({ view, window: listWindow(view, query, at) }));
  return { sequence, at, listed };
}

/** The rows of each cluster, gathered without blocking the event loop. */
export async function gather<Row>(
  ledger: Ledger,
  { listed, sequence }: ListStand,
  rowsOf: (view: ClusterView, window: ListWindow) => readonly Row[],
): Promise<Row[]> {
  const rows: Row[] = [];
  for (const { view, window } of listed) {
    const made = await ledger.answer(view.cluster, sequence, (folded) => rowsOf(folded, window));
    for (const row of made) rows.push(row);
  }
  return rows;
}

/** The members that every list has besides its rows. */
export function listHead({ sequence, at, listed }: ListStand) {
  return {
    asOf: asOf(sequence),
    at: atJson(at),
    windows: listed.map(({ view, window: { from, to } }) => ({
      cluster: view.cluster,
      from: formatInstant(from),
      to: formatInstant(to),
    })),
  };
}

/** One page of the rows, and the address of the next page: the same query, position and instant. */
export function listPage<Row>(
  path: string,
  { sequence, at }: ListStand,
  query: ListQuery,
  rows: readonly Row[],
  keyOf: (row: Row) => string,
): Page<Row> {
  const { after, limit = defaultPageSize } = query;
  const page = pageOf(rows, keyOf, after, limit);
  return { ...page, next: nextPage(path, { ...query }, { sequence, at }, page.next) };
}

/** Which events the log shows: the filters of its address, and a page of what matches them. */
import { formatInstant } from "../../../../projections/time/instant.ts";
import { isEventType } from "../../../events/catalogue.ts";
import type { StoredEvent } from "../../../events/envelope.ts";
import { defaultPageSize } from "../../../limits/requests.ts";
import type { EventFilter } from "../../../store/port.ts";
import type { PageContext } from "../../frame/page.ts";

export interface LogPage {
  /** In the order of the page. */
  readonly events: readonly StoredEvent[];
  /** The sequences at which the pages before and after this one begin; `null` where there is none, `first` for the first page. */
  readonly older: Cursor;
  readonly newer: Cursor;
}

type Cursor = number | "first" | null;

export function isAscending({ filters }: PageContext): boolean {
  return filters["order"] === "asc";
}

/** The same question to the interface. */
export function logSource(
  context: PageContext,
  more: Readonly<Record<string, string>> = {},
): string {
  const { filters, query, stand } = context;
  const begin = beginOf(context);
  const place = isAscending(context)
    ? { after: begin === null ? undefined : String(begin - 1) }
    : { before: begin === null || begin > stand.sequence ? undefined : String(begin + 1) };
  return context.api("/v1/events", {
    stream: filters["stream"],
    type: filters["type"],
    cluster: filters["cluster"],
    from: query.from === undefined ? undefined : formatInstant(query.from),
    to: query.to === undefined ? undefined : formatInstant(query.to),
    order: isAscending(context) ? "asc" : "desc",
    ...place,
    limit: String(defaultPageSize),
    ...more,
  });
}

export async function logPage(context: PageContext): Promise<LogPage> {
  const begin = beginOf(context);
  const isUp = isAscending(context);
  const { sequence } = context.stand;
  const found = isUp
    ? await find(context, { after: (begin ?? 1) - 1, upTo: sequence, order: "asc" })
    : await find(context, { after: 0, upTo: Math.min(begin ?? sequence, sequence), order: "desc" });
  const events = found.slice(0, defaultPageSize);
  const ahead = found[defaultPageSize]?.sequence ?? null;
  const behind = await pageBehind(context, events[0]?.sequence ?? null);
  return isUp ? { events, older: behind, newer: ahead } : { events, older: ahead, newer: behind };
}

/** Where the page that ends just before this one's first event begins. */
async function pageBehind(context: PageContext, first: number | null): Promise<Cursor> {
  if (first === null || beginOf(context) === null) return null;
  const { sequence } = context.stand;
  const found = isAscending(context)
    ? await find(context, { after: 0, upTo: first - 1, order: "desc" })
    : await find(context, { after: first, upTo: sequence, order: "asc" });
  if (found.length === 0) return null;
  return found[defaultPageSize - 1]?.sequence ?? "first";
}

function find(
  { ledger, filters, query }: PageContext,
  where: Pick<EventFilter, "after" | "order"> & { readonly upTo: number },
): Promise<readonly StoredEvent[]> {
  const { stream, type = "", cluster } = filters;
  const { from, to } = query;
  return ledger.store.query({
    ...where,
    limit: defaultPageSize + 1,
    ...(stream === undefined ? {} : { stream }),
    ...(isEventType(type) ? { type } : {}),
    ...(cluster === undefined ? {} : { cluster }),
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
  });
}

function beginOf({ filters }: PageContext): number | null {
  return filters["sequence"] === undefined ? null : Number(filters["sequence"]);
}

/** Issued reports, a page at a time. */
import type { DataOf } from "../../events/catalogue.ts";
import type { EventStore } from "../../store/port.ts";
import type { ReportJson } from "./report-json.ts";
import { reportJson } from "./report-json.ts";

interface ReportChoice {
  readonly cluster?: string | undefined;
  /** Only reports whose issuing event has `after` < sequence ≤ `upTo`. */
  readonly after: number;
  readonly upTo: number;
  readonly limit: number;
  readonly signal?: AbortSignal;
}

interface ReportPage {
  readonly reports: ReportJson[];
  /** Where the next page starts; `null` on the last page. */
  readonly next: number | null;
}

/** In order of their issue. */
export async function reportPage(
  store: EventStore,
  { cluster, limit, ...page }: ReportChoice,
): Promise<ReportPage> {
  const found = await store.query({
    type: "ReportIssued",
    ...(cluster === undefined ? {} : { cluster }),
    ...page,
    limit: limit + 1,
  });
  const events = found.slice(0, limit);
  const last = events.at(-1);
  return {
    reports: events.map((event) =>
      reportJson({ event, data: event.data as DataOf<"ReportIssued"> }),
    ),
    next: found.length > limit && last !== undefined ? last.sequence : null,
  };
}

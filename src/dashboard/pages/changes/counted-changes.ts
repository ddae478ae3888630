/** What was recorded between two positions: how many events of each type, the amendments, and what was told late. */
import { isSystemEvent } from "../../../events/catalogue.ts";
import type { EventType } from "../../../events/catalogue.ts";
import type { StoredEvent } from "../../../events/envelope.ts";
import { maxCountedChanges, maxListedChanges } from "../../../limits/pages.ts";
import { isToldLate } from "../../cluster/event-words.ts";
import type { PageContext } from "../../frame/page.ts";
import { clusterOf, isAmendment } from "../events/event-facts.ts";
import type { Span } from "./change-span.ts";
import { spanOf } from "./change-span.ts";
import { nextTurn } from "../../../turns.ts";

/** Events that name no cluster, such as seals. */
export const noCluster = "";

interface CountedChanges {
  /** Type, then cluster. */
  readonly counts: ReadonlyMap<EventType, ReadonlyMap<string, number>>;
  readonly clusters: readonly string[];
  readonly amendments: { readonly count: number; readonly first: readonly StoredEvent[] };
  /** The latest told first. */
  readonly late: { readonly count: number; readonly longest: readonly StoredEvent[] };
}

/** `null` if there are too many events between the positions to count. */
export function countedChanges(context: PageContext): Promise<CountedChanges | null> {
  const span = spanOf(context);
  return context.shared(`changes since ${span.from}`, () => count(context, span));
}

async function count({ ledger }: PageContext, span: Span): Promise<CountedChanges | null> {
  const { from, to } = span;
  if (to - from > maxCountedChanges) return null;
  const counts = new Map<EventType, Map<string, number>>();
  const clusters = new Set<string>();
  const amendments: StoredEvent[] = [];
  const late: StoredEvent[] = [];
  for await (const events of ledger.store.readAll(from, { upTo: to })) {
    for (const event of events) {
      const cluster = clusterOf(event) ?? noCluster;
      clusters.add(cluster);
      const ofType = counts.get(event.type) ?? new Map<string, number>();
      counts.set(event.type, ofType);
      ofType.set(cluster, (ofType.get(cluster) ?? 0) + 1);
      if (isAmendment(event)) amendments.push(event);
      else if (!isSystemEvent(event.type) && isToldLate(event)) late.push(event);
    }
    await nextTurn();
  }
  late.sort((a, b) => b.recordedAt - b.occurredAt - (a.recordedAt - a.occurredAt));
  return {
    counts,
    clusters: [...clusters].sort(),
    amendments: { count: amendments.length, first: amendments.slice(0, maxListedChanges) },
    late: { count: late.length, longest: late.slice(0, maxListedChanges) },
  };
}

/**
 * A view for pages. Their panels ask for many windows of the last months; all of these are answered from one longer one,
 * which is folded once for a stand, and each entity again only when something happened to it.
 */
import type { Interval } from "../../../projections/arithmetic/intervals.ts";
import type { KindName, TimelineOf } from "../../../projections/kinds.ts";
import { kindNames } from "../../../projections/kinds.ts";
import type { ClusterView } from "../../../projections/view.ts";
import type { Ledger } from "../../ledger/ledger.ts";
import { maxNearEvents } from "../../limits/pages.ts";
import type { Steps } from "../../turns.ts";

const dayMs = 86_400_000;
/** 90 days back, and what the figures of such a window look back at. */
const daysBack = 96;

/**
 * The window of the last months around an instant; the same for a whole month, so that what was folded for it can be used
 * again. `null` where it holds so much that it would crowd out everything else.
 */
export function nearWindow(ledger: Ledger, sequence: number, at: number | null): Interval | null {
  if (at === null) return null;
  const first = new Date(at - daysBack * dayMs);
  const from = Date.UTC(first.getUTCFullYear(), first.getUTCMonth(), 1) - 4 * dayMs;
  const last = new Date(at);
  const to = Date.UTC(last.getUTCFullYear(), last.getUTCMonth() + 1, 1) + 2 * dayMs;
  const before = ledger.recordings().lastBefore(Math.floor(from / 60_000));
  return sequence - before <= maxNearEvents ? { from, to } : null;
}

type Lists = { readonly [K in KindName]: readonly TimelineOf[K][] };

/** What is folded of a cluster's last months. */
interface NearFold {
  readonly near: Interval;
  readonly lists: Lists;
}

/** Folds every entity that touches the window. */
export function* foldNear(view: ClusterView, near: Interval): Steps<NearFold> {
  const within = view.within(near);
  const lists: Partial<Record<KindName, readonly unknown[]>> = {};
  for (const kind of kindNames) {
    lists[kind] = [...within.entities(kind)];
    yield;
  }
  // Each list has the timelines of its kind.
  return { near, lists: lists as Lists };
}

/** Thrown for a window outside of what is folded: it has to be computed from the whole view. */
export class OutsideNear extends Error {}

/** The cluster's view, with windows of the last months answered from what is folded. */
export function nearView(view: ClusterView, { near, lists }: NearFold): ClusterView {
  const made: ClusterView = {
    cluster: view.cluster,
    sequence: view.sequence,
    headRecordedAt: view.headRecordedAt,
    zoneTable: view.zoneTable,
    known: view.known,
    registrations: view.registrations,
    policies: view.policies,
    // A kind as a whole has more than its last months.
    entities: (kind) => (kind === "nfz" || kind === "rollout" ? view.entities(kind) : outside()),
    names: (kind) => view.names(kind),
    firstFactAt: (kind) => view.firstFactAt(kind),
    entity: (kind, name) => view.entity(kind, name),
    within: ({ from, to }) => (from >= near.from && to <= near.to ? inside : outside()),
  };
  const inside: ClusterView = { ...made, entities: (kind) => lists[kind] };
  return made;
}

function outside(): never {
  throw new OutsideNear("a window outside of the last months");
}

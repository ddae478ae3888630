/**
 * A view for pages. Their panels ask for the nodes of many windows of the last months; all of these are answered from one
 * longer window, which is folded once for a stand, and each node again only when something happened to it. Jobs are
 * folded for the window that is asked for: their checkpoints would fill the memory.
 */
import type { Interval } from "../../../projections/arithmetic/intervals.ts";
import type { NodeTimeline } from "../../../projections/nodes/timeline.ts";
import type { KindName, TimelineOf } from "../../../projections/kinds.ts";
import type { ClusterView } from "../../../projections/view.ts";
import { viewWith } from "../../../projections/view-with.ts";
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
  const before = ledger.minutes().lastBefore(Math.floor(from / 60_000));
  return sequence - before <= maxNearEvents ? { from, to } : null;
}

/** The nodes of a cluster as far as they touch its last months. */
export interface NearNodes {
  readonly near: Interval;
  readonly nodes: readonly NodeTimeline[];
}

export function* foldNear(view: ClusterView, near: Interval): Steps<NearNodes> {
  yield;
  const nodes = view.within(near).entities("node");
  // The list itself: as long as it is held, the next position's is made from it.
  return { near, nodes: Array.isArray(nodes) ? nodes : [...nodes] };
}

/** The view, with the nodes of windows of the last months taken from what is folded. */
export function nearView(view: ClusterView, folded: NearNodes): ClusterView {
  const { near, nodes } = folded;
  const whole = viewWith(view, {
    within: ({ from, to }) => {
      const inside = view.within({ from, to });
      if (from < near.from || to > near.to) return inside;
      return viewWith(whole, {
        faultEnd: (node, faultId) => inside.faultEnd(node, faultId),
        entities: <K extends KindName>(kind: K): Iterable<TimelineOf[K]> =>
          // The kind's own timelines.
          kind === "node"
            ? (nodes as readonly unknown[] as readonly TimelineOf[K][])
            : inside.entities(kind),
      });
    },
  });
  return whole;
}

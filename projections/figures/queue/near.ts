/** The part of a cluster's view that a question about an instant needs. */
import type { NfzTimeline } from "../../nfz/timeline.ts";
import type { ClusterView } from "../../view.ts";

const hourMs = 3_600_000;

/**
 * The view that is needed to see the facts before an instant. Whole hours are folded, so that the next question about the
 * present, at a slightly later instant, can use the same folds.
 */
export function viewBefore(view: ClusterView, at: number): ClusterView {
  const from = Math.floor((at - 1) / hourMs) * hourMs;
  return view.within({ from, to: from + hourMs });
}

/** The same for the facts up to and including an instant. */
export function viewAt(view: ClusterView, at: number): ClusterView {
  return viewBefore(view, at + 1);
}

/** Each complete NFZ, by name, because an occurrence may lie far from the facts that list it. */
export function* nfzTimelines(view: ClusterView): Generator<NfzTimeline> {
  for (const name of view.names("nfz")) {
    const timeline = view.entity("nfz", name);
    if (timeline !== null) yield timeline;
  }
}

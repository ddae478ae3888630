/** What a question about an instant looks at of a cluster. */
import type { NfzTimeline } from "../../nfz/timeline.ts";
import type { ClusterView } from "../../view.ts";

const hourMs = 3_600_000;

/**
 * The view as it is needed to say how the facts before an instant left things. Whole hours are folded: a question of now
 * has another instant each time, and what was folded for the one before is still good.
 */
export function viewBefore(view: ClusterView, at: number): ClusterView {
  const from = Math.floor((at - 1) / hourMs) * hourMs;
  return view.within({ from, to: from + hourMs });
}

/** The same for what the facts up to an instant left. */
export function viewAt(view: ClusterView, at: number): ClusterView {
  return viewBefore(view, at + 1);
}

/** Each NFZ whole, by name: an occurrence may lie far from the facts that list it. */
export function* nfzTimelines(view: ClusterView): Generator<NfzTimeline> {
  for (const name of view.names("nfz")) {
    const timeline = view.entity("nfz", name);
    if (timeline !== null) yield timeline;
  }
}

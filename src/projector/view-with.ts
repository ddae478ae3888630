/** A view with something else in one place; all else is asked of the view itself, when it is asked for. */
import type { ClusterView } from "../../projections/cluster-view.ts";
import type { NodeTimeline } from "../../projections/node-timeline.ts";

/** Other timelines of nodes in their list. */
export function viewWithNodes(view: ClusterView, nodes: readonly NodeTimeline[]): ClusterView {
  return viewWith(view, { nodes: () => nodes });
}

/** The same facts, looked at when the ledger's time had come to `headRecordedAt`. */
export function viewAtTime(view: ClusterView, headRecordedAt: number | null): ClusterView {
  const within: ClusterView["within"] = (window) => viewAtTime(view.within(window), headRecordedAt);
  return viewWith(view, { headRecordedAt, within });
}

type Others = Partial<Pick<ClusterView, "headRecordedAt" | "nodes" | "within">>;

function viewWith(view: ClusterView, others: Others): ClusterView {
  const { cluster, sequence, headRecordedAt, zoneTable } = view;
  return {
    cluster,
    sequence,
    headRecordedAt,
    zoneTable,
    get known() {
      return view.known;
    },
    get registrations() {
      return view.registrations;
    },
    get policies() {
      return view.policies;
    },
    nodes: () => view.nodes(),
    node: (name) => view.node(name),
    jobs: () => view.jobs(),
    job: (name) => view.job(name),
    rollouts: () => view.rollouts(),
    rollout: (name) => view.rollout(name),
    nfzs: () => view.nfzs(),
    nfz: (name) => view.nfz(name),
    within: (window) => view.within(window),
    ...others,
  };
}

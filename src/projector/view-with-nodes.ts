/** A view with other timelines of nodes in their list; all else is asked of the view itself. */
import type { ClusterView } from "../../projections/cluster-view.ts";
import type { NodeTimeline } from "../../projections/node-timeline.ts";

export function viewWithNodes(view: ClusterView, nodes: readonly NodeTimeline[]): ClusterView {
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
    nodes: () => nodes,
    node: (name) => view.node(name),
    jobs: () => view.jobs(),
    job: (name) => view.job(name),
    rollouts: () => view.rollouts(),
    rollout: (name) => view.rollout(name),
    nfzs: () => view.nfzs(),
    nfz: (name) => view.nfz(name),
    within: (window) => view.within(window),
  };
}

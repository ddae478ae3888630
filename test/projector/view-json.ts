/** A whole view as one text, to compare views byte for byte. */
import type { ClusterView } from "../../projections/cluster-view.ts";

export function viewJson(view: ClusterView): string {
  const { cluster, sequence, headRecordedAt, known, registrations, policies } = view;
  const nodes = [...view.nodes()];
  const jobs = [...view.jobs()];
  const rollouts = [...view.rollouts()];
  const nfzs = [...view.nfzs()];
  const singly = {
    nodes: nodes.map(({ node }) => view.node(node)),
    jobs: jobs.map(({ job }) => view.job(job)),
    rollouts: rollouts.map(({ rollout }) => view.rollout(rollout)),
    nfzs: nfzs.map(({ nfz }) => view.nfz(nfz)),
  };
  const all = { cluster, sequence, headRecordedAt, known, registrations, policies };
  // Infinity would become null.
  return JSON.stringify({ ...all, nodes, jobs, rollouts, nfzs, singly }, (_, value: unknown) =>
    value === Infinity ? "Infinity" : value,
  );
}

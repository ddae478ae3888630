/** A whole view as one text, to compare views byte for byte. */
import type { ClusterView } from "../../projections/view.ts";

export function viewJson(view: ClusterView): string {
  const { cluster, sequence, headRecordedAt, known, registrations, policies } = view;
  const nodes = [...view.entities("node")];
  const jobs = [...view.entities("job")];
  const rollouts = [...view.entities("rollout")];
  const nfzs = [...view.entities("nfz")];
  const singly = {
    nodes: nodes.map(({ node }) => view.entity("node", node)),
    jobs: jobs.map(({ job }) => view.entity("job", job)),
    rollouts: rollouts.map(({ rollout }) => view.entity("rollout", rollout)),
    nfzs: nfzs.map(({ nfz }) => view.entity("nfz", nfz)),
  };
  const all = { cluster, sequence, headRecordedAt, known, registrations, policies };
  // Infinity would become null.
  return JSON.stringify({ ...all, nodes, jobs, rollouts, nfzs, singly }, (_, value: unknown) =>
    value === Infinity ? "Infinity" : value,
  );
}

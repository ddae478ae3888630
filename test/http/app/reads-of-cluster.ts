/** Addresses of everything that is read about a cluster and what is in it. */
import type { ClusterView } from "../../../projections/view.ts";

export function readsOfCluster(view: ClusterView): string[] {
  const { cluster } = view;
  const asked = new URLSearchParams({ cluster, period: "2026" }).toString();
  const named = encodeURIComponent(cluster);
  return [
    ...["sla", "nis", "mttr", "job-uptime", "data-quality"].map((each) => `/v1/${each}?${asked}`),
    `/v1/clusters/${named}/summary?period=2026`,
    ...["nodes", "faults", "jobs"].map((each) => `/v1/${each}?cluster=${named}&period=2026`),
    `/v1/series?cluster=${named}&period=2026&bucket=1mo`,
    `/v1/node-states?cluster=${named}&period=2026&format=json`,
    ...view.names("node").map((each) => `/v1/nodes/${named}/${encodeURIComponent(each)}`),
    ...view
      .names("node")
      .map((each) => `/v1/nodes/${named}/${encodeURIComponent(each)}`)
      .flatMap((node) => [`${node}/schedulable`, `${node}/pending-updates`]),
    `/v1/scale-holds?cluster=${named}`,
    `/v1/maintenance/overdue?cluster=${named}`,
    ...view.names("job").flatMap((each) => {
      const job = `/v1/jobs/${named}/${encodeURIComponent(each)}`;
      return [job, `${job}/strip`];
    }),
    `/v1/rollouts?cluster=${named}`,
    `/v1/rollouts/blocked?cluster=${named}`,
    `/v1/rollouts/violations?cluster=${named}&from=2026-01-01T00:00:00Z&to=2027-01-01T00:00:00Z`,
    `/v1/rollouts/queue/history?cluster=${named}&from=2026-01-01T00:00:00Z&to=2027-01-01T00:00:00Z&stepMs=86400000`,
    `/v1/impact/families?cluster=${named}`,
    ...["co-test/coverage", "co-test/next", "rollouts/release-plan"].map(
      (each) => `/v1/${each}?cluster=${named}`,
    ),
    ...view.names("rollout").flatMap((each) => {
      const rollout = `/v1/rollouts/${encodeURIComponent(each)}`;
      return [`${rollout}?cluster=${named}`, `${rollout}/impact?cluster=${named}`];
    }),
    `/v1/nfz/cost?cluster=${named}&period=2026`,
    `/v1/nfz?cluster=${named}`,
  ];
}

/** Every page of the dashboard, on the simulated fleet: what must hold for each of them is tested for all. */

export interface KnownPage {
  /** As the router has it. */
  readonly route: string;
  /** On the simulated fleet. */
  readonly path: string;
  /** What it is about came last: there is no such page at an earlier position. */
  readonly atHeadOnly?: true;
}

/** Pages about keys and receivers: they have no figures of the ledger. */
export const pagesWithoutFigures: readonly KnownPage[] = [
  { route: "/access", path: "/access" },
  { route: "/webhooks", path: "/webhooks" },
];

export const everyPage: readonly KnownPage[] = [
  { route: "/", path: "/" },
  { route: "/clusters/:cluster/jobs", path: "/clusters/aurora/jobs" },
  {
    route: "/clusters/:cluster/jobs",
    path: "/clusters/corona/jobs?period=this-month&sort=-crashes",
  },
  { route: "/clusters/:cluster/jobs/:job", path: "/clusters/aurora/jobs/train-1" },
  {
    route: "/clusters/:cluster/jobs/:job",
    path: "/clusters/aurora/jobs/train-1?from=2026-03-22T00:00:00Z&to=2026-03-23T00:00:00Z",
  },
  { route: "/clusters/:cluster", path: "/clusters/aurora" },
  { route: "/clusters/:cluster/nodes/:node", path: "/clusters/aurora/nodes/gpu0417" },
  { route: "/faults", path: "/faults?open=true" },
  { route: "/rollouts", path: "/rollouts" },
  { route: "/rollouts/:cluster/:rollout", path: "/rollouts/corona/corona-u1" },
  { route: "/nfz/:cluster/:nfz", path: "/nfz/aurora/month-end" },
  { route: "/reports", path: "/reports" },
  { route: "/reports/:report", path: "/reports/march", atHeadOnly: true },
  { route: "/audit", path: "/audit" },
  { route: "/audit/events", path: "/audit/events" },
  { route: "/audit/changes", path: "/audit/changes?from-sequence=3000" },
  // The first failure: ids follow from the simulation's seed.
  { route: "/events/:id", path: "/events/14447c18-6f83-41dc-8700-ac60cec32099" },
  { route: "/sources", path: "/sources" },
  { route: "/find", path: "/find?q=%231256" },
];

/** Every page of the dashboard, on the simulated fleet: what must hold for each of them is tested for all. */

export interface KnownPage {
  /** As the router has it. */
  readonly route: string;
  /** On the simulated fleet. */
  readonly path: string;
}

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
];

/** Every page of the dashboard; a new page is one line here. */
import type { PageDefinition } from "../frame/page.ts";
import { fleetPage } from "./fleet/fleet-page.ts";
import { jobPage } from "./job/job-page.ts";
import { jobsPage } from "./jobs/jobs-page.ts";
import { nodePage } from "./node/node-page.ts";
import { clusterPage } from "./nodes/cluster-page.ts";
import { faultsPage } from "./nodes/faults-page.ts";
import { rolloutPage } from "./rollouts/one/rollout-page.ts";
import { rolloutsPage } from "./rollouts/rollouts-page.ts";
import { zonePage } from "./rollouts/zone/zone-page.ts";

export const pages: readonly PageDefinition[] = [
  fleetPage,
  jobsPage,
  jobPage,
  clusterPage,
  nodePage,
  faultsPage,
  rolloutsPage,
  rolloutPage,
  zonePage,
];

/** Every page of the dashboard; a new page is one line here. */
import type { PageDefinition } from "../frame/page.ts";
import { accessPage } from "./access/access-page.ts";
import { auditPage } from "./audit/audit-page.ts";
import { changesPage } from "./changes/changes-page.ts";
import { eventPage } from "./events/event-page.ts";
import { eventLogPage } from "./events/log-page.ts";
import { findPage } from "./find/find-page.ts";
import { fleetPage } from "./fleet/fleet-page.ts";
import { jobPage } from "./job/job-page.ts";
import { jobsPage } from "./jobs/jobs-page.ts";
import { nodePage } from "./node/node-page.ts";
import { clusterPage } from "./nodes/cluster-page.ts";
import { faultsPage } from "./nodes/faults-page.ts";
import { rolloutPage } from "./rollouts/one/rollout-page.ts";
import { rolloutsPage } from "./rollouts/rollouts-page.ts";
import { zonePage } from "./rollouts/zone/zone-page.ts";
import { sourcesPage } from "./sources/sources-page.ts";
import { webhooksPage } from "./webhooks/webhooks-page.ts";
import { reportPage } from "./reports/report-page.ts";
import { reportsPage } from "./reports/reports-page.ts";

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
  reportsPage,
  reportPage,
  auditPage,
  accessPage,
  eventLogPage,
  changesPage,
  sourcesPage,
  eventPage,
  webhooksPage,
  findPage,
];

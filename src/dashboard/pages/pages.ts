/** Every page of the dashboard; a new page is one line here. */
import type { PageDefinition } from "../frame/page.ts";
import { fleetPage } from "./fleet/fleet-page.ts";
import { jobPage } from "./job/job-page.ts";
import { jobsPage } from "./jobs/jobs-page.ts";

export const pages: readonly PageDefinition[] = [fleetPage, jobsPage, jobPage];

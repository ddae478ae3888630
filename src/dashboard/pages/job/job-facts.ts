/** What the page of one job shows: its timeline, and the window of its strip. */
import type { Interval } from "../../../../projections/arithmetic/intervals.ts";
import type { JobRow } from "../../../../projections/figures/jobs/job-uptime.ts";
import { jobUptimeIn } from "../../../../projections/figures/jobs/job-uptime.ts";
import type { JobTimeline } from "../../../../projections/jobs/timeline.ts";
import { formatInstant } from "../../../../projections/time/instant.ts";
import type { ClusterView } from "../../../../projections/view.ts";
import { lifeOf, stripWindow } from "../../../answers/charts/job-strip.ts";
import { LedgerError } from "../../../errors.ts";
import { figureInputs } from "../../../reports/figures.ts";
import { oneStep } from "../../../turns.ts";
import type { PageContext } from "../../frame/page.ts";
import { windowOf } from "../../frame/page.ts";
import { windowParameters } from "../../cluster/cluster-facts.ts";
import { clusterOf } from "../jobs/job-facts.ts";
import { pathSegment } from "../../../path-segment.ts";

export interface ShownJob {
  readonly cluster: string;
  readonly timeline: JobTimeline;
  /** From its first start to its end, or to ledger time; `null` if it never ran. */
  readonly life: Interval | null;
  /** Ledger time. */
  readonly now: number;
}

/** The job of the page. Throws `not-found` if no fact at the position is about it. */
export function jobOf(context: PageContext): ShownJob {
  const view = clusterOf(context);
  const name = context.params["job"] ?? "";
  const timeline = view.entity("job", name);
  if (timeline === null) {
    const detail = `Cluster "${view.cluster}" has no job "${name}" at this position.`;
    throw new LedgerError("not-found", detail);
  }
  return {
    cluster: view.cluster,
    timeline,
    life: lifeOf(view, timeline),
    now: view.headRecordedAt ?? 0,
  };
}

export interface ShownWindow {
  readonly window: Interval;
  readonly knownUntil: number;
  /** Whether it is the job's whole life, because the address names no other. */
  readonly isWhole: boolean;
}

/** The window of the page; `null` for a job that never ran, where none is named. */
export function windowOfJob(
  context: PageContext,
  { timeline, life }: ShownJob,
): ShownWindow | null {
  const asked = windowOf(context.query);
  const isWhole = Object.keys(asked).length === 0;
  if (isWhole && life === null) return null;
  return { ...stripWindow(clusterOf(context), timeline, asked), isWhole };
}

/** The addresses at which the interface gives the job's timeline, strip and figures. */
export function jobSource(context: PageContext, { cluster, timeline }: ShownJob): string {
  return context.api(jobAddress(cluster, timeline.job));
}

export function stripSource(
  context: PageContext,
  { cluster, timeline }: ShownJob,
  format?: "csv",
): string {
  return context.api(`${jobAddress(cluster, timeline.job)}/strip`, {
    ...windowParameters(context),
    format,
  });
}

function jobAddress(cluster: string, job: string): string {
  return `/v1/jobs/${pathSegment(cluster)}/${pathSegment(job)}`;
}

export interface WindowFigures {
  readonly row: JobRow;
  /** Where the answer of the address has it. */
  readonly path: string;
  readonly source: string;
}

/** The job's figures in the window up to where it is known; `null` if it was not there. */
export async function figuresOf(
  context: PageContext,
  { cluster, timeline }: ShownJob,
  { window, knownUntil }: ShownWindow,
): Promise<WindowFigures | null> {
  const asked = { from: window.from, to: Math.min(window.to, knownUntil) };
  const rows = await context.once(`job rows ${asked.from}/${asked.to}`, cluster, (view) =>
    oneStep(() => rowsIn(view, asked)),
  );
  const index = rows.findIndex(({ job }) => job === timeline.job);
  const row = rows[index];
  if (row === undefined) return null;
  const between = { from: formatInstant(asked.from), to: formatInstant(asked.to) };
  return {
    row,
    path: `clusters.0.jobUptime.jobs.${index}`,
    source: context.api("/v1/job-uptime", { cluster, ...between }),
  };
}

function rowsIn(view: ClusterView, asked: Interval): readonly JobRow[] {
  const inputs = figureInputs(view, asked);
  return jobUptimeIn(inputs.view.entities("job"), inputs.window, 0).jobs;
}

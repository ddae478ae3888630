/** The jobs of a cluster that were active in a window: their figures in it, and the state of each at an instant. */
import type { ClusterView } from "../../../projections/view.ts";
import type { JobRow as JobFigures } from "../../../projections/figures/jobs/job-uptime.ts";
import { jobUptimeIn } from "../../../projections/figures/jobs/job-uptime.ts";
import type { InterruptionKind, JobRun, JobTimeline } from "../../../projections/jobs/timeline.ts";
import { formatInstant } from "../../../projections/time/instant.ts";
import type { ListWindow } from "./list-window.ts";
import { nearWindow } from "./list-window.ts";

export const jobStates = ["running", "interrupted", "paused", "ended", "not-started"] as const;
type JobState = (typeof jobStates)[number];

export interface JobListRow extends JobFigures {
  readonly cluster: string;
  /** At the instant. */
  readonly state: JobState;
  /** Nodes held at the instant; `null` for one that holds none. */
  readonly nodes: number | null;
  /** The start of its run at the instant, or of the last one before it. */
  readonly startedAt: string | null;
  readonly endedAt: string | null;
  readonly outcome: JobRun["outcome"];
  /** The interruption in progress at the instant, and since when. */
  readonly interruption: {
    readonly since: string;
    readonly kind: InterruptionKind;
    readonly faultId: string | null;
    readonly node: string | null;
    readonly eventId: string;
  } | null;
}

/** The jobs by name. The figures are those of the SLA document of the same window. */
export function jobRows(view: ClusterView, window: ListWindow): JobListRow[] {
  const jobs = [...nearWindow(view, window).entities("job")];
  const byName = new Map(jobs.map((job) => [job.job, job]));
  // A default window includes its last instant, so a job that begins at that instant is listed.
  const over = window.isAsked ? window : { from: window.from, to: window.at + 1 };
  return jobUptimeIn(jobs, over, 0).jobs.flatMap((figures) => {
    const job = byName.get(figures.job);
    return job === undefined ? [] : [rowOf(view.cluster, job, figures, window.at)];
  });
}

function rowOf(cluster: string, job: JobTimeline, figures: JobFigures, at: number): JobListRow {
  const isNow = ({ from, to }: { readonly from: number; readonly to: number }) =>
    from <= at && at < to;
  const running = job.running.find(isNow);
  const paused = job.paused.find(isNow);
  const interruption = job.interruptions.find(isNow);
  const run = job.runs.findLast(({ from }) => from <= at);
  const state: JobState =
    running !== undefined
      ? "running"
      : paused !== undefined
        ? "paused"
        : interruption !== undefined
          ? "interrupted"
          : run === undefined
            ? "not-started"
            : "ended";
  const hasEnded = run !== undefined && run.to <= at;
  return {
    cluster,
    ...figures,
    state,
    nodes: (running ?? paused ?? interruption)?.nodeCount ?? null,
    startedAt: run === undefined ? null : formatInstant(run.from),
    endedAt: hasEnded ? formatInstant(run.to) : null,
    outcome: hasEnded ? run.outcome : null,
    interruption:
      interruption === undefined
        ? null
        : {
            since: formatInstant(interruption.from),
            kind: interruption.kind,
            faultId: interruption.faultId,
            node: interruption.node,
            eventId: interruption.eventId,
          },
  };
}

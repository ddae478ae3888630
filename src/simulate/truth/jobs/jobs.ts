/** Which jobs there are, and on which nodes. */
import { canRun } from "../fleet/fleet.ts";
import type { JobTruth, NodeTruth } from "../../setting/history.ts";
import { runJob } from "./job-course.ts";
import type { Trigger } from "../nodes/maintenance.ts";
import type { Setting } from "../../setting/setting.ts";
import {
  dayMs,
  hourMs,
  poissonInstants,
  reporterOf,
  snap,
  snapLength,
} from "../../setting/setting.ts";

/** A job as it is planned. */
export interface JobPlan {
  readonly job: string;
  readonly at: number;
  /** When it is to be done. */
  readonly until: number;
  readonly isMain: boolean;
  readonly crashesPerDay: number;
  /** The nodes that it would take at an instant; never none. */
  readonly available: (at: number) => string[];
}

/** One main job after another over all of the nodes, but for the few that are set aside for small ones. */
export function simulateJobs(
  setting: Setting,
  nodes: readonly NodeTruth[],
  triggers: readonly Trigger[],
): JobTruth[] {
  const { jobs } = setting.scenario;
  const reporter = reporterOf(setting, "scheduler");
  const random = setting.random.fork("jobs");
  const aside = Math.min(jobs.smallJobNodes, nodes.length - 1);
  const main = nodes.slice(0, nodes.length - aside);
  const small = nodes.slice(nodes.length - aside);
  const stops = [...triggers, ...faultTriggers(nodes)].sort((a, b) => a.at - b.at);
  const truths: JobTruth[] = [];
  let at = setting.from + snapLength(setting, 2 * hourMs);
  for (let i = 1; at < setting.end; i++) {
    const lengthMs = snapLength(setting, jobs.mainDays * dayMs * (0.6 + 0.8 * random.float()));
    const plan: JobPlan = {
      job: `train-${i}`,
      at,
      until: at + lengthMs,
      isMain: true,
      crashesPerDay: setting.plan.softwareCrashesPerDay,
      available: (when) => runnable(main, when),
    };
    const { truth, endedAt } = runJob(setting, reporter, plan, stops);
    truths.push(truth);
    at = endedAt + snapLength(setting, hourMs);
  }
  if (small.length === 0) return truths;
  poissonInstants(setting, random, jobs.smallJobsPerDay).forEach((start, i) => {
    const wanted = random.between(1, small.length);
    const lengthMs = snapLength(setting, random.exponential(jobs.smallJobMeanMs));
    const plan: JobPlan = {
      job: `eval-${i + 1}`,
      at: start,
      until: snap(setting, start + lengthMs),
      isMain: false,
      crashesPerDay: jobs.smallJobCrashesPerDay,
      available: (when) => runnable(small, when).slice(0, wanted),
    };
    truths.push(runJob(setting, reporter, plan, stops).truth);
  });
  return truths;
}

function runnable(nodes: readonly NodeTruth[], at: number): string[] {
  const names = nodes.filter((node) => canRun(node, at)).map(({ node }) => node);
  return names.length > 0 ? names : nodes.slice(0, 1).map(({ node }) => node);
}

function faultTriggers(nodes: readonly NodeTruth[]): Trigger[] {
  return nodes.flatMap(({ node, faults }) =>
    faults.map(({ failedAt, faultId }) => {
      return { at: failedAt, kind: "fault", nodes: [node], faultId } satisfies Trigger;
    }),
  );
}

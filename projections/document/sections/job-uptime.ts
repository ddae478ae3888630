/** The `jobUptime` section: how much of their time jobs ran, and what interrupted them. */
import { type JobImpact, jobImpactIn } from "../../figures/jobs/job-impact.ts";
import { type JobUptimeFigure, jobUptimeIn } from "../../figures/jobs/job-uptime.ts";
import { entry, noteField, notes } from "../entry/entry.ts";
import type { Fields } from "../entry/field.ts";
import {
  adviceFields,
  cause,
  crashes,
  interruptedNodeMs,
  interruptions,
  jobFields,
  lostNodeMs,
  meanTimeBetweenInterruptionsMs,
  openFields,
  outageFields,
} from "./job-rows.ts";

const sums = {
  runningNodeMs: { kind: "nodeMs", title: "Running", meaning: "Node-time in which jobs ran." },
  interruptedNodeMs,
  pausedNodeMs: {
    kind: "nodeMs",
    title: "Paused",
    meaning:
      "Node-time in which jobs were paused by their owner; it counts in neither side of any quotient.",
  },
  keptNodeMs: {
    kind: "nodeMs",
    title: "Kept",
    meaning: "Running node-time that was neither lost nor spent on checkpoints.",
    partOf: "runningNodeMs",
  },
  checkpointingNodeMs: {
    kind: "nodeMs",
    title: "Checkpointing",
    meaning: "Running node-time spent on checkpoints, by their stated durations.",
    partOf: "runningNodeMs",
  },
  lostNodeMs: { ...lostNodeMs, partOf: "runningNodeMs" },
  interruptions,
  crashes: { ...crashes, headline: true, order: 5 },
  crashesUnresumed: {
    kind: "count",
    title: "Crashes not resumed",
    meaning: "Crashes that began in the window and were not resumed before its end.",
  },
} as const satisfies Fields;

const ratios = {
  target: {
    kind: "target",
    title: "Job uptime target",
    meaning: "The policy's target for the contractual figure.",
    beside: true,
  },
  met: {
    kind: "verdict",
    nullable: true,
    title: "Job uptime target met",
    meaning: "Whether the contractual figure is at least the target.",
    beside: true,
  },
  uptime: {
    kind: "ratio",
    nullable: true,
    title: "Job uptime, raw",
    meaning: "Running node-time as a share of running and interrupted node-time.",
    headline: true,
    order: 2,
  },
  contractual: {
    kind: "ratio",
    nullable: true,
    title: "Job uptime, contractual",
    meaning:
      "Running node-time as a share of running and interrupted node-time, without interruptions by the user.",
    headline: true,
    order: 1,
    against: { target: "target", met: "met", bound: "at least" },
  },
  ettr: {
    kind: "ratio",
    nullable: true,
    title: "Effective training time ratio (ETTR)",
    meaning:
      "Kept node-time as a share of running and interrupted node-time: never to be published as uptime.",
    headline: true,
    order: 3,
  },
  crashesPerDay: {
    kind: "rate",
    nullable: true,
    unit: "per day",
    title: "Crashes a day",
    meaning: "Crashes that began in the window, per day of it.",
    nullWhen: "there are no jobs",
    headline: true,
    order: 4,
  },
} as const satisfies Fields;

const crashTimes = {
  crashMeanMs: {
    kind: "durationMs",
    nullable: true,
    title: "Mean duration of a crash",
    meaning: "Mean time from a crash to its resume, of the crashes resumed in the window.",
    headline: true,
    order: 6,
  },
  crashMedianMs: {
    kind: "durationMs",
    nullable: true,
    title: "Median duration of a crash",
    meaning: "Half of the crashes resumed in the window were resumed at least as quickly.",
    order: 7,
  },
  crashP90Ms: {
    kind: "durationMs",
    nullable: true,
    title: "90th percentile of crashes",
    meaning: "Nine of ten crashes resumed in the window were resumed at least as quickly.",
    order: 8,
  },
  meanTimeBetweenInterruptionsMs: { ...meanTimeBetweenInterruptionsMs, order: 9 },
} as const satisfies Fields;

const fields = {
  ...sums,
  attribution: {
    kind: "map",
    title: "Attribution of interrupted and lost job time",
    meaning: "Interrupted and lost node-time by cause; the causes sum to the totals.",
    key: { ...cause, complete: true },
    each: {
      kind: "record",
      title: "Interrupted and lost node-time",
      meaning: "What this cause took.",
      fields: { interruptedNodeMs, lostNodeMs },
    },
  },
  open: {
    kind: "rows",
    title: "Jobs interrupted at the end of the period",
    meaning: "Interruptions that were not resumed by the window's end.",
    sorted: "oldest first",
    row: openFields,
  },
  jobs: {
    kind: "rows",
    title: "Jobs, one by one",
    meaning: "The jobs that existed in the window, by their own time, not weighted by nodes.",
    sorted: "by name",
    row: jobFields,
  },
  ...ratios,
  ...crashTimes,
  outages: {
    kind: "rows",
    title: "Outages that interrupted jobs",
    meaning:
      "What the jobs lost by each outage that interrupted them in the window; whole, not cut to it.",
    sorted: "largest amplification first",
    row: outageFields,
  },
  checkpointAdvice: {
    kind: "record",
    title: "Advice on checkpoints",
    meaning:
      "How often to checkpoint, from the rates measured in the window over all its jobs together.",
    fields: adviceFields,
  },
  note: noteField,
} as const satisfies Fields;

export const jobUptime = entry(
  {
    kind: "record",
    title: "Jobs",
    meaning:
      "What share of their time jobs ran and were of use, weighted by the nodes that they held.",
    fields,
  },
  ({ view, nodes, window, policy }) => {
    const figure = jobUptimeIn(view.entities("job"), window, policy.jobUptimeTarget);
    // Lazy: nodes are folded only if an interruption names a fault.
    const whenAsked = { [Symbol.iterator]: () => nodes()[Symbol.iterator]() };
    const impact = jobImpactIn(view, whenAsked, window);
    return {
      ...figure,
      outages: impact.outages,
      checkpointAdvice: impact.advice,
      ...jobNotes(figure, impact),
    };
  },
);

function jobNotes(figure: JobUptimeFigure, { advice }: JobImpact): { readonly note?: string } {
  const { jobs, uptime, contractual, crashMeanMs } = figure;
  return notes(
    jobs.length === 0 && "No job was there in the period.",
    jobs.length > 0 &&
      uptime === null &&
      "No job ran or was interrupted for any time on any node in the period.",
    uptime !== null &&
      contractual === null &&
      "All time of the jobs in the period was interrupted by the user.",
    uptime !== null &&
      jobs.some((job) => job.uptime === null) &&
      "A job without uptime and ettr neither ran nor was interrupted for any time in the period.",
    jobs.length > 0 && crashMeanMs === null && "No crash was resumed in the period.",
    jobs.length > 0 && figure.interruptions === 0 && "No interruption began in the period.",
    jobs.length > 0 &&
      advice.checkpointCostMs === null &&
      "No checkpoint was complete in the period.",
    advice.checkpointCostMs !== null &&
      advice.checkpointIntervalMs === null &&
      "No checkpoint of the period follows another one.",
    advice.youngDalyIntervalMs !== null &&
      advice.expectedEttrAtAdvice === null &&
      "No ETTR can be expected where checkpoints cost no time, or no time ran between interruptions.",
  );
}

/** The rows of the lists in the `jobUptime` section: jobs, interruptions, outages, checkpoint advice. */
import { interruptionKinds } from "../../jobs/timeline.ts";
import type { Fields } from "../entry/field.ts";

export const interruptedNodeMs = {
  kind: "nodeMs",
  title: "Interrupted",
  meaning: "Node-time of jobs from an interruption to the resume.",
} as const;

export const lostNodeMs = {
  kind: "nodeMs",
  title: "Lost",
  meaning:
    "Running node-time that an interruption undid: the time since the checkpoint from which the job resumed.",
} as const;

export const interruptions = {
  kind: "count",
  title: "Interruptions",
  meaning: "Interruptions that began in the window.",
} as const;

export const crashes = {
  kind: "count",
  title: "Crashes",
  meaning: "Interruptions by a fault, by software, or of unknown cause that began in the window.",
} as const;

export const meanTimeBetweenInterruptionsMs = {
  kind: "durationMs",
  nullable: true,
  title: "Mean time between interruptions",
  meaning: "Running time of the jobs per interruption that began in the window.",
} as const;

export const cause = {
  title: "Cause",
  meaning: "The kind of cause that the interruption names.",
  values: interruptionKinds,
} as const;

export const openFields = {
  job: { kind: "name", title: "Job", meaning: "The job." },
  since: { kind: "instant", title: "Since", meaning: "When it was interrupted." },
  ageMs: {
    kind: "durationMs",
    title: "Age",
    meaning: "Time from the interruption to the window's end.",
  },
  kind: { kind: "choice", title: cause.title, meaning: cause.meaning, values: cause.values },
} as const satisfies Fields;

const time = (title: string, meaning: string) =>
  ({ kind: "durationMs", title, meaning, wide: true }) as const;

export const jobFields = {
  job: { kind: "name", title: "Job", meaning: "The job." },
  uptime: {
    kind: "ratio",
    nullable: true,
    title: "Uptime",
    meaning: "Running time as a share of running and interrupted time.",
  },
  ettr: {
    kind: "ratio",
    nullable: true,
    title: "ETTR",
    meaning: "Kept time as a share of running and interrupted time.",
  },
  runningMs: { kind: "durationMs", title: "Running", meaning: "Time in which it ran." },
  interruptedMs: {
    kind: "durationMs",
    title: "Interrupted",
    meaning: "Time from interruptions to resumes.",
  },
  pausedMs: time("Paused", "Time in which it was paused by its owner."),
  keptMs: time("Kept", "Running time that was neither lost nor spent on checkpoints."),
  checkpointingMs: time("Checkpointing", "Running time spent on checkpoints."),
  lostMs: time("Lost", "Running time that an interruption undid."),
  interruptions,
  crashes,
} as const satisfies Fields;

export const outageFields = {
  node: { kind: "name", title: "Node", meaning: "The node that was down." },
  faultId: { kind: "name", title: "Fault", meaning: "The id of the fault." },
  jobs: { kind: "count", title: "Jobs", meaning: "Jobs that it interrupted." },
  lostNodeMs,
  interruptedNodeMs: {
    ...interruptedNodeMs,
    meaning: "Node-time of these interruptions, up to the window's end.",
  },
  outageNodeMs: {
    kind: "nodeMs",
    nullable: true,
    title: "Outage",
    meaning: "Length of the outage.",
    nullWhen: "it lasts",
    absent: "still open",
  },
  amplification: {
    kind: "rate",
    nullable: true,
    unit: "×",
    title: "Amplification",
    meaning: "(Lost + interrupted) ÷ outage.",
    nullWhen: "the outage lasts, or took no time",
  },
} as const satisfies Fields;

export const adviceFields = {
  meanTimeBetweenInterruptionsMs: {
    ...meanTimeBetweenInterruptionsMs,
    title: "Measured mean time between interruptions",
  },
  checkpointCostMs: {
    kind: "durationMs",
    nullable: true,
    title: "Measured checkpoint cost",
    meaning: "Mean stated duration of the checkpoints completed in the window.",
  },
  checkpointIntervalMs: {
    kind: "durationMs",
    nullable: true,
    title: "Measured checkpoint interval",
    meaning: "Mean wall-clock time between the checkpoints of a run.",
  },
  recoveryMs: {
    kind: "durationMs",
    nullable: true,
    title: "Measured recovery time",
    meaning: "Mean time from a crash to its resume.",
  },
  youngDalyIntervalMs: {
    kind: "durationMs",
    nullable: true,
    title: "Advised checkpoint interval",
    meaning:
      "√(2 × checkpoint cost × mean time between interruptions), by Young (1974) and Daly (2006).",
  },
  expectedEttr: {
    kind: "ratio",
    nullable: true,
    title: "ETTR expected at the measured interval",
    meaning:
      "(1 − (recovery + interval ÷ 2) ÷ mean time between interruptions) ÷ (1 + cost ÷ interval).",
  },
  expectedEttrAtAdvice: {
    kind: "ratio",
    nullable: true,
    title: "ETTR expected at the advised interval",
    meaning: "The same at the advised interval.",
  },
} as const satisfies Fields;

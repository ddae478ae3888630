/** The course of one job: what stops it, for how long, and where it takes up again. */
import { assertNever } from "../../../../projections/arithmetic/invariants.ts";
import type { JobTruth } from "../../setting/history.ts";
import { type Cause, JobMachine, type Restore } from "./job-machine.ts";
import type { JobPlan } from "./jobs.ts";
import type { Trigger } from "../nodes/maintenance.ts";
import type { Random } from "../../setting/prng.ts";
import type { Reporter } from "../../setting/reporter.ts";
import type { Setting } from "../../setting/setting.ts";
import { dayMs, hourMs, minuteMs, snapLength } from "../../setting/setting.ts";

interface Course {
  readonly setting: Setting;
  readonly random: Random;
  readonly plan: JobPlan;
  readonly machine: JobMachine;
  readonly triggers: readonly Trigger[];
  nextCheckpointAt: number;
  checkpoints: number;
}

/** What comes next while the job runs. */
type Step =
  | { readonly at: number; readonly what: "checkpoint" | "pause" | "change" | "done" }
  | { readonly at: number; readonly what: "stop"; readonly cause: Cause };

export function runJob(
  setting: Setting,
  reporter: Reporter,
  plan: JobPlan,
  triggers: readonly Trigger[],
): { readonly truth: JobTruth; readonly endedAt: number } {
  const random = setting.random.fork(`job ${plan.job}`);
  const machine = new JobMachine(reporter, setting.plan.cluster, plan.job);
  const course: Course = {
    setting,
    random,
    plan,
    machine,
    triggers,
    nextCheckpointAt: 0,
    checkpoints: 0,
  };
  machine.start(plan.at, plan.available(plan.at), false);
  scheduleCheckpoint(course, plan.at);
  let at = plan.at;
  while (machine.state === "running" && at < setting.end) {
    const step = nextStep(course, at);
    if (step.at >= setting.end) break;
    at = take(course, step);
  }
  machine.leaveOpen();
  return { truth: machine.truth, endedAt: machine.state === "none" ? at : Infinity };
}

function scheduleCheckpoint(course: Course, at: number): void {
  course.nextCheckpointAt = at + course.setting.scenario.jobs.checkpointEveryMs;
}

function nextStep(course: Course, now: number): Step {
  const { setting, random, plan, machine, triggers } = course;
  const { jobs } = setting.scenario;
  const wait = (perDay: number) =>
    perDay > 0 ? now + snapLength(setting, random.exponential(dayMs / perDay)) : Infinity;
  const held = new Set(machine.held);
  const trigger = nextTrigger(triggers, machine.since, held);
  const crash: Cause = random.chance(0.75) ? { kind: "software" } : { kind: "unknown" };
  const steps: Step[] = [
    { at: course.nextCheckpointAt, what: "checkpoint" },
    { at: wait(plan.crashesPerDay), what: "stop", cause: crash },
    { at: wait(jobs.userStopsPerDay), what: "stop", cause: { kind: "user" } },
    { at: wait(jobs.pausesPerDay), what: "pause" },
    { at: wait(jobs.pausesPerDay * 2), what: "change" },
    { at: Math.max(plan.until, now + setting.scenario.tickMs), what: "done" },
  ];
  if (trigger !== undefined && trigger.at >= now) {
    steps.splice(1, 0, { at: trigger.at, what: "stop", cause: causeOf(trigger, held) });
  }
  return steps.reduce((first, step) => (step.at < first.at ? step : first));
}

/** The first past the instant that is about a node held. */
function nextTrigger(
  triggers: readonly Trigger[],
  after: number,
  held: ReadonlySet<string>,
): Trigger | undefined {
  for (let i = firstAfter(triggers, after); i < triggers.length; i++) {
    const trigger = triggers[i];
    if (trigger?.nodes.some((node) => held.has(node))) return trigger;
  }
  return undefined;
}

/** The index of the first trigger past the instant. */
function firstAfter(triggers: readonly Trigger[], at: number): number {
  let low = 0;
  let high = triggers.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((triggers[middle]?.at ?? Infinity) > at) high = middle;
    else low = middle + 1;
  }
  return low;
}

function causeOf(trigger: Trigger, held: ReadonlySet<string>): Cause {
  const { kind, nodes, faultId, maintenanceId, rolloutId } = trigger;
  const node = nodes.find((name) => held.has(name));
  return {
    kind,
    ...(kind === "fault" && node !== undefined ? { node } : {}),
    ...(faultId === undefined ? {} : { faultId }),
    ...(maintenanceId === undefined ? {} : { maintenanceId }),
    ...(rolloutId === undefined ? {} : { rolloutId }),
  };
}

/** Takes the step and all that belongs to it; the instant at which the job runs again or is over. */
function take(course: Course, step: Step): number {
  const { machine, random, plan } = course;
  switch (step.what) {
    case "checkpoint":
      checkpoint(course, step.at);
      return step.at;
    case "change":
      if (course.plan.isMain) machine.changeNodes(step.at, plan.available(step.at));
      return step.at;
    case "pause":
      return pause(course, step.at);
    case "stop":
      return stop(course, step.at, step.cause);
    case "done":
      machine.finish(step.at, random.chance(0.9) ? "completed" : "cancelled");
      return step.at;
    default:
      return assertNever(step, "step of a job");
  }
}

function checkpoint(course: Course, at: number): void {
  const { setting, random, machine } = course;
  const { checkpointMs } = setting.scenario.jobs;
  // Some schedulers name their checkpoints anew, some count in a ring.
  const number = isWild(setting) ? course.checkpoints++ % 3 : course.checkpoints++;
  const durationMs = Math.round(checkpointMs * (0.7 + 0.8 * random.float()));
  machine.checkpoint(at, `c${number}`, durationMs);
  scheduleCheckpoint(course, at);
}

/** Scenarios that go back to the start are those in which anything goes. */
function isWild(setting: Setting): boolean {
  return setting.scenario.jobs.fromStartShare > 0;
}

function pause(course: Course, at: number): number {
  const { setting, random, machine, plan } = course;
  machine.pause(at);
  const until = at + snapLength(setting, random.exponential(setting.scenario.jobs.pauseMeanMs));
  const middle = at + snapLength(setting, (until - at) / 2);
  if (isWild(setting) && middle < until && middle < setting.end) {
    const draw = random.float();
    if (draw < 0.2) checkpoint(course, middle);
    else if (draw < 0.5) machine.changeNodes(middle, plan.available(middle));
    else if (draw < 0.7) return stop(course, middle, { kind: "software" });
  }
  if (until >= setting.end) return until;
  machine.unpause(until);
  scheduleCheckpoint(course, until);
  return until;
}

/** Down, and up again unless the job is given up or the simulation ends before. */
function stop(course: Course, at: number, cause: Cause): number {
  const { setting, random, machine, plan } = course;
  const { requeueShare } = setting.scenario.jobs;
  const resumeAt = at + snapLength(setting, downMs(course, cause));
  if (random.chance(requeueShare)) return requeue(course, at, cause, resumeAt);
  machine.interrupt(at, cause);
  const middle = at + snapLength(setting, (resumeAt - at) / 2);
  if (isWild(setting) && middle < resumeAt && middle < setting.end) {
    const draw = random.float();
    if (draw < 0.2) checkpoint(course, middle);
    else if (draw < 0.4) machine.changeNodes(middle, plan.available(middle).slice(0, 2));
    else if (draw < 0.5) return requeue(course, middle, null, resumeAt);
    else if (draw < 0.6) machine.repeatInterruption(middle, { kind: "user" });
  }
  if (resumeAt >= setting.end) return resumeAt;
  if (resumeAt >= plan.until) {
    machine.finish(resumeAt, "cancelled");
    return resumeAt;
  }
  const nodes = plan.available(resumeAt);
  const sameNodes = nodes.length === machine.held.length && random.chance(0.5);
  machine.resume(resumeAt, sameNodes || !plan.isMain ? null : nodes, restorePoint(course));
  scheduleCheckpoint(course, resumeAt);
  return resumeAt;
}

/** The scheduler calls it failed and starts it again: soon, after exactly a day, too late, or never. */
function requeue(course: Course, at: number, cause: Cause | null, soonAt: number): number {
  const { setting, random, machine, plan } = course;
  machine.fail(at, cause);
  const draw = isWild(setting) ? random.float() : 0;
  if (draw > 0.9) {
    machine.endFailed();
    return at;
  }
  const late = at + dayMs + snapLength(setting, random.exponential(6 * hourMs));
  const startAt = draw > 0.8 ? late : draw > 0.7 ? at + dayMs : soonAt;
  if (startAt >= setting.end) return startAt;
  const isRequeue = startAt <= at + dayMs;
  if (!isRequeue) machine.endFailed();
  machine.start(startAt, plan.available(startAt), isRequeue, restorePoint(course));
  scheduleCheckpoint(course, startAt);
  return startAt;
}

function downMs({ setting, random }: Course, cause: Cause): number {
  const { crashMinMs, crashMaxMs } = setting.scenario.jobs;
  switch (cause.kind) {
    case "rollout":
    case "maintenance":
      return random.between(3, 6) * minuteMs;
    case "user":
      return random.between(10, 40) * minuteMs;
    case "fault":
    case "software":
    case "unknown":
      // Most restarts are quick; few take as long as they may.
      return crashMinMs + (crashMaxMs - crashMinMs) * random.float() ** 4;
    default:
      return assertNever(cause.kind, "cause of a stop");
  }
}

function restorePoint({ setting, random, machine }: Course): Restore {
  const { olderCheckpointShare, fromStartShare } = setting.scenario.jobs;
  const draw = random.float();
  if (draw < fromStartShare) return "start";
  if (draw > fromStartShare + olderCheckpointShare) return null;
  if (isWild(setting) && random.chance(0.1)) return { checkpointId: "never-written" };
  const recent = machine.run.checkpoints.slice(-4);
  return recent.length === 0 ? null : { checkpointId: random.pick(recent).checkpointId };
}

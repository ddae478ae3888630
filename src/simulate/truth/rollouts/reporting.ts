/** A deploy system that does not ask: it looks at no-fly zones itself, or at nothing, and reports what it does. */
import { carryOut } from "./carry-out.ts";
import { later, report, type RolloutCourse, type Voice } from "./course.ts";
import type { DeploySystem, Wish } from "./desk.ts";
import { type Holding, holding } from "./holding.ts";
import { standingOf } from "./standing.ts";
import { namesOf } from "./sweep.ts";
import { firstFree } from "../nfz/standing.ts";
import { dayMs, hourMs, iso, minuteMs, snapLength } from "../../setting/setting.ts";

export function* reportingSystem(course: RolloutCourse): DeploySystem {
  const { rollout: _, cluster: __, ...submission } = course.submission;
  const { random, setting } = course;
  report(course, "RolloutSubmitted", submission);
  yield later(course, random.exponential(6 * hourMs));
  const isCareless = random.chance(setting.scenario.rollouts.carelessShare);
  if (!isCareless && !(yield* waitForZones(course))) return;
  report(course, "RolloutStarted", {});
  yield* carryOut(course, voiceOf(course));
}

/** What holds it, as everybody can see. */
function heldNow({ desk, truth }: RolloutCourse): Holding[] {
  const seen = { by: desk.now, knownBy: Infinity };
  return holding(desk.around, truth, standingOf(truth, seen), desk.now, seen);
}

function freeFrom({ desk }: RolloutCourse, held: readonly Holding[]): number {
  const nfzs = held.map(({ nfz }) => nfz);
  return firstFree(nfzs, desk.now, { by: desk.now, knownBy: Infinity });
}

/** False if it was given up before it began. */
function* waitForZones(course: RolloutCourse): Generator<Wish, boolean> {
  const { random, desk, truth } = course;
  const isUrgent = truth.urgency === "emergency" || truth.urgency === "security";
  for (;;) {
    let held = heldNow(course);
    if (held.length === 0) return true;
    if (isUrgent && random.chance(0.4)) {
      yield* override(course, held);
      return true;
    }
    // It asks again now and then, and always when what held it is over but something else holds by now.
    while (held.length > 0) {
      report(course, "RolloutBlocked", { nfzIds: namesOf(held) });
      if (random.chance(0.06)) {
        yield later(course, random.exponential(8 * hourMs));
        report(course, random.chance(0.5) ? "RolloutCancelled" : "RolloutSuperseded", {});
        return false;
      }
      const again = later(course, random.between(12, 48) * hourMs).at;
      yield { at: Math.max(desk.now + 1, Math.min(again, freeFrom(course, held))) };
      held = heldNow(course);
    }
    yield* release(course);
    // What piled up starts soon after the thaw, much of it at once.
    yield later(course, random.exponential(3 * hourMs));
  }
}

/** Where nobody else does it, the controller releases what waits: at once, unless the wake-up is lost. */
function* release(course: RolloutCourse): Generator<Wish, void> {
  const { setting, random } = course;
  if (setting.plan.asksLedger && random.chance(0.8)) return;
  if (random.chance(setting.scenario.rollouts.lostWakeUpShare)) {
    const isForgotten = random.chance(0.3);
    yield isForgotten ? { at: setting.end } : later(course, random.exponential(2 * dayMs));
  } else if (random.chance(0.5)) yield later(course, random.between(1, 5_000));
  report(course, "RolloutUnblocked", {});
}

/** Somebody with a role lets it start in spite of the no-fly zones that hold it. */
function* override(course: RolloutCourse, held: readonly Holding[]): Generator<Wish, void> {
  const { setting, desk } = course;
  const nfzIds = namesOf(held);
  report(course, "RolloutBlocked", { nfzIds });
  yield later(course, 10 * minuteMs);
  const how = { actor: "duty-manager", reason: "The update closes a hole that is being used." };
  const expiresAt = iso(desk.now + snapLength(setting, dayMs));
  const grant = { role: "incident-commander", nfzIds, expiresAt };
  report(course, "RolloutOverrideGranted", grant, how);
  yield later(course, 10 * minuteMs);
}

function voiceOf(course: RolloutCourse): Voice {
  const { setting, nodes: all, random } = course;
  return {
    mayGoOn: () => (setting.plan.asksLedger ? obey(course) : lookItself(course)),
    *progress(nodesDone, nodes) {
      const named = random.chance(0.5) ? { nodes: [...nodes] } : {};
      report(course, "RolloutProgressed", { nodesDone, nodesTotal: all.length, ...named });
      yield later(course, 0);
    },
    *end() {
      if (random.chance(0.5)) {
        report(course, "RolloutVerificationStarted", {});
        yield later(course, 10 * minuteMs);
      }
      const draw = random.float();
      if (draw < 0.9) report(course, "RolloutCompleted", {});
      else report(course, draw < 0.96 ? "RolloutFailed" : "RolloutRolledBack", {});
      // A straggler reports after the rollout is over; that changes nothing.
      if (!random.chance(setting.scenario.reporting.echoShare)) return;
      yield later(course, 5 * minuteMs);
      report(course, "RolloutProgressed", { nodesDone: all.length, nodesTotal: all.length });
    },
  };
}

/** Does what the ledger orders, unless it does not listen. */
function* obey(course: RolloutCourse): Generator<Wish, boolean> {
  const { desk, random } = course;
  let hasWaited = false;
  for (;;) {
    const { stage, refusal } = desk.standing(course);
    if (course.isDisobedient) return true;
    if (stage === "rolling-back") {
      yield later(course, random.between(10, 90) * minuteMs);
      report(course, "RolloutRolledBack", {});
      return false;
    }
    if (stage !== "paused") return true;
    if (refusal === null || (hasWaited && heldNow(course).length === 0)) {
      yield later(course, random.exponential(30 * minuteMs));
      report(course, "RolloutResumed", {});
      return true;
    }
    yield { ...later(course, dayMs), orWhenTold: true };
    hasWaited = true;
  }
}

/** Nobody orders anything: it keeps to the zones' policies by itself. To finish is one step more. */
function* lookItself(course: RolloutCourse): Generator<Wish, boolean> {
  const { desk, truth } = course;
  const held = heldNow(course);
  if (held.length === 0) return true;
  const policies = new Set(held.map(({ nfz }) => nfz.inFlight));
  if (policies.has("rollback")) {
    report(course, "RolloutRolledBack", {});
    return false;
  }
  const { progressOfRun } = standingOf(truth, { by: desk.now, knownBy: Infinity });
  const since = Math.min(...held.map(({ stretch }) => stretch.from));
  const hasTakenStep = progressOfRun !== null && progressOfRun.at >= since;
  if (!policies.has("pause") && !hasTakenStep) return true;
  report(course, "RolloutPaused", { nfzIds: namesOf(held) });
  for (let still = held; still.length > 0; still = heldNow(course)) {
    yield { at: freeFrom(course, still) + snapLength(course.setting, minuteMs) };
  }
  report(course, "RolloutResumed", {});
  return true;
}

/** A deploy system that asks the ledger before it does anything, and does what the ledger says. */
import { ask, askToGo, giveUp, override, revoke, submit, turn } from "./commands.ts";
import { carryOut } from "./carry-out.ts";
import { later, type RolloutCourse, type Voice } from "./course.ts";
import type { DeploySystem, Wish } from "./desk.ts";
import { draft } from "../../setting/decision-log.ts";
import { dayMs, hourMs, minuteMs } from "../../setting/setting.ts";

export function* askingSystem(course: RolloutCourse): DeploySystem {
  submit(course);
  yield later(course, course.random.exponential(6 * hourMs));
  if (yield* start(course)) yield* carryOut(course, voiceOf(course));
}

/** False if it was given up before it began. */
function* start(course: RolloutCourse): Generator<Wish, boolean> {
  const { random, desk, truth } = course;
  const isUrgent = truth.urgency === "emergency" || truth.urgency === "security";
  for (;;) {
    if (yield* askToGo(course, "start")) return true;
    const draw = random.float();
    if (draw < (isUrgent ? 0.5 : 0.15)) {
      yield* passAll(course);
      continue;
    }
    if (draw > 0.92) {
      yield later(course, random.exponential(8 * hourMs));
      yield* giveUp(course);
      return false;
    }
    if (draw > 0.87) {
      // It is impatient, and is told the same.
      yield { at: desk.now + random.between(5_000, 59_000) };
      continue;
    }
    // It asks again now and then; once it is released it goes soon, like much else.
    const wish = later(course, random.between(12, 48) * hourMs);
    yield { ...wish, orWhenTold: true };
    if (desk.standing(course).stage === "releasable")
      yield later(course, random.exponential(3 * hourMs));
  }
}

/** Somebody overrides what holds it, and may think better of it. */
function* passAll(course: RolloutCourse): Generator<Wish, void> {
  const { random } = course;
  yield later(course, 10 * minuteMs);
  const id = yield* override(course);
  yield later(course, 10 * minuteMs);
  if (id !== null && random.chance(0.2)) yield* revoke(course, id);
}

function voiceOf(course: RolloutCourse): Voice {
  const { who, nodes: all } = course;
  let mayDisobey = course.isDisobedient;
  function* mayGoOn(): Generator<Wish, boolean> {
    for (;;) {
      const { stage } = yield* turn(course);
      if (stage === "in-progress" && !course.random.chance(0.04)) return true;
      if (stage === "in-progress") yield* pause(course);
      else if (stage === "rolling-back") {
        yield* undo(course);
        return false;
      } else if (stage !== "paused") return false;
      else if (mayDisobey) {
        mayDisobey = false;
        return true;
      } else if (!(yield* waitPaused(course))) return false;
    }
  }
  return {
    mayGoOn,
    *progress(nodesDone, nodes) {
      yield* turn(course);
      const body = { nodesDone, nodesTotal: all.length, nodes: [...nodes] };
      ask(course, { command: "progress", body }, draft("RolloutProgressed", { ...who, ...body }));
    },
    *end() {
      // What stops it in the last moment is waited for, too.
      while ((yield* turn(course)).stage !== "in-progress") if (!(yield* mayGoOn())) return;
      ask(course, { command: "verify" }, draft("RolloutVerificationStarted", who));
      yield later(course, course.random.between(10, 60) * minuteMs);
      yield* turn(course);
      const draw = course.random.float();
      if (draw < 0.9) ask(course, { command: "complete" }, draft("RolloutCompleted", who));
      else if (draw < 0.96) ask(course, { command: "fail" }, draft("RolloutFailed", who));
      else ask(course, { command: "roll-back" }, draft("RolloutRolledBack", who));
    },
  };
}

/** Its owner stops it for a while. */
function* pause(course: RolloutCourse): Generator<Wish, void> {
  ask(course, { command: "pause", actor: "maria" }, draft("RolloutPaused", course.who));
  yield later(course, course.random.exponential(2 * hourMs));
}

/** The ledger has ordered to undo it. */
function* undo(course: RolloutCourse): Generator<Wish, void> {
  const { random, who } = course;
  yield later(course, random.between(10, 90) * minuteMs);
  yield* turn(course);
  if (random.chance(0.85)) ask(course, { command: "roll-back" }, draft("RolloutRolledBack", who));
  else ask(course, { command: "fail" }, draft("RolloutFailed", who));
}

/** Waits once, then asks to go on; false if it is given up. */
function* waitPaused(course: RolloutCourse): Generator<Wish, boolean> {
  const { random, desk, who } = course;
  const { refusal } = desk.standing(course);
  const draw = random.float();
  if (refusal === null) yield later(course, random.exponential(30 * minuteMs));
  else if (draw < 0.15) yield* passAll(course);
  else if (draw < 0.2) {
    yield later(course, random.exponential(4 * hourMs));
    const { stage } = yield* turn(course);
    if (stage !== "paused") return true;
    ask(course, { command: "fail" }, draft("RolloutFailed", who));
    return false;
  } else {
    const wish = later(course, random.between(12, 48) * hourMs);
    yield { ...wish, orWhenTold: true };
    // Released: it goes on a little later. Not released for long: it asks all the same, now and then.
    if (desk.standing(course).refusal === null) return true;
    if (random.chance(0.5)) yield { at: desk.now + dayMs, orWhenTold: true };
  }
  yield* askToGo(course, "resume");
  return true;
}

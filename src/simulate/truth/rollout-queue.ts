/** The blocked queue: a rollout is refused while a no-fly zone holds, and released when all are over. */
import { firstFree, inForce } from "./nfz.ts";
import type { RolloutCourse } from "./rollouts.ts";
import { cutAtEnd, dayMs, hourMs, minuteMs, snap, snapLength } from "../setting/setting.ts";

/** When the rollout starts, asking first at `wanted`; `null` if it does not within the simulation. */
export function waitForRelease(course: RolloutCourse, wanted: number): number | null {
  const { setting, random, reporter, truth, who } = course;
  let at = wanted;
  while (at < setting.end) {
    if (inForce(course.nfzs, at).length === 0) {
      reporter.say("RolloutStarted", at, who);
      return at;
    }
    const urgent = course.urgency === "emergency" || course.urgency === "security";
    if (urgent && random.chance(0.4)) return override(course, at);
    const { refusals, freeAt } = refuse(course, at);
    const givenUpAt = snap(setting, at + (freeAt - at) * (0.2 + 0.6 * random.float()));
    if (random.chance(0.08) && givenUpAt > at) {
      giveUp(course, givenUpAt);
      const kept = refusals.filter((refusal) => refusal.at < givenUpAt);
      sayRefusals(course, kept);
      truth.blocked.push({ from: at, to: cutAtEnd(setting, givenUpAt), refusals: kept });
      return null;
    }
    sayRefusals(course, refusals);
    const releasedAt = freeAt + wakeUpMs(course);
    truth.blocked.push({ from: at, to: cutAtEnd(setting, releasedAt), refusals });
    if (releasedAt < setting.end) reporter.say("RolloutUnblocked", releasedAt, who);
    // What piled up starts soon after the thaw, much of it at once.
    at = releasedAt + snapLength(setting, random.exponential(3 * hourMs));
  }
  return null;
}

/** How long after the last no-fly zone the release comes: at once, unless the wake-up was lost. */
function wakeUpMs({ setting, random }: RolloutCourse): number {
  if (random.chance(setting.scenario.rollouts.lostWakeUpShare)) {
    return random.chance(0.3) ? Infinity : snapLength(setting, random.exponential(2 * dayMs));
  }
  return random.chance(0.5) ? 0 : snapLength(setting, random.between(1, 5_000));
}

type Refusal = RolloutCourse["truth"]["blocked"][number]["refusals"][number];

/** It asks again now and then, and always when what held it is over but something else holds by now. */
function refuse(
  course: RolloutCourse,
  from: number,
): { readonly refusals: readonly Refusal[]; readonly freeAt: number } {
  const { setting, random } = course;
  const refusals: Refusal[] = [];
  let at = from;
  for (;;) {
    const holding = inForce(course.nfzs, at);
    if (holding.length === 0) return { refusals, freeAt: at };
    refusals.push({ at, nfzIds: holding.map(({ nfz }) => nfz).sort() });
    const again = at + snapLength(setting, random.between(12, 48) * hourMs);
    at = Math.min(again, firstFree(holding, at));
  }
}

function sayRefusals(course: RolloutCourse, refusals: readonly Refusal[]): void {
  for (const { at, nfzIds } of refusals) {
    course.reporter.say("RolloutBlocked", at, { ...course.who, nfzIds: [...nfzIds] });
  }
}

function giveUp({ random, reporter, who }: RolloutCourse, at: number): void {
  if (random.chance(0.5)) reporter.say("RolloutCancelled", at, who);
  else reporter.say("RolloutSuperseded", at, who);
}

/** Somebody with a role lets it start in spite of the no-fly zones that refused it. */
function override(course: RolloutCourse, at: number): number | null {
  const { setting, reporter, truth, who } = course;
  const nfzIds = inForce(course.nfzs, at).map(({ nfz }) => nfz);
  const grantedAt = at + snapLength(setting, 10 * minuteMs);
  const startedAt = grantedAt + snapLength(setting, 10 * minuteMs);
  const refusals = [{ at, nfzIds }];
  sayRefusals(course, refusals);
  const expiresAt = new Date(grantedAt + dayMs).toISOString();
  const how = { actor: "duty-manager", reason: "The update closes a hole that is being used." };
  const grant = { ...who, role: "incident-commander", nfzIds, expiresAt };
  reporter.say("RolloutOverrideGranted", grantedAt, grant, how);
  if (grantedAt < setting.end) truth.overridesAt.push(grantedAt);
  truth.blocked.push({ from: at, to: cutAtEnd(setting, startedAt), refusals });
  reporter.say("RolloutStarted", startedAt, who);
  return startedAt < setting.end ? startedAt : null;
}

/** What deploy systems and people ask of the ledger about a rollout, and what it decides. */
import type { RolloutCourse } from "./course.ts";
import type { Wish } from "./desk.ts";
import { matching } from "./holding.ts";
import { isSameSet, namesOf } from "./sweep.ts";
import type { Standing } from "./standing.ts";
import { standingOf as nfzStandingOf } from "../nfz/standing.ts";
import { type Draft, draft } from "../../setting/decision-log.ts";
import { dayMs, hourMs, iso, minuteMs } from "../../setting/setting.ts";

interface Said {
  readonly command: string;
  /** After the rollout's own address; the command itself if it is left out. */
  readonly path?: string;
  readonly actor?: string;
  readonly reason?: string;
  readonly body?: object;
}

/** The role that may override no-fly zones, by the policy of each cluster. */
export const overrideRole = "duty-manager";
export const overrideMaxMs = dayMs;

/** The same refusal is not written down again within this time. */
const sameRefusalMs = minuteMs;

/** Comes back when a decision may be made: later than everything that is known of the rollout. */
export function* turn({ desk, truth }: RolloutCourse): Generator<Wish, Standing> {
  for (;;) {
    const standing = desk.standing({ truth });
    if (standing.lastAt < desk.now) return standing;
    yield { at: standing.lastAt + 1 };
  }
}

export function ask(course: RolloutCourse, said: Said, ...drafts: readonly Draft[]): void {
  const { command, path = `/${command}`, actor = "rollout-controller", ...rest } = said;
  const { rollout } = course.who;
  course.desk.decide(
    course,
    { command, path: `/v1/rollouts/${rollout}${path}`, actor, ...rest },
    drafts,
  );
}

export function submit(course: RolloutCourse): void {
  const { desk, submission } = course;
  const asked = { command: "submit", path: "/v1/rollouts", actor: "rollout-controller" };
  desk.decide(course, { ...asked, body: submission }, [draft("RolloutSubmitted", submission)]);
}

/** Whether it goes: no-fly zones may hold it. */
export function* askToGo(
  course: RolloutCourse,
  command: "start" | "resume",
): Generator<Wish, boolean> {
  const { desk, who } = course;
  const { stage, refusal } = yield* turn(course);
  if (stage === "in-progress") return true;
  const nfzIds = namesOf(desk.held(course));
  if (nfzIds.length > 0) {
    const isSaid =
      refusal !== null &&
      isSameSet(refusal.nfzIds, nfzIds) &&
      desk.now - refusal.at < sameRefusalMs;
    if (!isSaid) ask(course, { command }, draft("RolloutBlocked", { ...who, nfzIds }));
    return false;
  }
  if (command === "start") ask(course, { command }, draft("RolloutStarted", who));
  else {
    const release = refusal === null ? [] : [draft("RolloutUnblocked", who)];
    ask(course, { command }, ...release, draft("RolloutResumed", who));
  }
  return true;
}

const reason = "The update closes a hole that is being used.";

/** Somebody lets it pass the zones that hold it. Gives the id of the override; `null` if there is none. */
export function* override(course: RolloutCourse): Generator<Wish, string | null> {
  const { desk, who, random, truth } = course;
  const { stage } = yield* turn(course);
  const isPossible = ["submitted", "blocked", "releasable", "in-progress", "paused"];
  if (!isPossible.includes(stage)) return null;
  const said = { command: "override", path: "/overrides", reason };
  // Some are for as long as it should take, some for good measure.
  const longestMs = random.chance(0.5) ? hourMs : overrideMaxMs;
  const expiresAt = desk.now + Math.round(longestMs * (0.3 + 0.7 * random.float()));
  if (random.chance(0.15)) {
    const body = { role: "operator", expiresAt: iso(expiresAt) };
    const refused = draft("RolloutRefused", {
      ...who,
      command: "override",
      code: "role-needed",
      roles: [overrideRole],
    });
    ask(course, { ...said, actor: "night-shift", body }, refused);
    yield { at: desk.now + 5 * minuteMs };
    yield* turn(course);
  }
  const held = namesOf(desk.held(course));
  if (held.length === 0) return null;
  const coming = random.chance(0.4) ? touching(course, desk.now, expiresAt) : [];
  const nfzIds = [...new Set([...held, ...coming])].sort();
  const named = coming.length > 0 ? { nfzIds } : {};
  const body = { role: overrideRole, ...named, expiresAt: iso(expiresAt) };
  const grant = { ...who, role: overrideRole, nfzIds, expiresAt: iso(expiresAt) };
  ask(course, { ...said, actor: "maria", body }, draft("RolloutOverrideGranted", grant));
  return truth.acts.at(-1)?.id ?? null;
}

/** Zones that will hold it before the instant. */
function touching(course: RolloutCourse, from: number, to: number): string[] {
  const { desk, truth } = course;
  const { seen, around } = desk;
  return matching(around, truth, desk.standing(course), from, seen)
    .filter((nfz) =>
      nfzStandingOf(nfz, seen)?.stretches.some((each) => each.from < to && each.to > from),
    )
    .map(({ nfz }) => nfz);
}

export function* revoke(course: RolloutCourse, id: string): Generator<Wish, void> {
  const { grants, stage } = yield* turn(course);
  const grant = grants.find(({ act }) => act.id === id);
  if (stage === "over" || grant === undefined || grant.until <= course.desk.now) return;
  const said = {
    command: "revoke",
    path: `/overrides/${id}/revoke`,
    actor: "maria",
    reason: "The hole is closed by other means.",
  };
  ask(course, said, draft("RolloutOverrideRevoked", { ...course.who, override: id }));
}

/** Gives a rollout that waits up. */
export function* giveUp(course: RolloutCourse): Generator<Wish, void> {
  const { desk, random, who } = course;
  yield* turn(course);
  const others = desk.courses.filter((other) => {
    const { isSubmitted, stage } = desk.standing(other);
    return other !== course && isSubmitted && stage !== "over";
  });
  const [other] = random.chance(0.5) ? random.sample(others, 1) : [];
  if (other === undefined) {
    ask(course, { command: "cancel" }, draft("RolloutCancelled", who));
    return;
  }
  const body = { supersededBy: other.who.rollout };
  ask(course, { command: "supersede", body }, draft("RolloutSuperseded", { ...who, ...body }));
}

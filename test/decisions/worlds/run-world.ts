/** Lets a world go on for a while, then to rest, and says what is wrong with it. */
import { effectiveFacts } from "../../projections/effective-facts-at.ts";
import { randomSource } from "../../histories/random-source.ts";
import {
  amend,
  changeNfz,
  report,
  reportElse,
  reportRollout,
  rollouts,
  someCommand,
  someSubmission,
} from "./actions.ts";
import { isInForce } from "./holding.ts";
import type { Process } from "./store.ts";
import { type Made, type Reading, type Seen, World } from "./world.ts";

const minute = 60_000;
const hour = 60 * minute;

export type Counts = World["counts"];

/** Throws what is wrong. */
export function runWorld(seed: number): World {
  const random = randomSource(seed);
  const world = new World(random, random.chance(0.5));
  for (const [node, rack] of [
    ["a1", "A"],
    ["a2", "A"],
    ["b1", "B"],
  ] as const)
    report(world, `node-c:${node}`, "NodeCommissioned", world.nowMs, { cluster: "c", node, rack });
  for (const rollout of rollouts.slice(0, random.between(1, 3)))
    report(
      world,
      `rollout-${rollout}`,
      "RolloutSubmitted",
      world.nowMs,
      someSubmission(world, rollout),
    );
  let depth = 0;
  world.meanwhile = () => {
    if (depth >= 2 || !random.chance(0.4)) return;
    depth++;
    act(world);
    depth--;
  };
  for (let steps = random.between(15, 60); steps > 0; steps--) {
    world.nowMs += random.pick([0, 1, 1_000, 50_000, 5 * minute, 20 * minute, hour]);
    act(world);
  }
  checkRest(world);
  checkStarts(world);
  checkAnswers(world);
  return world;
}

function act(world: World): void {
  const { random } = world;
  const process = random.pick(world.processes);
  const what = random.below(100);
  if (what < 40) {
    const rollout = random.pick(rollouts);
    world.decide(process, rollout, someCommand(world, rollout));
  } else if (what < 55) changeNfz(world, process);
  else if (what < 67) sweep(world, process);
  else if (what < 76) reportRollout(world);
  else if (what < 86) reportElse(world);
  else if (what < 90) amend(world);
  else if (what < 93) process.offsetMs = random.pick([0, 0, -minute, -hour, -5 * hour, 3 * minute]);
  else if (what < 95) process.restart();
  else process.follow(world.store.events.length - random.pick([0, 0, 1, 5, 20]));
}

/** Whether anything was appended. */
function sweep(world: World, process: Process): boolean {
  const before = world.store.events.length;
  for (const rollout of rollouts) world.decide(process, rollout, "sweep");
  return world.store.events.length > before;
}

/** With every mirror up to date and one sweep: whatever is blocked or running has a reason, and a second sweep finds nothing. */
function checkRest(world: World): void {
  const { store, processes } = world;
  world.meanwhile = () => undefined;
  const [process] = processes;
  if (process === undefined) return;
  for (const each of processes) each.follow(store.events.length);
  process.offsetMs = 0;
  if (world.random.chance(0.5)) world.nowMs += 24 * hour;
  let mayChange = false;
  for (const rollout of rollouts) {
    const { at, length: before } = readingOf(world, process, rollout);
    world.decide(process, rollout, "sweep");
    const { P, length } = readingOf(world, process, rollout);
    const seen = world.seen({ rollout, P, length, at });
    const { status, nfzs, F } = seen;
    const waitsFor = status.blocked?.data.nfzIds ?? null;
    const isHeld = nfzs.some((each) => waitsFor?.includes(each.name) && isInForce(each, at));
    if (waitsFor !== null && status.state !== "unknown" && !isHeld)
      throw new Error(`${rollout} is still blocked by ${waitsFor.join(", ")}`);
    const mustStop = F.some(({ inFlight }) => inFlight !== "finish");
    if (status.state === "in-progress" && mustStop)
      throw new Error(`${rollout} goes on under ${namesOf(F)}`);
    // What it decided is its latest fact: the next instant is a millisecond later, and anything may begin or end then.
    if (length > before && isEdge(seen, at + 1)) mayChange = true;
  }
  if (sweep(world, process) && !mayChange) throw new Error("a second sweep appended something");
}

function namesOf(nfzs: Seen["F"]): string {
  return nfzs.map(({ name }) => name).join(", ");
}

/** What a decision about the rollout would see now. */
function readingOf(world: World, process: Process, rollout: string): Reading {
  const { P } = process;
  const { length } = world.store.stream(`rollout-${rollout}`);
  const { latestAt } = world.store.ownFacts("rollout", rollout, P, length);
  return { rollout, P, length, at: world.instant(process, P, latestAt) };
}

/** Whether an NFZ or a grant begins or ends at the instant. */
function isEdge({ nfzs, status }: Seen, at: number): boolean {
  const ofNfzs = nfzs.flatMap(({ occurrences }) => occurrences);
  return [...ofNfzs, ...status.grants].some(({ from, to }) => from === at || to === at);
}

/** No start or resume knew of an NFZ that held it; in the embedded store none was in force either. */
function checkStarts(world: World): void {
  for (const made of world.made) {
    if (typeof made.what === "string" || !isRun(made)) continue;
    const { rollout, at, sequence } = made;
    const knew = world.seen(made).F;
    if (knew.length > 0)
      throw new Error(`${rollout} started at ${at} and knew of ${namesOf(knew)}`);
    const { F } = world.seen(made, decidedSince(world, sequence));
    if (F.length === 0) continue;
    if (world.isEmbedded) throw new Error(`${rollout} started at ${at} inside ${namesOf(F)}`);
    world.counts.slips++;
  }
}

function isRun({ outcome }: Made): boolean {
  return /"type":"Rollout(Started|Resumed)"/v.test(outcome);
}

/** What stood when the event was appended, and what was decided later about NFZs: late facts and corrections are left out. */
function decidedSince({ store }: World, sequence: number): ReturnType<typeof effectiveFacts> {
  const before = store.events.slice(0, sequence - 1);
  const later = store.events
    .slice(sequence)
    .filter(({ type, attribution }) => type.startsWith("Nfz") && attribution?.decision);
  return effectiveFacts([...before, ...later], store.events.length);
}

/** A command that is asked again is answered from the record, as at first. */
function checkAnswers(world: World): void {
  for (const made of world.made) {
    const again = world.decidedAnew(made);
    if (again !== made.outcome)
      throw new Error(`${JSON.stringify(made.what)} was ${made.outcome}, then ${again}`);
  }
}

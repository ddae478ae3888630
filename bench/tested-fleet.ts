/** A fleet in which ten thousand rollouts of two hundred sets of updates wait, a part of which were tested together. */
import { type Stated, fillLedger } from "./fill-ledger.ts";

export const testedFleet = { nodes: 10_000, racks: 300, rollouts: 10_000, sets: 200, jobs: 1_000 };

const dayMs = 86_400_000;
const parts = 20;
/** Sets of updates in one co-test. */
const setsPerTest = 6;

function stated(type: string, ms: number, data: object): Stated {
  return { type, occurredAt: new Date(ms).toISOString(), data: { cluster: "c", ...data } };
}

function nodeOf(index: number): string {
  return `n${String(index).padStart(5, "0")}`;
}

/** Sets of one part are versions of it, and cannot be installed together. */
function updatesOf(set: number): object[] {
  return [{ component: `part-${set % parts}`, version: String(set) }];
}

function* fleet(now: number): Generator<Stated> {
  const { nodes, racks, jobs } = testedFleet;
  for (let i = 0; i < nodes; i++)
    yield stated("NodeCommissioned", now - 10 * dayMs, { node: nodeOf(i), rack: `r${i % racks}` });
  for (let i = 0; i < jobs; i++) {
    const held = `n[${nodeOf(8 * i).slice(1)}-${nodeOf(8 * i + 7).slice(1)}]`;
    yield stated("JobStarted", now - dayMs, { job: `job-${i}`, nodes: [held] });
  }
}

/** Each is over one rack, or over up to so many. */
function* rollouts(now: number, random: () => number, racksEach: number): Generator<Stated> {
  const { racks, sets } = testedFleet;
  const rack = () => `r${Math.floor(random() * racks)}`;
  for (let i = 0; i < testedFleet.rollouts; i++)
    yield stated("RolloutSubmitted", now - dayMs + i, {
      rollout: `update-${String(i).padStart(5, "0")}`,
      updates: updatesOf(Math.floor(random() * sets)),
      targets: { racks: Array.from({ length: 1 + (i % racksEach) }, rack) },
      impact:
        i % 2 === 0
          ? { kind: "impactless" }
          : { kind: "impactful", secondsPerNode: 60 + (i % 300) },
      urgency: ["routine", "important", "security", "emergency"][i % 4],
    });
}

function* coTests(now: number, random: () => number, count: number): Generator<Stated> {
  for (let i = 0; i < count; i++) {
    const sets = new Map<number, number>();
    while (sets.size < setsPerTest) {
      const set = Math.floor(random() * testedFleet.sets);
      sets.set(set % parts, set);
    }
    const updates = [...sets.values()].flatMap(updatesOf);
    const isPair = i % 20 === 0;
    yield stated(isPair ? "CoTestFailed" : "CoTestPassed", now - dayMs + i, {
      coTest: `test-${i}`,
      updates: isPair ? updates.slice(0, 2) : updates,
    });
  }
}

/** Fills a ledger with the fleet and a number of co-tests; one in twenty is of a pair and failed. */
export async function fillTestedFleet(
  path: string,
  tests: number,
  racksEach: number,
): Promise<void> {
  await fillLedger(path, (now, random) => [
    fleet(now),
    rollouts(now, random, racksEach),
    coTests(now, random, tests),
  ]);
}

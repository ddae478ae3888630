/** Which pairs of waiting rollouts were tested together, by the folds and by the simulator's books. */
import { describe, expect, it } from "vitest";
import { QueueCoverage, coverageRatio } from "../../projections/co-tests/coverage.ts";
import { rolloutsInQueue } from "../../projections/co-tests/queued-rollouts.ts";
import { formatInstant } from "../../projections/time/instant.ts";
import type { DecisionView } from "../../projections/view.ts";
import { coTestsOf } from "../../src/simulate/books/co-tests.ts";
import { Random } from "../../src/simulate/setting/prng.ts";
import { simulate } from "../../src/simulate/simulate.ts";
import { soakRuns } from "../random-runs.ts";
import { Replay } from "./deciding.ts";
import type { Simulation } from "./raw-events.ts";

/** The pairs counted and listed: two ways through the same table. */
function testedIn(view: DecisionView, at: number) {
  const coverage = new QueueCoverage(rolloutsInQueue(view, at));
  const counts = coverage.total();
  const pairs = coverage.page(null, Infinity)?.pairs;
  return { at: formatInstant(at), pairs, counts, coverage: coverageRatio(counts) };
}

/** Instants of the simulation: anywhere, and where something happens to co-tests or to the queue. */
function instantsOf({ fromMs, endMs, seed, events, history }: Simulation): number[] {
  const random = new Random(seed, "instants of co-tests");
  const validMs = history.clusters.map(({ coTestTerms }) => coTestTerms.validMs);
  const shifts = [0, 1, 3_600_000, ...validMs.filter((ms) => ms < Infinity)];
  return Array.from({ length: 12 }, () => {
    if (random.chance(0.3)) return fromMs + 1 + random.below(endMs - fromMs);
    const about = random.chance(0.5) ? /^CoTest/ : /^Rollout(Submitted|Blocked|Started)/;
    const some = events.filter(({ type }) => about.test(type));
    const [event] = random.sample(some, 1);
    const at = event === undefined ? fromMs + 1 : Date.parse(event.occurredAt);
    return Math.min(endMs, at + random.pick(shifts));
  });
}

/** Pairs that were compared, to show that there was something to compare. */
const counted = { passed: 0, failed: 0, never: 0, conflict: 0 };

function compare(simulation: Simulation): void {
  const replay = new Replay(simulation);
  for (const truth of simulation.history.clusters) {
    const view = replay.view(truth.cluster, replay.raw.length);
    for (const at of instantsOf(simulation)) {
      const books = coTestsOf(truth, at);
      const where = `${truth.cluster}, seed ${simulation.seed}, ${books.at}`;
      expect(testedIn(view, at), where).toEqual(books);
      for (const { status } of books.pairs) counted[status]++;
    }
  }
}

describe("the simulator's books about co-tests", () => {
  for (const [scenario, days, whole, sample, perSeed] of [
    ["quiet", 20, 170, 8, 0],
    ["stormy", 7, 800, 16, 2],
    ["supercomputer", 8, 30, 3, 0],
  ] as const) {
    const count = soakRuns(whole, sample);
    it(`have the pairs and the coverage of the folds, on ${count} seeds of "${scenario}"`, () => {
      Object.assign(counted, { passed: 0, failed: 0, never: 0, conflict: 0 });
      for (let seed = 1; seed <= count; seed++) {
        const endMs = Date.UTC(2026, seed % 12, 4, seed % 24);
        compare(simulate({ scenario, days, seed, endMs }));
      }
      process.stdout.write(`  ${scenario}: ${JSON.stringify(counted)}\n`);
      const each = Object.values(counted);
      expect(each.reduce((sum, pairs) => sum + pairs, 0)).toBeGreaterThan(0);
      expect(Math.min(...each)).toBeGreaterThanOrEqual(perSeed * count);
    });
  }
});

/** Coverage, bundles and plans of random queues, against an independent reading of the policy's text and against the best possible. */
import { describe, expect, test } from "vitest";
import { QueueCoverage, coverageRatio } from "../../../projections/co-tests/coverage.ts";
import { namedBundle, nextBundles } from "../../../projections/co-tests/next-bundles.ts";
import { rolloutsInQueue } from "../../../projections/co-tests/queued-rollouts.ts";
import { type PairStatus, pairStatuses } from "../../../projections/co-tests/tested-sets.ts";
import { type CostOf, releasePlan } from "../../../projections/release-plan/plan.ts";
import { declaredMs } from "../../../projections/rollouts/declared.ts";
import { stepsAtOnce } from "../../../src/turns.ts";
import { plainClusterViewAt } from "../../projections/plain-view-at.ts";
import { soakRuns } from "../../random-runs.ts";
import { plannedWaves } from "./plan-reference.ts";
import { bestPlan, fewestBundles } from "./optimum.ts";
import { type RandomQueue, clusterOfQueue, randomQueue } from "./random-queue.ts";
import {
  bundlesOf,
  isAdmissible,
  mayBeTested,
  pairsOf,
  pairsToTest,
  stopsOf,
} from "./reference.ts";

const shapeOf = (seed: number, rollouts: number) => ({
  rollouts,
  components: 2 + (seed % 5),
  versions: 1 + (seed % 3),
  nodes: 6,
  tests: (seed * 7) % 23,
});

const longShapeOf = (seed: number) => ({
  rollouts: 22 + (seed % 14),
  components: 8 + (seed % 13),
  versions: 1 + (seed % 2),
  nodes: 12,
  tests: (seed * 7) % 40,
});

function queueOf({ events, at }: RandomQueue) {
  const view = plainClusterViewAt(events, clusterOfQueue, events.length);
  return { view, queue: rolloutsInQueue(view, at) };
}

function nextOf(random: RandomQueue, K: number) {
  const { queue } = queueOf(random);
  const made = stepsAtOnce(nextBundles(queue, K));
  return { ...made, bundles: made.bundles.map((each) => namedBundle(queue, each)) };
}

const planOf = (random: RandomQueue) => {
  const { view, queue } = queueOf(random);
  const cost: CostOf = (_, { submission }) => declaredMs(submission?.data.impact);
  return stepsAtOnce(releasePlan(view, queue, random.nisTarget, cost));
};

describe("coverage", () => {
  test("has the pairs and counts of an independent reading", () => {
    const seen = new Map<string, number>();
    for (let seed = 1; seed <= soakRuns(1_000, 150); seed++) {
      const random = randomQueue(seed, shapeOf(seed, 1 + (seed % 12)));
      const expected = pairsOf(random.queue, random.judge).map(([i, j, status]) => ({
        rollouts: [random.queue[i]?.name, random.queue[j]?.name],
        status,
      }));
      const { queue } = queueOf(random);
      expect(queue.rollouts.map(({ rollout }) => rollout)).toEqual(
        random.queue.map(({ name }) => name),
      );
      const coverage = new QueueCoverage(queue);
      const counts = coverage.total();
      for (const status of pairStatuses) {
        const number = expected.filter((pair) => pair.status === status).length;
        expect([seed, status, counts[status]]).toEqual([seed, status, number]);
        seen.set(status, (seen.get(status) ?? 0) + number);
      }
      expect(paged(coverage, 1 + (seed % 4), null)).toEqual(expected);
      expect(paged(coverage, 2, "never")).toEqual(
        expected.filter(({ status }) => status === "never"),
      );
      const rated = counts.passed + counts.failed + counts.never;
      expect(coverageRatio(counts)).toBe(
        rated === 0 ? null : Number((counts.passed / rated).toFixed(9)),
      );
    }
    for (const status of pairStatuses) expect(seen.get(status)).toBeGreaterThan(50);
  });
});

function paged(coverage: QueueCoverage, limit: number, only: PairStatus | null): object[] {
  const all: object[] = [];
  let after: readonly [string, string] | null = null;
  for (;;) {
    const page = coverage.page(after, limit, only);
    if (page === null) throw new Error("no such page");
    all.push(...page.pairs);
    const last = page.pairs.at(-1);
    if (!page.hasMore || last === undefined) return all;
    after = last.rollouts;
  }
}

describe("the next bundles", () => {
  test("are those of an independent reading; they cover every pair, and the bound is below the optimum", () => {
    const told = { instances: 0, finished: 0, optimal: 0, worst: 1, bound: 0 };
    for (let seed = 1; seed <= soakRuns(1_000, 100); seed++) {
      const random = randomQueue(seed, shapeOf(seed, 2 + (seed % 11)));
      const K = 2 + (seed % 5);
      const made = nextOf(random, K);
      const { queue, judge } = random;
      const pairs = pairsToTest(queue, judge);
      const names = (members: readonly number[]) => members.map((i) => queue[i]?.name);
      expect([seed, made.bundles.map(({ rollouts }) => rollouts)]).toEqual([
        seed,
        bundlesOf(queue, judge, K).map(names),
      ]);
      expect(made.pairs).toBe(pairs.length);
      const placed = made.bundles.map(({ rollouts }) =>
        rollouts.map((name) => queue.findIndex((each) => each.name === name)),
      );
      for (const [i, members] of placed.entries()) {
        expect(members.length).toBeGreaterThanOrEqual(2);
        expect(members.length).toBeLessThanOrEqual(K);
        expect(mayBeTested(queue, judge, members)).toBe(true);
        const covered = pairs.filter(([a, b]) => members.includes(a) && members.includes(b));
        expect(made.bundles[i]?.pairs).toBe(covered.length);
        expect(
          made.bundles[i]?.updates.map(({ component, version }) => `${component}=${version}`),
        ).toEqual([...new Set(members.flatMap((m) => [...(queue[m]?.updates ?? [])]))].sort());
      }
      for (const [a, b] of pairs)
        expect(placed.some((members) => members.includes(a) && members.includes(b))).toBe(true);
      if (pairs.length === 0) continue;
      told.instances++;
      const least = fewestBundles(queue, judge, K, made.bundles.length, 20_000);
      expect(made.lowerBound).toBeLessThanOrEqual(least ?? made.bundles.length);
      if (least === null) continue;
      told.finished++;
      if (least === made.bundles.length) told.optimal++;
      told.worst = Math.max(told.worst, made.bundles.length / least);
      told.bound = Math.max(told.bound, least - made.lowerBound);
    }
    console.log("bundles:", told);
    expect(told.finished).toBeGreaterThan(told.instances / 2);
    expect(told.worst).toBeLessThanOrEqual(2);
  });

  test("are those of an independent reading where more pairs wait than bundles are grown from", () => {
    let longest = 0;
    for (let seed = 1; seed <= soakRuns(20, 2); seed++) {
      const random = randomQueue(seed, longShapeOf(seed));
      const { queue, judge } = random;
      const K = 2 + (seed % 5);
      const made = nextOf(random, K);
      const bundles = bundlesOf(queue, judge, K).map((each) => each.map((i) => queue[i]?.name));
      expect([seed, made.bundles.map(({ rollouts }) => rollouts)]).toEqual([seed, bundles]);
      longest = Math.max(longest, made.pairs);
    }
    expect(longest).toBeGreaterThan(128);
  });
});

describe("the release plan", () => {
  test("keeps every wave admissible and at the target, and counts what it stops", () => {
    for (let seed = 1; seed <= soakRuns(1_000, 150); seed++) {
      const random = randomQueue(seed, shapeOf(seed, 1 + (seed % 12)));
      const { queue, judge, inService, members, nisTarget } = random;
      const plan = planOf(random);
      const item = (name: string) => {
        const found = queue.find((each) => each.name === name);
        if (found === undefined) throw new Error(`no rollout ${name}`);
        return found;
      };
      const floor = Math.ceil(Number((nisTarget * members).toFixed(6)));
      const batch = Math.max(0, inService.length - floor);
      expect(plan).toMatchObject({ members, inService: inService.length, batch, nisTarget });
      const there = [
        ...plan.waves.flatMap(({ rollouts }) => rollouts),
        ...plan.leftOut.map(({ rollout }) => rollout),
      ];
      expect(there.sort()).toEqual(queue.map(({ name }) => name).sort());
      const up = new Set(inService.map(({ node }) => node));
      for (const { rollout, because } of plan.leftOut) {
        const alone = isAdmissible([item(rollout)], judge);
        expect([seed, because]).toEqual([seed, alone ? "nis-floor" : "failed-alone"]);
        const isByFloor = batch === 0 && item(rollout).costMs > 0;
        expect([seed, !alone || isByFloor]).toEqual([seed, true]);
      }
      let [stops, nodeMs] = [0, 0];
      for (const wave of plan.waves) {
        const items = wave.rollouts.map(item);
        expect([seed, isAdmissible(items, judge)]).toEqual([seed, true]);
        const touched = new Set(
          items
            .filter(({ costMs }) => costMs > 0)
            .flatMap(({ nodes }) => [...nodes].filter((node) => up.has(node))),
        );
        const own = items.reduce(
          (sum, { costMs, nodes }) =>
            sum + costMs * [...nodes].filter((node) => up.has(node)).length,
          0,
        );
        const least = (inService.length - Math.min(touched.size, batch)) / members;
        expect({ seed, ...wave }).toMatchObject({
          seed,
          touched: touched.size,
          batches: touched.size === 0 ? 0 : Math.ceil(touched.size / batch),
          stops: touched.size === 0 ? 0 : stopsOf(items, inService, batch),
          nodeMs: own,
          nis: Number(least.toFixed(9)),
          testedTogether: judge.passed.some((set) =>
            items.every(({ updates }) => [...updates].every((update) => set.has(update))),
          ),
        });
        expect([seed, wave.batches === 0 || least >= nisTarget]).toEqual([seed, true]);
        expect(wave.jobs.reduce((sum, each) => sum + each.stops, 0)).toBe(wave.stops);
        stops += wave.stops;
        nodeMs += own;
      }
      expect([plan.stops, plan.nodeMs]).toEqual([stops, nodeMs]);
    }
  });

  test("is the one that an independent reading makes", () => {
    for (let seed = 1; seed <= soakRuns(1_000, 100); seed++) {
      const random = randomQueue(seed, shapeOf(seed, 2 + (seed % 14)));
      const plan = planOf(random);
      const leftOut = new Set(plan.leftOut.map(({ rollout }) => rollout));
      const items = random.queue.filter(({ name }) => !leftOut.has(name));
      const { judge, inService } = random;
      expect([seed, plan.waves.map(({ rollouts }) => rollouts)]).toEqual([
        seed,
        plannedWaves(items, judge, inService, Math.max(1, plan.batch)),
      ]);
    }
  });

  test("is near the best of all partitions", () => {
    const told = { plans: 0, optimal: 0, worstStops: 1, worstWaves: 1 };
    for (let seed = 1; seed <= soakRuns(800, 60); seed++) {
      const random = randomQueue(seed, shapeOf(seed, 2 + (seed % 8)));
      const plan = planOf(random);
      const planned = new Set(plan.waves.flatMap(({ rollouts }) => rollouts));
      const items = random.queue.filter(({ name }) => planned.has(name));
      if (items.length === 0) continue;
      const best = bestPlan(items, random.judge, random.inService, Math.max(1, plan.batch));
      told.plans++;
      const isBelow = plan.stops === best.stops && plan.waves.length < best.waves;
      expect([seed, plan.stops >= best.stops, isBelow]).toEqual([seed, true, false]);
      if (plan.stops === best.stops) {
        told.worstWaves = Math.max(told.worstWaves, plan.waves.length / best.waves);
        if (plan.waves.length === best.waves) told.optimal++;
      } else told.worstStops = Math.max(told.worstStops, plan.stops / Math.max(1, best.stops));
    }
    console.log("plans:", told);
    expect(told.optimal).toBeGreaterThan(told.plans * 0.8);
    expect(told.worstStops).toBeLessThanOrEqual(2);
  });
});

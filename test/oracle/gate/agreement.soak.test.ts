/** Pairs, coverage and what the gate holds, in random ledgers at random positions and instants, against an independent reading. */
import { expect, test } from "vitest";
import { QueueCoverage } from "../../../projections/co-tests/coverage.ts";
import { gateAt } from "../../../projections/co-tests/gate.ts";
import { rolloutsInQueue } from "../../../projections/co-tests/queued-rollouts.ts";
import { pairStatuses } from "../../../projections/co-tests/tested-sets.ts";
import type { NodeSets } from "../../../projections/nodes/node-sets.ts";
import { statusBefore } from "../../../projections/rollouts/kind.ts";
import { isQueued } from "../../../projections/rollouts/status.ts";
import { needingCoTest } from "../../../src/answers/co-tests/needing-co-test.ts";
import type { DecisionView } from "../../../projections/view.ts";
import { randomSource } from "../../histories/random-source.ts";
import { soakRuns } from "../../random-runs.ts";
import { effectiveFacts } from "../facts/effective-facts.ts";
import { Companions } from "./companions.ts";
import { randomCompanions } from "./random-companions.ts";
import { isQueued as isQueuedByPage } from "./rollouts.ts";
import { viewsOf } from "./views.ts";

interface Question {
  readonly view: DecisionView;
  /** What facts up to the position say of an instant, seeing those before another. */
  readonly oracle: (at: number, factsBefore: number) => Companions;
  readonly at: number;
}

/** Two positions of each random ledger, some instants each; from the plain fold or from a model that is kept up to date. */
function* questions(seed: number): Generator<Question> {
  const { events, instants } = randomCompanions(seed);
  const random = randomSource(seed + 1_000_000);
  const some = random.between(1, events.length);
  for (const view of viewsOf(events, seed, some)) {
    const facts = effectiveFacts(events.slice(0, view.sequence));
    const oracle = (at: number, factsBefore: number) =>
      new Companions(
        facts.filter((fact) => fact.at < factsBefore),
        "c",
        at,
      );
    for (const at of instants) yield { view, oracle, at };
  }
}

function queueOrdered(names: readonly string[], order: readonly string[]): string[] {
  return names.toSorted((a, b) => order.indexOf(a) - order.indexOf(b));
}

test("coverage has the pairs of an independent reading", () => {
  const seen = new Map<string, number>();
  for (let seed = 1; seed <= soakRuns(800, 100); seed++) {
    for (const { view, oracle, at } of questions(seed)) {
      const queue = rolloutsInQueue(view, at);
      const order = queue.rollouts.map(({ rollout }) => rollout);
      const expected = oracle(at, at);
      const queued = expected.rollouts.filter(isQueuedByPage).map(({ rollout }) => rollout);
      expect({ seed, at, queued: order.toSorted() }).toEqual({ seed, at, queued });
      const textOf = (names: readonly string[], status: string) => `${names.join()} ${status}`;
      const pairs = expected
        .pairs()
        .map(({ rollouts, status }) => textOf(queueOrdered(rollouts, order), status))
        .sort();
      const coverage = new QueueCoverage(queue);
      const found = coverage.page(null, 1_000)?.pairs ?? [];
      const told = found.map(({ rollouts, status }) => textOf(rollouts, status)).sort();
      expect({ seed, at, pairs: told }).toEqual({ seed, at, pairs });
      const counts = coverage.total();
      for (const status of pairStatuses) {
        const number = pairs.filter((pair) => pair.endsWith(` ${status}`)).length;
        expect({ seed, status, number: counts[status] }).toEqual({ seed, status, number });
        seen.set(status, (seen.get(status) ?? 0) + number);
      }
    }
  }
  for (const status of pairStatuses) expect(seen.get(status)).toBeGreaterThan(20);
});

/** The queued rollouts by the facts before an instant, as deciders find them. */
function startingIn(view: DecisionView, factsBefore: number) {
  return [...view.entities("rollout")]
    .map((timeline) => ({
      rollout: timeline.rollout,
      status: statusBefore(timeline, factsBefore),
    }))
    .filter(({ status }) => isQueued(status.state));
}

test("the gate holds what an independent reading holds", () => {
  const seen = new Map<string, number>();
  for (let seed = 1; seed <= soakRuns(800, 100); seed++) {
    let known: NodeSets | null = null;
    for (const { view, oracle, at } of questions(seed)) {
      // A read sees the facts before the instant, a decision those up to it.
      for (const factsBefore of [at, at + 1]) {
        const starting = startingIn(view, factsBefore);
        const expected = oracle(at, factsBefore);
        const held = (name: string) => {
          const rollout = expected.rollouts.find((each) => each.rollout === name);
          return rollout === undefined ? [] : expected.heldBy(rollout);
        };
        const all = gateAt(view, starting, { at, factsBefore }, known);
        known = all.nodeSets;
        for (const one of starting) {
          const { rollout } = one;
          const pairs = held(rollout);
          const where = { seed, at, factsBefore, rollout };
          const alone = gateAt(view, [one], { at, factsBefore }).untested;
          expect({ ...where, pairs: alone.get(rollout) ?? [] }).toEqual({ ...where, pairs });
          expect({ ...where, pairs: all.untested.get(rollout) ?? [] }).toEqual({ ...where, pairs });
          for (const { status } of pairs) seen.set(status, (seen.get(status) ?? 0) + 1);
        }
      }
    }
  }
  for (const status of ["conflict", "failed", "never"])
    expect(seen.get(status)).toBeGreaterThan(20);
});

test("a rollout is shown as needing a co-test while the gate holds it", () => {
  let shown = 0;
  for (let seed = 1; seed <= soakRuns(300, 30); seed++) {
    for (const { view, oracle, at } of questions(seed)) {
      const expected = oracle(at, at);
      const needing = expected.rollouts
        .filter((each) => isQueuedByPage(each) && each.state !== "blocked")
        .filter((each) => expected.heldBy(each).length > 0)
        .map(({ rollout }) => rollout);
      expect({ seed, at, needing: [...needingCoTest(view, at).keys()].sort() }).toEqual({
        seed,
        at,
        needing,
      });
      shown += needing.length;
    }
  }
  expect(shown).toBeGreaterThan(20);
});

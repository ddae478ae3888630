/** Facts of nodes are gathered as integers in parts and in steps, by several answers at once, while events arrive. */
import { describe, expect, test } from "vitest";
import { FactIntegers, stateCodes } from "../../../projections/node-integers/node-integers.ts";
import { IntegerFold } from "../../../projections/node-integers/fold-integers.ts";
import { seriesInSteps } from "../../../projections/figures/series/series.ts";
import type { StoredEvent } from "../../../src/events/envelope.ts";
import { LiveModel } from "../../../src/read-model/live/live-model.ts";
import { stepsAtOnce } from "../../../src/turns.ts";
import { firstZones } from "../../../src/zones/zones.ts";
import { ordinaryNodes } from "../../histories/ordinary-nodes.ts";
import { plainClusterViewAt } from "../../projections/plain-view-at.ts";
import { rawHistory, storedHistory } from "../stored-history.ts";
import { take } from "../take.ts";

const dayMs = 86_400_000;
const begin = Date.UTC(2026, 2, 1);
const edges = Array.from({ length: 11 }, (_, i) => begin + i * dayMs);
const names = ["nis.raw", "nis.downNodeMs", "mttr.faultsClosed", "mttr.meanMs"] as const;

type Series = Record<string, readonly (number | null)[]>;

const history = storedHistory(ordinaryNodes(3, 0));

function modelOf(events: readonly StoredEvent[], maxGatheredFacts: number): LiveModel {
  const model = new LiveModel({ segmentEvents: 16, maxGatheredFacts });
  take(model, events);
  return model;
}

function inSteps(model: LiveModel, cluster: string, P: number): Generator<undefined, Series> {
  return seriesInSteps(model.view(cluster, P), edges, names, firstZones);
}

function stepsOf(answer: Generator): number {
  let steps = 0;
  while (answer.next().done !== true) steps++;
  return steps;
}

function plain(cluster: string, P: number): Series {
  const view = plainClusterViewAt(rawHistory(history), cluster, P);
  return stepsAtOnce(seriesInSteps(view, edges, names, firstZones));
}

test.each([1, 50, 1_000_000])(
  "the facts of all nodes are gathered, at most %i at once",
  (maxGatheredFacts) => {
    const model = modelOf(history, maxGatheredFacts);
    for (const cluster of ["c1", "c2"])
      expect(stepsAtOnce(inSteps(model, cluster, history.length))).toEqual(
        plain(cluster, history.length),
      );
  },
);

describe("answers that are made at once", () => {
  test("do not use each other's memory, whenever one begins and whether it comes to an end", () => {
    const model = modelOf(history, 50);
    const P = history.length - 20;
    const wanted = [plain("c1", P), plain("c2", history.length)];
    // Memory of an answer before is there to be used again.
    const steps = stepsOf(inSteps(model, "c1", P));
    expect(steps).toBeGreaterThan(50);
    for (let begins = 0; begins < steps; begins++) {
      const first = inSteps(model, "c1", P);
      for (let step = 0; step < begins; step++) first.next();
      const abandoned = inSteps(model, "c2", P);
      for (let step = 0; step < 5; step++) abandoned.next();
      const second = stepsAtOnce(inSteps(model, "c2", history.length));
      expect([stepsAtOnce(first), second], `after ${begins} steps`).toEqual(wanted);
    }
  });

  test("do not use each other's memory, taking turns", () => {
    const model = modelOf(history, 50);
    const answers = [inSteps(model, "c1", history.length), inSteps(model, "c2", history.length)];
    const made = answers.map((): Series | null => null);
    while (made.includes(null)) {
      for (const [i, answer] of answers.entries()) {
        const { done, value } = answer.next();
        if (done === true) made[i] ??= value;
      }
    }
    expect(made).toEqual([plain("c1", history.length), plain("c2", history.length)]);
  });

  test("do not see events that arrive between their steps", () => {
    for (const maxGatheredFacts of [50, 1_000_000]) {
      const P = history.length >> 1;
      const model = modelOf(history.slice(0, P), maxGatheredFacts);
      let arrived = P;
      const answer = inSteps(model, "c1", P);
      let step = answer.next();
      for (; step.done !== true; step = answer.next()) {
        take(model, history.slice(arrived, arrived + 3));
        arrived += 3;
      }
      expect(step.value).toEqual(plain("c1", P));
      expect(arrived).toBeGreaterThan(P + 20);
    }
  });
});

test("ids are the same only if all of their words are", () => {
  const ids = Uint32Array.of(7, 1, 1, 1, 7, 1, 1, 2);
  const facts = new FactIntegers(5);
  const said = [
    [0, stateCodes.NodeCommissioned, 0],
    [1, stateCodes.NodeFailed, 0],
    [2, stateCodes.NodeFailed, 1],
    [3, stateCodes.NodeReturned, 0],
    [4, stateCodes.NodeReturned, 1],
  ] as const;
  for (const [at, code, id] of said) {
    facts.set(at, at, code);
    facts.name(at, ids, id);
  }
  const fold = new IntegerFold();
  expect(fold.fold({ begins: Uint32Array.of(0, 5), facts }, 0)).toBe(true);
  const spans = Array.from({ length: fold.spans.length }, (_, i) => [
    fold.spans.fromAt(i),
    fold.spans.toAt(i),
  ]);
  expect(spans).toEqual([
    [1, 3],
    [2, 4],
    [1, 4],
    [0, Infinity],
  ]);
});

test("a node whose ids somebody chose so that they lie together is not told, instead of comparing each with all", () => {
  /** A node with so many faults, whose ids are told apart by their second words alone. */
  const isTold = (faults: number): boolean => {
    const ids = Uint32Array.from({ length: 4 * faults }, (_, i) => (i % 4 === 1 ? i : 0));
    const facts = new FactIntegers(1 + faults);
    facts.set(0, 0, stateCodes.NodeCommissioned);
    for (let i = 1; i <= faults; i++) {
      facts.set(i, i, stateCodes.NodeFailed);
      facts.name(i, ids, i - 1);
    }
    const begins = Uint32Array.of(0, 1 + faults);
    return new IntegerFold().fold({ begins, facts }, 0);
  };
  expect([isTold(100), isTold(200)]).toEqual([true, false]);
});

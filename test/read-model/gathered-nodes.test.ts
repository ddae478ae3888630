/** Facts of nodes are gathered as integers in parts and in steps, by several answers at once, while events arrive. */
import { describe, expect, test } from "vitest";
import { FactIntegers, stateCodes } from "../../projections/node-integers/node-integers.ts";
import { IntegerFold } from "../../projections/node-integers/fold-integers.ts";
import { seriesInSteps } from "../../projections/figures/series/series.ts";
import type { StoredEvent } from "../../src/events/envelope.ts";
import { LiveModel } from "../../src/read-model/live/live-model.ts";
import { stepsAtOnce } from "../../src/turns.ts";
import { firstZones } from "../../src/zones/zones.ts";
import { ordinaryNodes } from "../histories/ordinary-nodes.ts";
import { plainClusterViewAt } from "../projections/plain-view-at.ts";
import { rawHistory, storedHistory } from "./stored-history.ts";
import { take } from "./take.ts";

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
  test("do not use each other's memory", () => {
    const model = modelOf(history, 50);
    // Memory of an answer before is there to be used again.
    stepsAtOnce(inSteps(model, "c1", history.length));
    const P = history.length - 20;
    const first = inSteps(model, "c1", P);
    const second = inSteps(model, "c2", history.length);
    const abandoned = inSteps(model, "c2", P);
    for (let i = 0; i < 5; i++) abandoned.next();
    const made: Series[] = [];
    for (const waiting = new Set([first, second]); waiting.size > 0;) {
      for (const each of waiting) {
        const { done, value } = each.next();
        if (done !== true) continue;
        waiting.delete(each);
        made[each === first ? 0 : 1] = value;
      }
    }
    expect(made).toEqual([plain("c1", P), plain("c2", history.length)]);
  });

  test("do not see events that arrive between their steps", () => {
    for (const maxGatheredFacts of [50, 1_000_000]) {
      const P = history.length >> 1;
      const model = modelOf(history.slice(0, P), maxGatheredFacts);
      const answer = inSteps(model, "c1", P);
      let arrived = P;
      for (;;) {
        const { done, value } = answer.next();
        if (done === true) {
          expect(value).toEqual(plain("c1", P));
          break;
        }
        take(model, history.slice(arrived, arrived + 3));
        arrived += 3;
      }
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
  expect(fold.fold({ names: ["n1"], begins: Uint32Array.of(0, 5), facts, others: [] }, 0)).toBe(
    true,
  );
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

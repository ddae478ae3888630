/** A second thread makes the sums of one half of the nodes: they are those of the plain fold. */
import { setImmediate as nextTurn, setTimeout as sleep } from "node:timers/promises";
import { isDeepStrictEqual } from "node:util";
import { describe, expect, test } from "vitest";
import { at } from "../../../projections/arithmetic/invariants.ts";
import { isOpen } from "../../../src/read-model/integers/offered-part.ts";
import { LiveModel } from "../../../src/read-model/live/live-model.ts";
import { ordinaryNodes } from "../../histories/ordinary-nodes.ts";
import { randomHistory } from "../../histories/random-history.ts";
import { randomSource } from "../../histories/random-source.ts";
import { newPath, started } from "../kept-file.ts";
import { ListStore } from "../list-store.ts";
import { storedHistory } from "../stored-history.ts";
import { take } from "../take.ts";
import { edges, modelOf, NotedThread, plain, series, seriesSteps, sizes } from "./noted-thread.ts";
import type { Series } from "./noted-thread.ts";

const clusters = ["c1", "c2"];
/** Random histories go back further. */
const years = Array.from({ length: 9 }, (_, i) => Date.UTC(2020 + i, 0));

/** The same, of which the thread makes whatever is offered to it, however long that takes. */
async function seriesOfThread(
  thread: NotedThread,
  model: LiveModel,
  cluster: string,
  P: number,
  cut: readonly number[] = edges,
): Promise<Series> {
  const answer = seriesSteps(model, cluster, P, cut);
  for (;;) {
    const before = thread.parts.length;
    const { done, value } = answer.next();
    if (done === true) return value;
    for (const { list } of thread.parts.slice(before))
      while (isOpen(list.state) && !thread.hasFailed) await sleep(1);
  }
}

describe("sums of which the second thread made a half are those of the plain fold", () => {
  test.each([0, 0.02, 0.2])(
    "of nodes with something odd in %d of their facts, from memory and from the file",
    async (oddness) => {
      const sumThread = new NotedThread();
      for (let seed = 1; seed <= 6; seed++) {
        const history = ordinaryNodes(seed, oddness);
        const store = new ListStore(storedHistory(history));
        const model = modelOf(history, { sumThread });
        const projector = await started(store, newPath(`odd-${oddness}-${seed}`), {
          others: { ...sizes, sumThread, maxGatheredFacts: 250 },
        });
        for (const P of [history.length, history.length >> 1]) {
          for (const cluster of clusters) {
            const wanted = plain(history, cluster, P);
            for (const each of [model, projector.model])
              expect(await seriesOfThread(sumThread, each, cluster, P)).toEqual(wanted);
          }
        }
        await projector.stop();
      }
      expect(sumThread.made).toBe(sumThread.parts.length);
      expect(sumThread.made).toBeGreaterThan(30);
    },
  );

  test("of random histories, where most is odd and some is corrected", async () => {
    const sumThread = new NotedThread();
    for (let seed = 1; seed <= 40; seed++) {
      const history = randomHistory(seed, { maxEvents: 140 });
      const model = modelOf(history, { sumThread });
      for (const P of [history.length, history.length >> 1])
        for (const cluster of clusters)
          expect(
            await seriesOfThread(sumThread, model, cluster, P, years),
            `seed ${seed}, ${cluster} as of ${P}`,
          ).toEqual(plain(history, cluster, P, years));
    }
    expect(sumThread.made).toBeGreaterThan(12);
  });

  test("of answers that take turns, some of which nobody waits for", async () => {
    const history = ordinaryNodes(3, 0.02);
    const sumThread = new NotedThread();
    const model = modelOf(history, { sumThread, maxGatheredFacts: 250 });
    const random = randomSource(1);
    const begun = () => {
      const [cluster, P] = [random.pick(clusters), history.length - random.below(30)];
      const answer = seriesSteps(model, cluster, P);
      return { cluster, P, answer, left: random.chance(0.2) ? random.below(60) : Infinity };
    };
    const wrong: string[] = [];
    const asWanted = (value: Series, cluster: string, P: number) =>
      isDeepStrictEqual(value, plain(history, cluster, P));
    let ended = 0;
    const answers = Array.from({ length: 5 }, begun);
    while (ended < 150 || (sumThread.made < 50 && ended < 5_000)) {
      const i = random.below(answers.length);
      const { cluster, P, answer, left } = at(answers, i);
      const { done, value } = answer.next();
      if (done === true && !asWanted(value, cluster, P)) wrong.push(`${cluster} as of ${P}`);
      if (random.chance(0.1)) await nextTurn();
      if (done !== true && left > 0) {
        answers[i] = { cluster, P, answer, left: left - 1 };
        continue;
      }
      answers[i] = begun();
      ended++;
    }
    expect(wrong).toEqual([]);
    expect(sumThread.made).toBeGreaterThanOrEqual(50);
    expect(sumThread.hasFailed).toBe(false);
  });

  test("in memory that each answer uses again", async () => {
    const history = ordinaryNodes(2, 0);
    const sumThread = new NotedThread();
    const model = modelOf(history, { sumThread });
    for (let asked = 0; asked < 3; asked++) await series(model, "c1", history.length);
    const first = sumThread.parts.map(({ segments }) => at(segments, 0).named.indexes);
    expect(first.map(({ byteOffset }) => byteOffset)).toEqual([0, 0, 0]);
    expect(new Set(first.map(({ buffer }) => buffer)).size).toBe(1);
    const types = sumThread.parts.map(({ segments }) => at(segments, 0).types.buffer);
    expect(new Set(types).size).toBe(1);
  });

  test("while events arrive", async () => {
    const history = ordinaryNodes(5, 0);
    const events = storedHistory(history);
    const sumThread = new NotedThread();
    const model = new LiveModel({ segmentEvents: 16, ...sizes, sumThread });
    for (let there = 100; there < history.length; there += 10) {
      take(model, events.slice(model.sequence, there));
      const P = model.sequence;
      const answer = seriesOfThread(sumThread, model, "c2", P);
      // The thread works by now.
      take(model, events.slice(P, P + 5));
      expect(await answer, `as of ${P}`).toEqual(plain(history, "c2", P));
    }
    expect(sumThread.made).toBe(sumThread.parts.length);
    expect(sumThread.made).toBeGreaterThan(10);
  });
});

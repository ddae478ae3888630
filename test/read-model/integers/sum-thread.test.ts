/** A second thread makes the sums of one half of the nodes; whatever becomes of it, they are those of the plain fold. */
import { setImmediate as nextTurn, setTimeout as sleep } from "node:timers/promises";
import { Worker } from "node:worker_threads";
import { afterEach, describe, expect, test, vi } from "vitest";
import { at } from "../../../projections/arithmetic/invariants.ts";
import { seriesInSteps } from "../../../projections/figures/series/series.ts";
import { keptRoomMs } from "../../../src/limits/read-model.ts";
import type { OfferedList, OfferedPart } from "../../../src/read-model/integers/offered-part.ts";
import {
  abandonPart,
  isMadePart,
  isOpenPart,
  isUnderWay,
} from "../../../src/read-model/integers/offered-part.ts";
import { SumThread } from "../../../src/read-model/integers/sum-thread.ts";
import { LiveModel } from "../../../src/read-model/live/live-model.ts";
import type { ModelSizes } from "../../../src/read-model/live/model-sizes.ts";
import { stepsAtOnce, stepsInTurns } from "../../../src/turns.ts";
import { firstZones } from "../../../src/zones/zones.ts";
import { ordinaryNodes } from "../../histories/ordinary-nodes.ts";
import type { OracleEvent } from "../../oracle/facts/oracle-event.ts";
import { plainClusterViewAt } from "../../projections/plain-view-at.ts";
import { newPath, started } from "../kept-file.ts";
import { ListStore } from "../list-store.ts";
import { rawHistory, storedHistory } from "../stored-history.ts";
import { take } from "../take.ts";

const dayMs = 86_400_000;
const begin = Date.UTC(2026, 2, 1);
const edges = Array.from({ length: 11 }, (_, i) => begin + i * dayMs);
const names = [
  "nis.raw",
  "nis.memberNodeMs",
  "nis.downNodeMs",
  "nis.maintenanceNodeMs",
  "nis.unknownNodeMs",
  "mttr.faultsOpened",
  "mttr.faultsClosed",
  "mttr.meanMs",
] as const;
const clusters = ["c1", "c2"];

type Series = Record<string, readonly (number | null)[]>;

/** Notes what was offered to it. */
class NotedThread extends SumThread {
  readonly lists: OfferedList[] = [];
  readonly parts: OfferedPart[] = [];

  /** Also with one processor. */
  override get isUseful(): boolean {
    return !this.hasFailed;
  }

  override offerList(list: OfferedList): void {
    this.lists.push(list);
    super.offerList(list);
  }

  override offer(part: OfferedPart): void {
    this.parts.push(part);
    super.offer(part);
  }

  /** How many parts it has made. */
  get made(): number {
    return this.parts.filter(isMadePart).length;
  }
}

const programs = {
  idle: new URL("./threads/idle.ts", import.meta.url),
  failing: new URL("./threads/failing.ts", import.meta.url),
  ending: new URL("./threads/ending.ts", import.meta.url),
  busy: new URL("./threads/busy.ts", import.meta.url),
  sorting: new URL("./threads/sorting.ts", import.meta.url),
};

const sizes = { leastSharedFacts: 0 };

function plain(history: readonly OracleEvent[], cluster: string, P: number): Series {
  const view = plainClusterViewAt(rawHistory(storedHistory(history)), cluster, P);
  return stepsAtOnce(seriesInSteps(view, edges, names, firstZones));
}

function modelOf(history: readonly OracleEvent[], others: ModelSizes): LiveModel {
  const model = new LiveModel({ segmentEvents: 16, ...sizes, ...others });
  take(model, storedHistory(history));
  return model;
}

async function series(model: LiveModel, cluster: string, P: number): Promise<Series> {
  return await stepsInTurns(seriesInSteps(model.view(cluster, P), edges, names, firstZones));
}

/** The same, of which the thread makes whatever is offered to it, however long that takes. */
async function seriesOfThread(
  thread: NotedThread,
  model: LiveModel,
  cluster: string,
  P: number,
): Promise<Series> {
  const answer = seriesInSteps(model.view(cluster, P), edges, names, firstZones);
  for (;;) {
    const before = thread.parts.length;
    const { done, value } = answer.next();
    if (done === true) return value;
    for (const { list } of thread.parts.slice(before))
      while (isOpenPart(list.state)) await sleep(1);
  }
}

/** The series of a cluster, again and again, until `isEnough`; each must be the one that is wanted. */
async function askUntil(model: LiveModel, wanted: Series, isEnough: () => boolean): Promise<void> {
  for (let asked = 0; asked < 2_000 && !isEnough(); asked++) {
    const { sequence } = model;
    expect(await series(model, "c1", sequence), `asked ${asked} times`).toEqual(wanted);
    await sleep(1);
  }
  expect(isEnough()).toBe(true);
}

afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

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
          others: { ...sizes, sumThread },
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
      // Two models, positions and clusters; from the file, 40 facts are gathered at once.
      expect(sumThread.made).toBe(sumThread.parts.length);
      expect(sumThread.made).toBeGreaterThan(6 * 8);
    },
  );

  test("of several answers that are made at once, one of which nobody waits for", async () => {
    const history = ordinaryNodes(3, 0.02);
    const sumThread = new NotedThread();
    const model = modelOf(history, { sumThread, maxGatheredFacts: 100 });
    const positions = [0, 7, 20].map((before) => history.length - before);
    const wanted = positions.flatMap((P) => clusters.map((cluster) => plain(history, cluster, P)));
    for (let round = 0; round < 40; round++) {
      const abandoned = seriesInSteps(model.view("c1"), edges, names, firstZones);
      for (let step = 0; step < 3 + round; step++) abandoned.next();
      const made = positions.flatMap((P) => clusters.map((cluster) => series(model, cluster, P)));
      expect(await Promise.all(made), `round ${round}`).toEqual(wanted);
    }
    expect(sumThread.parts.length).toBeGreaterThan(40 * 6);
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

describe("the sums are right all the same", () => {
  const history = ordinaryNodes(7, 0);
  const wanted = plain(history, "c1", history.length);

  test("if the thread begins nothing", async () => {
    const sumThread = new NotedThread(programs.idle);
    const model = modelOf(history, { sumThread });
    await askUntil(model, wanted, () => sumThread.parts.length === 20);
    expect(sumThread.made).toBe(0);
  });

  test("if the thread fails, which is said once; then nothing is offered to it any more", async () => {
    const warned = vi.spyOn(process, "emitWarning").mockImplementation(() => undefined);
    const sumThread = new NotedThread(programs.failing);
    const model = modelOf(history, { sumThread });
    await askUntil(model, wanted, () => !sumThread.isUseful);
    const offered = sumThread.parts.length;
    expect(await series(model, "c1", model.sequence)).toEqual(wanted);
    expect(sumThread.parts.length).toBe(offered);
    expect(warned.mock.calls).toEqual([[expect.stringContaining("what is wrong with it")]]);
  });

  test("if the thread ends while it works; another one is started then", async () => {
    const sumThread = new NotedThread(programs.ending);
    const model = modelOf(history, { sumThread });
    const begun = () => sumThread.parts.filter(({ sums }) => sums[0] === 1).length;
    await askUntil(model, wanted, () => begun() === 3);
    expect(sumThread.made).toBe(0);
    expect(sumThread.isUseful).toBe(true);
  });
});

test("nothing is offered to the thread of few facts", async () => {
  const sumThread = new NotedThread();
  const history = ordinaryNodes(2, 0);
  const model = modelOf(history, { sumThread, leastSharedFacts: 100_000 });
  expect(await series(model, "c1", model.sequence)).toEqual(plain(history, "c1", history.length));
  expect(sumThread.parts).toEqual([]);
});

test("the thread ends when nothing was offered to it for a while, unless it works", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  const ends = vi.spyOn(Worker.prototype, "terminate");
  const history = ordinaryNodes(4, 0);
  const sumThread = new NotedThread(programs.busy);
  const model = modelOf(history, { sumThread });
  const answer = seriesInSteps(model.view("c1"), edges, names, firstZones);
  while (sumThread.parts.length === 0) answer.next();
  const state = at(sumThread.parts, 0).list.state;
  while (!isUnderWay(state)) await nextTurn();
  vi.advanceTimersByTime(2 * keptRoomMs);
  expect(ends).not.toHaveBeenCalled();
  abandonPart(state);
  vi.advanceTimersByTime(keptRoomMs);
  expect(ends).toHaveBeenCalledTimes(1);
  expect(stepsAtOnce(answer)).toEqual(plain(history, "c1", history.length));
});

test("what an answer that nobody waits for has offered keeps no thread", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  const ends = vi.spyOn(Worker.prototype, "terminate");
  const sumThread = new NotedThread(programs.idle);
  const model = modelOf(ordinaryNodes(4, 0), { sumThread });
  const abandoned = seriesInSteps(model.view("c1"), edges, names, firstZones);
  while (sumThread.parts.length === 0) abandoned.next();
  vi.advanceTimersByTime(keptRoomMs);
  expect(ends).toHaveBeenCalledTimes(1);
});

test("of a list that is being sorted when the thread ends, the part is gathered without it", async () => {
  const history = ordinaryNodes(4, 0);
  const sumThread = new NotedThread(programs.sorting);
  const model = modelOf(history, { sumThread });
  const answer = seriesInSteps(model.view("c1"), edges, names, firstZones);
  while (sumThread.lists.length === 0) answer.next();
  const { state } = at(sumThread.lists, 0);
  while (isOpenPart(state)) await sleep(1);
  expect(stepsAtOnce(answer)).toEqual(plain(history, "c1", history.length));
  expect(sumThread.made).toBe(0);
});

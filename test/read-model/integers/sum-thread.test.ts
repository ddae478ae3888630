/** A second thread makes the sums of one half of the nodes; whatever becomes of it, they are those of the plain fold. */
import { once } from "node:events";
import { setImmediate as nextTurn, setTimeout as sleep } from "node:timers/promises";
import { Worker } from "node:worker_threads";
import { afterEach, describe, expect, test, vi } from "vitest";
import { at } from "../../../projections/arithmetic/invariants.ts";
import { seriesInSteps } from "../../../projections/figures/series/series.ts";
import { keptRoomMs } from "../../../src/limits/read-model.ts";
import type { OfferedList, OfferedPart } from "../../../src/read-model/integers/offered-part.ts";
import {
  abandonPart,
  isMade,
  isOpen,
  isUnderWay,
} from "../../../src/read-model/integers/offered-part.ts";
import { SumThread } from "../../../src/read-model/integers/sum-thread.ts";
import { LiveModel } from "../../../src/read-model/live/live-model.ts";
import type { ModelSizes } from "../../../src/read-model/live/model-sizes.ts";
import { stepsAtOnce, stepsInTurns } from "../../../src/turns.ts";
import { firstZones } from "../../../src/zones/zones.ts";
import { ordinaryNodes } from "../../histories/ordinary-nodes.ts";
import { randomHistory } from "../../histories/random-history.ts";
import { randomSource } from "../../histories/random-source.ts";
import type { OracleEvent } from "../../oracle/facts/oracle-event.ts";
import { plainClusterViewAt } from "../../projections/plain-view-at.ts";
import { newPath, started } from "../kept-file.ts";
import { ListStore } from "../list-store.ts";
import { rawHistory, storedHistory } from "../stored-history.ts";
import { take } from "../take.ts";

const dayMs = 86_400_000;
const begin = Date.UTC(2026, 2, 1);
const edges = Array.from({ length: 11 }, (_, i) => begin + i * dayMs);
/** Random histories go back further. */
const years = Array.from({ length: 9 }, (_, i) => Date.UTC(2020 + i, 0));
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
    return this.parts.filter(({ list }) => isMade(list.state)).length;
  }
}

const programs = {
  idle: new URL("./threads/idle.ts", import.meta.url),
  failing: new URL("./threads/failing.ts", import.meta.url),
  ending: new URL("./threads/ending.ts", import.meta.url),
  busy: new URL("./threads/busy.ts", import.meta.url),
  sorting: new URL("./threads/sorting.ts", import.meta.url),
  leaving: new URL("./threads/leaving.ts", import.meta.url),
};

const sizes = { leastSharedFacts: 0 };

function plain(
  history: readonly OracleEvent[],
  cluster: string,
  P: number,
  cut: readonly number[] = edges,
): Series {
  const view = plainClusterViewAt(rawHistory(storedHistory(history)), cluster, P);
  return stepsAtOnce(seriesInSteps(view, cut, names, firstZones));
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
  cut: readonly number[] = edges,
): Promise<Series> {
  const answer = seriesInSteps(model.view(cluster, P), cut, names, firstZones);
  for (;;) {
    const before = thread.parts.length;
    const { done, value } = answer.next();
    if (done === true) return value;
    for (const { list } of thread.parts.slice(before))
      while (isOpen(list.state) && !thread.hasFailed) await sleep(1);
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
      const answer = seriesInSteps(model.view(cluster, P), edges, names, firstZones);
      return { cluster, P, answer, left: random.chance(0.2) ? random.below(60) : Infinity };
    };
    let ended = 0;
    const answers = Array.from({ length: 5 }, begun);
    while (ended < 150 || (sumThread.made < 50 && ended < 5_000)) {
      const i = random.below(answers.length);
      const { cluster, P, answer, left } = at(answers, i);
      const { done, value } = answer.next();
      if (done === true) expect(value, `${cluster} as of ${P}`).toEqual(plain(history, cluster, P));
      if (random.chance(0.1)) await nextTurn();
      if (done !== true && left > 0) {
        answers[i] = { cluster, P, answer, left: left - 1 };
        continue;
      }
      answers[i] = begun();
      ended++;
    }
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

  test("if the thread cannot be started, which is said once", async () => {
    const warned = vi.spyOn(process, "emitWarning").mockImplementation(() => undefined);
    const sumThread = new NotedThread(new URL("https://ledger.example/not-a-file.ts"));
    const model = modelOf(history, { sumThread });
    expect(await series(model, "c1", model.sequence)).toEqual(wanted);
    expect(await series(model, "c1", model.sequence)).toEqual(wanted);
    expect(warned.mock.calls).toEqual([
      [expect.stringContaining("the thread for sums has failed")],
    ]);
  });

  test("if one thread ends before it has begun, and the next while it works", async () => {
    const said = vi.spyOn(Worker.prototype, "postMessage");
    const sumThread = new NotedThread(programs.leaving);
    const model = modelOf(history, { sumThread });
    const answer = seriesInSteps(model.view("c1"), edges, names, firstZones);
    while (sumThread.lists.length === 0) answer.next();
    await once(at(said.mock.contexts, 0) as Worker, "exit");
    while (sumThread.parts.length === 0) answer.next();
    await once(at(said.mock.contexts, 1) as Worker, "exit");
    expect(stepsAtOnce(answer)).toEqual(wanted);
    expect(sumThread.made).toBe(0);
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

test.each([
  ["few facts", { leastSharedFacts: 100_000 }],
  ["too many ids", { maxSharedIdBytes: 1_000 }],
])("nothing is offered to the thread of %s", async (_, others) => {
  const sumThread = new NotedThread();
  const history = ordinaryNodes(2, 0);
  const model = modelOf(history, { sumThread, ...others });
  expect(await series(model, "c1", model.sequence)).toEqual(plain(history, "c1", history.length));
  expect(sumThread.lists).toEqual([]);
});

test("nothing is offered to the thread of a single node", async () => {
  const sumThread = new NotedThread();
  const history = ordinaryNodes(2, 0).filter(
    ({ data }) => (data as { node?: string }).node === "n1",
  );
  const model = modelOf(history, { sumThread });
  expect(await series(model, "c1", model.sequence)).toEqual(plain(history, "c1", history.length));
  expect(sumThread.lists).toEqual([]);
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
  while (isOpen(state)) await sleep(1);
  expect(stepsAtOnce(answer)).toEqual(plain(history, "c1", history.length));
  expect(sumThread.made).toBe(0);
});

/** Whatever becomes of the second thread, the sums are right, and no answer waits for what does not come. */
import { once } from "node:events";
import { setImmediate as nextTurn, setTimeout as sleep } from "node:timers/promises";
import { Worker } from "node:worker_threads";
import { afterEach, describe, expect, test, vi } from "vitest";
import { at } from "../../../projections/arithmetic/invariants.ts";
import { keptRoomMs } from "../../../src/limits/read-model.ts";
import {
  abandonPart,
  beginPart,
  isOpen,
  isUnderWay,
  offeredList,
  takeBack,
} from "../../../src/read-model/integers/offered-part.ts";
import type { LiveModel } from "../../../src/read-model/live/live-model.ts";
import { ordinaryNodes } from "../../histories/ordinary-nodes.ts";
import { modelOf, NotedThread, plain, series, seriesSteps } from "./noted-thread.ts";
import type { Series } from "./noted-thread.ts";

const programs = {
  idle: new URL("./threads/idle.ts", import.meta.url),
  failing: new URL("./threads/failing.ts", import.meta.url),
  ending: new URL("./threads/ending.ts", import.meta.url),
  busy: new URL("./threads/busy.ts", import.meta.url),
  sorting: new URL("./threads/sorting.ts", import.meta.url),
  leaving: new URL("./threads/leaving.ts", import.meta.url),
};

/** What comes of the steps, if no answer waits for what does not come. */
function endOf(answer: Generator<undefined, Series>): Series {
  for (let step = 0; step < 3_000; step++) {
    const { done, value } = answer.next();
    if (done === true) return value;
  }
  throw new Error("the answer waits");
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
    const answer = seriesSteps(model, "c1");
    while (sumThread.lists.length === 0) answer.next();
    await once(at(said.mock.contexts, 0) as Worker, "exit");
    while (sumThread.parts.length === 0) answer.next();
    await once(at(said.mock.contexts, 1) as Worker, "exit");
    expect(endOf(answer)).toEqual(wanted);
    expect(sumThread.made).toBe(0);
  });

  test("if the thread ends while it works for several answers", async () => {
    const said = vi.spyOn(Worker.prototype, "postMessage");
    const sumThread = new NotedThread(programs.busy);
    const model = modelOf(history, { sumThread });
    const answers = [seriesSteps(model, "c1"), seriesSteps(model, "c1")];
    for (const [i, answer] of answers.entries()) {
      while (sumThread.parts.length === i) answer.next();
      while (!isUnderWay(at(sumThread.parts, i).list.state)) await sleep(1);
    }
    await (at(said.mock.contexts, 0) as Worker).terminate();
    expect(answers.map(endOf)).toEqual([wanted, wanted]);
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
  const answer = seriesSteps(model, "c1");
  while (sumThread.parts.length === 0) answer.next();
  const state = at(sumThread.parts, 0).list.state;
  while (!isUnderWay(state)) await nextTurn();
  vi.advanceTimersByTime(2 * keptRoomMs);
  expect(ends).not.toHaveBeenCalled();
  abandonPart(state);
  vi.advanceTimersByTime(keptRoomMs);
  expect(ends).toHaveBeenCalledTimes(1);
  expect(endOf(answer)).toEqual(plain(history, "c1", history.length));
});

test("the thread does not look at a list that was taken back, since it may be written over", async () => {
  const sumThread = new NotedThread();
  const sequences = new Uint32Array(new SharedArrayBuffer(40));
  const list = offeredList({ sequences, segmentEvents: 16 });
  sumThread.offerList(list);
  expect(takeBack(list.state)).toBe(true);
  // There is no sequence 0: to sort these would fail.
  const model = modelOf(ordinaryNodes(4, 0), { sumThread });
  const answer = seriesSteps(model, "c1");
  while (sumThread.parts.length === 0) answer.next();
  while (isOpen(at(sumThread.parts, 0).list.state) && !sumThread.hasFailed) await sleep(1);
  expect([sumThread.made, sumThread.hasFailed]).toEqual([1, false]);
});

test("whether a part is open is seen at one look, since it may be begun between two", () => {
  const { state } = offeredList({ sequences: new Uint32Array(0), segmentEvents: 16 });
  const { load } = Atomics;
  const begunAfterLook = (words: Int32Array, index: number): number => {
    const seen = load(words, index);
    beginPart(state);
    return seen;
  };
  // Of the overloads, the type of the spy is that of the last one.
  vi.spyOn(Atomics, "load").mockImplementation(begunAfterLook as unknown as typeof load);
  expect([isOpen(state), isOpen(state)]).toEqual([true, true]);
});

test("what an answer that nobody waits for has offered keeps no thread", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  const ends = vi.spyOn(Worker.prototype, "terminate");
  const sumThread = new NotedThread(programs.idle);
  const model = modelOf(ordinaryNodes(4, 0), { sumThread });
  const abandoned = seriesSteps(model, "c1");
  while (sumThread.parts.length === 0) abandoned.next();
  vi.advanceTimersByTime(keptRoomMs);
  expect(ends).toHaveBeenCalledTimes(1);
});

test("of a list that is being sorted when the thread ends, the part is gathered without it", async () => {
  const history = ordinaryNodes(4, 0);
  const sumThread = new NotedThread(programs.sorting);
  const model = modelOf(history, { sumThread });
  const answer = seriesSteps(model, "c1");
  while (sumThread.lists.length === 0) answer.next();
  const { state } = at(sumThread.lists, 0);
  while (isOpen(state)) await sleep(1);
  expect(endOf(answer)).toEqual(plain(history, "c1", history.length));
  expect(sumThread.made).toBe(0);
});

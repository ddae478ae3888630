/** Long work pauses, so that whoever asks for something small is answered meanwhile. */
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { turnMs } from "../src/limits/read-model.ts";
import type { Steps } from "../src/turns.ts";
import { endTurn, stepsInTurns, timeInTurn } from "../src/turns.ts";

const stepMs = turnMs / 4;
let nowMs = 0;
/** What asked for the next turn of the event loop. */
let asked: (() => void)[] = [];
const settled = setImmediate;

beforeEach(() => {
  vi.spyOn(performance, "now").mockImplementation(() => nowMs);
  vi.stubGlobal("setImmediate", (next: () => void) => asked.push(next));
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

/** Lets the event loop have its next turn. */
async function nextTurnOfLoop(): Promise<void> {
  const now = asked;
  asked = [];
  for (const each of now) each();
  await new Promise<void>((resolve) => settled(() => resolve()));
}

/** Work of so many steps, each of which takes a quarter of a turn's budget; notes when each was done. */
function* work(name: string, steps: number, done: string[]): Steps<string> {
  for (let i = 0; i < steps; i++) {
    nowMs += stepMs;
    done.push(name);
    if (i + 1 < steps) yield;
  }
  return name;
}

/** What was done in each turn of the event loop until all of it was. */
async function turnsOf(names: readonly string[], steps: number): Promise<string[]> {
  const done: string[] = [];
  const all = Promise.all(names.map((name) => stepsInTurns(work(name, steps, done))));
  const turns = [done.join("")];
  while (done.length < names.length * steps) {
    const seen = done.length;
    await nextTurnOfLoop();
    turns.push(done.slice(seen).join(""));
  }
  await nextTurnOfLoop();
  expect(await all).toEqual(names);
  return turns;
}

it("one piece of long work fills each turn", async () => {
  expect(await turnsOf(["a"], 12)).toEqual(["aaaa", "aaaa", "aaaa"]);
});

it("work that waits for something else ends the turn", async () => {
  let looks = 0;
  function* waiting(): Steps<string> {
    for (; looks < 3; looks++) {
      endTurn();
      yield;
    }
    return "there";
  }
  const answer = stepsInTurns(waiting());
  const seen = [looks];
  for (let turn = 0; turn < 3; turn++) {
    await nextTurnOfLoop();
    seen.push(looks);
  }
  expect([seen, await answer]).toEqual([[0, 1, 2, 3], "there"]);
});

it("many pieces of long work fill a turn together, and go on in the order in which they asked", async () => {
  const turns = await turnsOf(["a", "b", "c"], 8);
  // The first had its share of the first turn when the others came, and asked for the next before them.
  expect(turns).toEqual(["aaaa", "aaaa", "bbbb", "cccc", "bbbb", "cccc"]);
});

it("the turns of a hundred pieces are no longer than those of one", async () => {
  const names = Array.from({ length: 100 }, (_, i) => String.fromCharCode(0x4e00 + i));
  const turns = await turnsOf(names, 3);
  expect(Math.max(...turns.map((turn) => turn.length))).toBeLessThanOrEqual(turnMs / stepMs);
});

it("what a turn has time for need not wait for another", async () => {
  const done: string[] = [];
  await stepsInTurns(work("a", 3, done));
  await timeInTurn();
  expect(asked.length).toBe(1);
  void stepsInTurns(work("b", 2, done));
  let isThere = false;
  const later = timeInTurn().then(() => (isThere = true));
  await new Promise<void>((resolve) => settled(() => resolve()));
  expect(isThere).toBe(false);
  while (asked.length > 0) await nextTurnOfLoop();
  await later;
  expect(done.join("")).toBe("aaabb");
});

it("work that fails or is ended lets the rest go on", async () => {
  const over = new AbortController();
  const done: string[] = [];
  const ended = stepsInTurns(work("a", 100, done), over.signal);
  const rest = stepsInTurns(work("b", 9, done));
  ended.catch(() => undefined);
  over.abort(new Error("asked for no more"));
  while (asked.length > 0) await nextTurnOfLoop();
  await expect(ended).rejects.toThrow("asked for no more");
  expect(await rest).toBe("b");
});

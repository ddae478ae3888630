import { setImmediate as nextTurn } from "node:timers/promises";
import { expect, test, vi } from "vitest";
import { plainClusterViewAt } from "../projections/plain-view-at.ts";
import { LiveModel } from "../../src/read-model/live/live-model.ts";
import { randomHistory } from "../histories/random-history.ts";
import { randomRequest } from "../histories/random-request.ts";
import { randomSource } from "../histories/random-source.ts";
import { soakRuns } from "../random-runs.ts";
import { documentOf } from "./document-of.ts";
import { rawHistory, storedHistory } from "./stored-history.ts";
import { take } from "./take.ts";

// Every entity gets a turn of its own.
vi.mock("../../src/limits/read-model.ts", async (original) => ({
  ...(await original<object>()),
  turnMs: 0,
}));

test("a document computed in turns equals the plain fold's, whatever arrives meanwhile", async () => {
  let turns = 0;
  for (let seed = 1; seed <= soakRuns(60, 20); seed++) {
    const history = randomHistory(seed, { maxEvents: 120 });
    const events = storedHistory(history);
    const random = randomSource(seed);
    const model = new LiveModel({ factsPerState: 2 });
    const half = events.length >> 1;
    take(model, events.slice(0, half));
    const answers = Array.from({ length: 5 }, async (_, each) => {
      const request = randomRequest(seed * 5 + each, history);
      const P = random.between(0, half);
      const made = await model.answer(request.cluster, P, (view) => documentOf(view, request));
      const plain = plainClusterViewAt(rawHistory(events), request.cluster, P);
      expect(made, `seed ${seed}, P ${P}`).toBe(documentOf(plain, request));
    });
    const all = Promise.all(answers);
    let isDone = false;
    void all.finally(() => {
      isDone = true;
    });
    for (const event of events.slice(half)) {
      if (!isDone) turns++;
      take(model, [event]);
      await nextTurn();
    }
    await all;
  }
  expect(turns).toBeGreaterThan(soakRuns(60, 20));
});

test("an answer that fails lets the next one run", async () => {
  const model = new LiveModel();
  for (let i = 0; i < 10; i++) {
    const failing = model.answer("c", 0, () => {
      throw new Error("no figure");
    });
    await expect(failing).rejects.toThrow("no figure");
  }
  await expect(model.answer("c", 0, () => "made")).resolves.toBe("made");
});

/** Lists of nodes, faults and jobs: the same whatever was asked before, at a bounded cost. */
import { take } from "../read-model/take.ts";
import { describe, expect, test } from "vitest";
import { formatInstant } from "../../projections/time/instant.ts";
import type { StoredEvent } from "../../src/events/envelope.ts";
import { LiveModel } from "../../src/read-model/live/live-model.ts";
import { countedWork } from "../counted-work.ts";
import { begin, History } from "../projections/history.ts";
import { listsOf } from "./lists-of.ts";

describe("a job that ended and starts again after the instant", () => {
  const history = new History();
  history.add("NodeCommissioned", 0, { node: "n0" });
  history.add("JobStarted", 1, { job: "j", nodes: ["n0"] });
  history.add("JobFinished", 5, { job: "j", outcome: "cancelled" });
  history.add("JobStarted", 50, { job: "j", nodes: ["n0"] });
  history.add("NodeFailed", 80, { node: "n0", faultId: "f", category: "hardware" });
  const events = history.events as readonly unknown[] as StoredEvent[];
  const at = begin + 30 * 3_600_000;
  const ended = {
    job: "j",
    state: "ended",
    startedAt: "2026-03-01T01:00:00.000Z",
    endedAt: "2026-03-01T05:00:00.000Z",
    outcome: "cancelled",
  };

  const days = (from: number, to: number) => ({
    period: `${formatInstant(begin + from * 86_400_000)}/${formatInstant(begin + to * 86_400_000)}`,
    zone: "UTC",
  });

  test.each([
    { when: "nothing was asked before", before: [] },
    { when: "an earlier answer left a state behind", before: [days(0, 3)] },
    { when: "a full segment left a state behind", before: [], segmentEvents: 3 },
  ])("is told with the run that ended before the window when $when", (given) => {
    const { before, segmentEvents = 1_000 } = given;
    const model = new LiveModel({ factsPerState: 1, maxKeptTimelineBytes: 0, segmentEvents });
    take(model, events);
    const view = model.view("c");
    for (const query of before) listsOf(view, query, at);
    expect(listsOf(view, days(1, 3), at)).toMatchObject({ jobs: [ended] });
  });
});

describe("the work for a list", () => {
  /** A few nodes and jobs of today, after many days with jobs and faults of their own. */
  function modelAfter(days: number): { model: LiveModel; at: number } {
    const history = new History();
    for (let node = 0; node < 4; node++) history.add("NodeCommissioned", 0, { node: `n${node}` });
    for (let day = 0; day < days; day++) {
      const hour = 24 * day + 1;
      const fault = { node: `n${day % 4}`, faultId: `f${day}` };
      history.add("NodeFailed", hour, { ...fault, category: "hardware" });
      history.add("NodeReturned", hour + 2, { node: fault.node, faultIds: [fault.faultId] });
      history.add("JobStarted", hour + 3, { job: `job${day}`, nodes: ["n[0-3]"] });
      history.add("JobFinished", hour + 9, { job: `job${day}`, outcome: "completed" });
    }
    const model = new LiveModel();
    take(model, history.events as readonly unknown[] as StoredEvent[]);
    return { model, at: begin + days * 86_400_000 };
  }

  test("does not grow with the length of the history: ten times the days cost about the same", async () => {
    const work = async (days: number) => {
      const { model, at } = modelAfter(days);
      const view = model.view("c");
      // States are kept on the way when a window is first folded; what each further list costs is told.
      listsOf(view, {}, at - 1);
      return await countedWork(() => void listsOf(model.view("c"), {}, at));
    };
    const list = listsOf(modelAfter(60).model.view("c"), {}, modelAfter(60).at);
    expect(list).toMatchObject({
      nodes: { length: 4 },
      faults: { length: 30 },
      jobs: { length: 30 },
    });
    const [short, long] = [await work(60), await work(600)];
    expect(long).toBeLessThan(2 * short);
  });
});

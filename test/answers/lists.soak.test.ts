/** Lists of nodes, faults and jobs: the same from the live model as from the plain fold, the same as the document, at a bounded cost. */
import { take } from "../read-model/take.ts";
import { describe, expect, test } from "vitest";
import { plainClusterViewAt } from "../projections/plain-view-at.ts";
import { slaDocument } from "../../projections/document/sla-document.ts";
import { RefusedRequest } from "../../projections/time/refused-request.ts";
import type { ClusterView } from "../../projections/view.ts";
import { faultRows } from "../../src/answers/lists/faults.ts";
import { jobRows } from "../../src/answers/lists/jobs.ts";
import { listWindow } from "../../src/answers/lists/list-window.ts";
import { nodeRows } from "../../src/answers/lists/nodes.ts";
import type { StoredEvent } from "../../src/events/envelope.ts";
import { LiveModel } from "../../src/read-model/live/live-model.ts";
import type { WindowQuery } from "../../src/reports/figures.ts";
import { firstZones } from "../../src/zones/zones.ts";
import { countedWork } from "../counted-work.ts";
import { randomHistory } from "../histories/random-history.ts";
import { randomRequest } from "../histories/random-request.ts";
import { randomSource } from "../histories/random-source.ts";
import { begin, History } from "../projections/history.ts";
import { soakRuns } from "../random-runs.ts";
import { rawHistory, storedHistory } from "../read-model/stored-history.ts";

function listsOf(view: ClusterView, query: WindowQuery, at: number) {
  try {
    const window = listWindow(view, query, at);
    return {
      nodes: nodeRows(view, window),
      faults: faultRows(view, window),
      jobs: jobRows(view, window),
    };
  } catch (error) {
    if (error instanceof RefusedRequest) return error.code;
    throw error;
  }
}

describe("the lists of a random history", () => {
  test("are the same from the live model, which folds only what is near, as from the plain fold of everything", () => {
    let rows = 0;
    for (let seed = 1; seed <= soakRuns(200, 60); seed++) {
      const history = randomHistory(seed, { maxEvents: 120 });
      const events = storedHistory(history);
      const random = randomSource(seed);
      const model = new LiveModel({
        factsPerState: random.pick([1, 2, 5]),
        maxKeptTimelineBytes: random.pick([0, 1_000_000]),
      });
      take(model, events);
      for (let each = 0; each < 4; each++) {
        const { cluster, period, zone } = randomRequest(seed * 4 + each, history);
        const P = random.pick([model.sequence, random.between(0, model.sequence)]);
        const query = random.pick([{}, { period, zone }]);
        const event = events[random.between(0, events.length - 1)];
        const at = (event?.occurredAt ?? 0) + random.pick([-1, 0, 1, 3_600_000, 20 * 86_400_000]);
        const live = listsOf(model.view(cluster, P), query, at);
        const plain = listsOf(plainClusterViewAt(rawHistory(events), cluster, P), query, at);
        expect(live, `seed ${seed}, P ${P}, ${JSON.stringify(query)} at ${at}`).toEqual(plain);
        if (typeof live !== "string")
          rows += live.nodes.length + live.faults.length + live.jobs.length;
      }
    }
    expect(rows).toBeGreaterThan(100);
  });

  test("have the faults and the jobs of the SLA document of the same window", () => {
    let documents = 0;
    for (let seed = 1; seed <= soakRuns(200, 60); seed++) {
      const history = randomHistory(seed, { maxEvents: 120 });
      const events = rawHistory(storedHistory(history));
      const { cluster, period, zone } = randomRequest(seed, history);
      const view = plainClusterViewAt(events, cluster, events.length);
      const lists = listsOf(view, { period, zone }, 0);
      if (typeof lists === "string") continue;
      documents++;
      const { mttr, jobUptime } = slaDocument(view, { period, zone }, firstZones);
      const open = lists.faults.filter(({ outcome }) => outcome === "open");
      expect(
        open.map(({ faultId, node, since, durationMs, overTarget }) => ({
          faultId,
          node,
          since,
          ageMs: durationMs,
          overTarget,
        })),
        `seed ${seed}`,
      ).toEqual(mttr.open);
      const count = (outcome: string) =>
        lists.faults.filter((row) => row.outcome === outcome).length;
      expect(count("repaired")).toBe(mttr.faultsClosed);
      expect(count("censored")).toBe(mttr.censored.length);
      const figures = lists.jobs.map(
        ({
          cluster: _c,
          state: _s,
          nodes: _n,
          startedAt: _b,
          endedAt: _e,
          outcome: _o,
          interruption: _i,
          ...row
        }) => row,
      );
      expect(figures).toEqual(jobUptime.jobs);
    }
    expect(documents).toBeGreaterThan(50);
  });
});

describe("the cost of a list", () => {
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

  test("does not grow with the length of the history: 10 times the days, about the same work", async () => {
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

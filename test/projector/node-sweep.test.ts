import { describe, expect, test } from "vitest";
import { nodeColumnsOf, nodeTimeOf, repairTimeOf } from "../../projections/node-columns.ts";
import type { NodeColumns } from "../../projections/node-columns.ts";
import { mttrIn } from "../../projections/mttr.ts";
import { nodeTimeIn } from "../../projections/nis.ts";
import { plainClusterViewAt } from "../../projections/plain-cluster-view.ts";
import type { StoredEvent } from "../../src/events/envelope.ts";
import { LiveModel } from "../../src/projector/live-model.ts";
import { sweepNodes } from "../../src/projector/node-sweep.ts";
import { randomHistory } from "../histories/random-history.ts";
import { randomSource } from "../histories/random-source.ts";
import { begin as historyBegin, History, hour, hourMs } from "../projections/history.ts";
import { randomRuns } from "../random-runs.ts";
import { rawHistory, storedHistory } from "./stored-history.ts";

const clusters = ["c1", "c2", "nowhere"];

/** The same events as they would come if none were late. */
function inOrderOfTime(events: readonly StoredEvent[]): StoredEvent[] {
  const sorted = events.toSorted((a, b) => a.occurredAt - b.occurredAt);
  return sorted.map((event, place) => ({ ...event, sequence: place + 1 }));
}

function plainNodes(events: readonly StoredEvent[], cluster: string) {
  return [...plainClusterViewAt(rawHistory(events), cluster, events.length).nodes()];
}

function plainColumns(events: readonly StoredEvent[], cluster: string): Map<string, NodeColumns> {
  return new Map(plainNodes(events, cluster).map((each) => [each.node, nodeColumnsOf(each)]));
}

/** What a sweep alone finds, without a fold. */
function swept(events: readonly StoredEvent[], cluster: string, segmentEvents = events.length) {
  const model = new LiveModel({ segmentEvents });
  model.apply(events);
  return sweepNodes(model.fullSegments, cluster, () => events.length);
}

/** A node that breaks every hour from `hours` on, for half an hour. */
function brokenHourly(hours: number, faults: number): StoredEvent[] {
  const history = new History();
  history.add("NodeCommissioned", hours, { node: "n" });
  for (let i = 0; i < faults; i++) {
    const at = hours + i + 0.25;
    history.add("NodeFailed", at, { node: "n", faultId: `f${i}`, category: "hardware" });
    history.add("NodeReturned", at + 0.5, { node: "n", faultIds: [`f${i}`] });
  }
  return history.events as unknown as StoredEvent[];
}

describe("the columns of nodes", () => {
  test("are those of the plain fold, however late facts come and whatever corrects them", () => {
    for (let seed = 1; seed <= randomRuns(400); seed++) {
      const random = randomSource(seed);
      const history = storedHistory(randomHistory(seed, { maxEvents: 80 }));
      const events = random.chance(0.5) ? history : inOrderOfTime(history);
      const model = new LiveModel({ segmentEvents: random.pick([3, 10, 1_000]) });
      model.apply(events);
      const times = events.map((event) => event.occurredAt);
      const [a, b] = [random.pick(times), random.pick(times)];
      const window = { from: Math.min(a, b), to: Math.max(a, b) + random.below(2) };
      for (const cluster of clusters) {
        const columns = model.nodeColumns(cluster);
        const nodes = plainNodes(events, cluster);
        expect(new Map(columns), `seed ${seed}`).toEqual(plainColumns(events, cluster));
        expect(nodeTimeOf(columns.values(), window)).toEqual(nodeTimeIn(nodes, window));
        const { faultsClosed, meanMs } = mttrIn(nodes, window, 1);
        expect(repairTimeOf(columns.values(), window)).toEqual({ faultsClosed, meanMs });
      }
    }
  });

  test("come without a fold where facts come in their order and fit, over any segments", () => {
    let nodes = 0;
    let followed = 0;
    for (let seed = 1; seed <= randomRuns(400); seed++) {
      const events = inOrderOfTime(
        storedHistory(randomHistory(seed, { maxEvents: 40, corrections: false })),
      );
      for (const cluster of clusters) {
        const plain = plainColumns(events, cluster);
        const found = swept(events, cluster);
        for (const [name, columns] of found)
          expect(columns, `seed ${seed}`).toEqual(plain.get(name));
        expect(swept(events, cluster, 1)).toEqual(found);
        nodes += plain.size;
        followed += found.size;
      }
    }
    expect(followed).toBeGreaterThan(nodes / 10);
  });

  test("of a node whose ids are not told apart byte by byte, or come twice, are left to the fold", () => {
    const history = new History();
    for (const node of ["n1", "n2", "n3"]) history.add("NodeCommissioned", 0, { node });
    history.add("NodeFailed", 1, { node: "n1", faultId: "f1", category: "hardware" });
    history.add("NodeFailed", 2, { node: "n2", faultId: "f1", category: "hardware" });
    history.add("NodeReturned", 3, { node: "n1", faultIds: ["f1"] });
    history.add("NodeFailed", 4, { node: "n3", faultId: "ガ", category: "hardware" });
    history.add("NodeFailed", 5, { node: "n1", faultId: "f1", category: "hardware" });
    const events = history.events as unknown as StoredEvent[];
    expect([...swept(events.slice(0, 6), "c").keys()]).toEqual(["n1", "n2", "n3"]);
    expect([...swept(events, "c").keys()]).toEqual(["n2"]);
    const model = new LiveModel();
    model.apply(events);
    expect(new Map(model.nodeColumns("c"))).toEqual(plainColumns(events, "c"));
  });

  test("are swept alike before 1970, across it, and in the year 9999", () => {
    for (const first of ["1969-12-31T22:00:00Z", "0000-01-01T00:00:00Z", "9999-12-31T12:00:00Z"]) {
      const hours = (Date.parse(first) - historyBegin) / hourMs;
      const events = brokenHourly(hours, 10);
      const columns = swept(events, "c");
      expect(columns).toEqual(plainColumns(events, "c"));
      const [changes, repairs] = [columns.get("n")?.changes, columns.get("n")?.repairs];
      expect([changes?.times.length, repairs?.to.length]).toEqual([21, 10]);
      const window = { from: hour(hours) + 1, to: hour(hours + 10) + 1 };
      const model = new LiveModel();
      model.apply(events);
      const nodeTime = nodeTimeIn(plainNodes(events, "c"), window);
      expect(nodeTime.downNodeMs).toBe(5 * hourMs);
      expect(model.nodeTime("c", window)).toEqual(nodeTime);
      expect(nodeTimeOf(columns.values(), window)).toEqual(nodeTime);
    }
  });

  test("of one node with more than 65,536 faults are swept whole", () => {
    const faults = 70_000;
    const events = brokenHourly(0, faults);
    const columns = swept(events, "c", events.length / 3).get("n");
    expect(columns?.changes.times.length).toBe(2 * faults + 1);
    const repairs = repairTimeOf(columns === undefined ? [] : [columns], {
      from: hour(0),
      to: hour(faults + 1),
    });
    expect(repairs).toEqual({ faultsClosed: faults, meanMs: hourMs / 2 });
  });

  test("of no events, and of a node without members or changes, are empty", () => {
    expect(sweepNodes([], "c", () => 1).size).toBe(0);
    expect(new LiveModel().nodeColumns("c").size).toBe(0);
    const window = { from: 0, to: 1 };
    expect(repairTimeOf([], window)).toEqual({ faultsClosed: 0, meanMs: null });
    expect(nodeTimeOf([], window).memberNodeMs).toBe(0);
    const history = new History();
    history.add("NodeScaleAllowed", 0, { node: "n" });
    const events = history.events as unknown as StoredEvent[];
    expect(swept(events, "c")).toEqual(plainColumns(events, "c"));
    expect(swept(events, "c").get("n")?.changes.times.length).toBe(0);
  });
});

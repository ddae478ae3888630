import { take } from "./take.ts";
import type { NodeTimeline } from "../../projections/nodes/timeline.ts";
import { nodeTimeIn } from "../../projections/figures/node-time.ts";
import type { NodeTime } from "../../projections/figures/node-time.ts";
import type { Interval } from "../../projections/arithmetic/intervals.ts";
import { describe, expect, test } from "vitest";
import { plainClusterViewAt } from "../projections/plain-view-at.ts";
import { LiveModel } from "../../src/read-model/live/live-model.ts";
import { documentOf } from "./document-of.ts";
import { randomHistory } from "../histories/random-history.ts";
import { randomRequest } from "../histories/random-request.ts";
import { randomSource } from "../histories/random-source.ts";
import { soakRuns } from "../random-runs.ts";
import { rawHistory, storedHistory } from "./stored-history.ts";
import { viewJson } from "./view-json.ts";

const clusters = ["c1", "c2", "elsewhere"];

describe("the live model", () => {
  test("gives the same view as the plain fold, at its head and as of any position", () => {
    for (let seed = 1; seed <= soakRuns(300, 75); seed++) {
      const events = storedHistory(randomHistory(seed));
      const random = randomSource(seed);
      const model = new LiveModel({ factsPerState: random.pick([1, 2, 5, 24]) });
      for (let done = 0; done < events.length;) {
        const size = random.between(1, 20);
        take(model, events.slice(done, done + size));
        done = Math.min(events.length, done + size);
        for (const cluster of clusters) {
          for (const P of [done, random.between(0, done), random.between(0, done)]) {
            const plain = plainClusterViewAt(rawHistory(events), cluster, P);
            expect(viewJson(model.view(cluster, P)), `seed ${seed}, P ${P}`).toBe(viewJson(plain));
          }
        }
      }
    }
  });

  test("gives the same document as the plain fold, for any period, at its head and as of any position", () => {
    let answered = 0;
    for (let seed = 1; seed <= soakRuns(1_500, 75); seed++) {
      const history = randomHistory(seed, { maxEvents: 120 });
      const events = storedHistory(history);
      const random = randomSource(seed);
      const model = new LiveModel({
        factsPerState: random.pick([1, 2, 5]),
        segmentEvents: random.pick([8, 1_000]),
        maxKeptTimelineBytes: random.pick([0, 4_000, 1_000_000]),
        maxKeptPastTimelineBytes: random.pick([0, 4_000, 1_000_000]),
      });
      for (const half of [events.slice(0, events.length >> 1), events.slice(events.length >> 1)]) {
        take(model, half);
        for (let each = 0; each < 3; each++) {
          const request = randomRequest(seed * 3 + each, history);
          const P = random.pick([model.sequence, random.between(0, model.sequence)]);
          const view = model.view(request.cluster, P);
          const plain = plainClusterViewAt(rawHistory(events), request.cluster, P);
          const wanted = documentOf(plain, request);
          if (wanted !== "refused") answered++;
          expect(documentOf(view, request), `seed ${seed}, P ${P}`).toBe(wanted);
        }
      }
    }
    expect(answered).toBeGreaterThan(soakRuns(1_500, 75));
  });

  test("a view stays at its own position while events arrive", () => {
    for (let seed = 1; seed <= soakRuns(50, 15); seed++) {
      const events = storedHistory(randomHistory(seed));
      const model = new LiveModel();
      const half = events.length >> 1;
      take(model, events.slice(0, half));
      const before = model.view("c1");
      take(model, events.slice(half));
      const plain = plainClusterViewAt(rawHistory(events), "c1", half);
      expect(viewJson(before)).toBe(viewJson(plain));
    }
  });

  test("names the clusters that a fact names, as of any position", () => {
    for (let seed = 1; seed <= soakRuns(50, 15); seed++) {
      const events = storedHistory(randomHistory(seed));
      const model = new LiveModel();
      take(model, events);
      for (let P = 0; P <= events.length; P++) {
        const known = clusters.filter(
          (name) => plainClusterViewAt(rawHistory(events), name, P).known,
        );
        expect(model.clusters(P)).toEqual(known);
      }
    }
  });

  test("refuses a position past its head", () => {
    expect(() => new LiveModel().view("c1", 1)).toThrow(/past the last/);
  });

  test("finds the last sequence up to which nothing was recorded after an instant", () => {
    for (let seed = 1; seed <= soakRuns(50, 15); seed++) {
      const events = storedHistory(randomHistory(seed));
      const model = new LiveModel();
      take(model, events);
      for (const { recordedAt } of events) {
        const at = recordedAt + (seed % 3) - 1;
        const past = events.findIndex((event) => event.recordedAt > at);
        expect(model.sequenceAsOfTime(at)).toBe(past === -1 ? events.length : past);
      }
    }
  });

  test("answers node-time within any window as the sum over the segments of every node", () => {
    for (let seed = 1; seed <= soakRuns(150, 40); seed++) {
      const events = storedHistory(randomHistory(seed, { maxEvents: 100 }));
      const times = events.map((event) => event.occurredAt).sort((a, b) => a - b);
      const random = randomSource(seed);
      const model = new LiveModel({ factsPerState: 2 });
      for (let done = 0; done < events.length;) {
        const size = random.between(1, 20);
        take(model, events.slice(done, done + size));
        done = Math.min(events.length, done + size);
        const [a, b] = [random.pick(times), random.pick(times)];
        const window = { from: Math.min(a, b), to: Math.max(a, b) + random.below(3) };
        for (const cluster of clusters) {
          const view = model.view(cluster);
          const scanned = scannedNodeTime(view.entities("node"), window);
          const time = nodeTimeIn(view.within(window).entities("node"), window);
          expect(time, `seed ${seed}`).toEqual(scanned);
        }
      }
    }
  });
});

function scannedNodeTime(nodes: Iterable<NodeTimeline>, window: Interval): NodeTime {
  const sums = { down: 0, maintenance: 0, unknown: 0, "in-service": 0 };
  for (const { segments } of nodes) {
    for (const { from, to, state } of segments) {
      sums[state] += Math.max(0, Math.min(to, window.to) - Math.max(from, window.from));
    }
  }
  return {
    memberNodeMs: sums.down + sums.maintenance + sums.unknown + sums["in-service"],
    inServiceNodeMs: sums["in-service"],
    downNodeMs: sums.down,
    maintenanceNodeMs: sums.maintenance,
    unknownNodeMs: sums.unknown,
  };
}

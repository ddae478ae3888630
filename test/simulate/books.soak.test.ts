import { describe, expect, it } from "vitest";
import type { ClusterView } from "../../projections/view.ts";
import type { RawEvent } from "../../projections/facts/effective-facts.ts";
import { plainClusterViewAt } from "../projections/plain-view-at.ts";
import { slaDocument } from "../../projections/document/sla-document.ts";
import { keepBooks } from "../../src/simulate/books/books.ts";
import { figuresOf, openBook } from "../../src/simulate/books/cluster-book.ts";
import { Random } from "../../src/simulate/setting/prng.ts";
import { simulate } from "../../src/simulate/simulate.ts";
import { firstZones } from "../../src/zones/zones.ts";
import { soakRuns } from "../random-runs.ts";
import { firstDifference } from "./first-difference.ts";
import { rawEventsOf, type Simulation } from "./raw-events.ts";

/** A few windows anywhere in the simulation, coarse and fine, as `FROM/TO`. */
function anyWindows({ fromMs, endMs, seed }: Simulation): { from: number; to: number }[] {
  const random = new Random(seed, "windows");
  const step = random.pick([1, 300_000, 3_600_000]);
  const instant = () => fromMs + Math.floor((random.float() * (endMs - fromMs)) / step) * step;
  return [0, 1, 2].flatMap(() => {
    const [a, b] = [instant(), instant()];
    return a === b ? [] : [{ from: Math.min(a, b), to: Math.max(a, b) }];
  });
}

/** The first place where the folds and the books differ, or `null`. */
function compare(simulation: Simulation): string | null {
  const { history, truth } = simulation;
  const events: readonly RawEvent[] = rawEventsOf(simulation);
  for (const cluster of history.clusters) {
    const view = plainClusterViewAt(events, cluster.cluster, events.length);
    const book = openBook(history, cluster);
    const written = Object.entries(truth.clusters[cluster.cluster]?.periods ?? {});
    const windows = anyWindows(simulation).map((window) => {
      const label = [window.from, window.to].map((ms) => new Date(ms).toISOString()).join("/");
      return [label, figuresOf(book, window)] as const;
    });
    for (const [label, figures] of [...written, ...windows]) {
      const found = differenceIn(view, label, cluster.zone, figures);
      if (found !== null) return `${cluster.cluster} ${label} ${found}`;
    }
  }
  return null;
}

function differenceIn(view: ClusterView, period: string, zone: string, figures: unknown) {
  return firstDifference(slaDocument(view, { period, zone }, firstZones), figures);
}

describe("the simulator's books", () => {
  const days = { quiet: 12, stormy: 7 } as const;
  for (const [scenario, whole, sample] of [
    ["quiet", 40, 4],
    ["stormy", 160, 8],
  ] as const) {
    const count = soakRuns(whole, sample);
    it(`agree with the folds in every figure on ${count} seeds of "${scenario}"`, () => {
      for (let seed = 1; seed <= count; seed++) {
        // Around the change of a month, in the weeks of the clock changes.
        const endMs = Date.UTC(2026, seed % 12, 4, seed % 24);
        const simulation = simulate({ scenario, days: days[scenario], seed, endMs });
        const found = compare(simulation);
        expect(found, `scenario ${scenario}, seed ${seed}, documents vs books`).toBeNull();
      }
    });
  }

  it("agree with the folds in every figure on a month of the scenario supercomputer", () => {
    const simulation = simulate({ scenario: "supercomputer", days: 30, seed: 1 });
    expect(compare(simulation), "scenario supercomputer, seed 1").toBeNull();
  });

  it("come with documents that are the same where nothing says that the ledger decided", () => {
    const simulation = simulate({ scenario: "stormy", days: 12, seed: 4 });
    const events = rawEventsOf(simulation);
    const reported = events.map((event): RawEvent => {
      const { attribution: _, ...fact } = event;
      return fact;
    });
    expect(events.filter((fact) => "attribution" in fact).length).toBeGreaterThan(50);
    const [from, to] = [simulation.fromMs, simulation.endMs].map((ms) =>
      new Date(ms).toISOString(),
    );
    for (const { cluster, zone } of simulation.history.clusters) {
      const [asDecided, asReported] = [events, reported].map((facts) => {
        const view = plainClusterViewAt(facts, cluster, facts.length);
        return slaDocument(view, { period: `${from}/${to}`, zone }, firstZones);
      });
      expect(asReported).toEqual(asDecided);
    }
  });

  it("are the same when they are computed again", () => {
    const { history, truth } = simulate({ scenario: "stormy", days: 5, seed: 3 });
    expect(JSON.stringify(keepBooks(history))).toBe(JSON.stringify(truth));
  });

  it("would show a single millisecond that is wrong", () => {
    const simulation = simulate({ scenario: "quiet", days: 5, seed: 2 });
    const [cluster] = simulation.history.clusters;
    if (cluster === undefined) throw new Error("the scenario has a cluster");
    const events = rawEventsOf(simulation);
    const view = plainClusterViewAt(events, cluster.cluster, events.length);
    const book = openBook(simulation.history, cluster);
    const figures = figuresOf(book, { from: simulation.fromMs, to: simulation.endMs });
    const label = `${figures.period.from}/${figures.period.to}`;
    const wrong = { ...figures, nis: { ...figures.nis, downNodeMs: figures.nis.downNodeMs + 1 } };
    expect(differenceIn(view, label, cluster.zone, figures)).toBeNull();
    expect(differenceIn(view, label, cluster.zone, wrong)).toContain("nis/downNodeMs");
  });
});

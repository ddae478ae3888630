import { describe, expect, it } from "vitest";
import { slaDocument } from "../../../projections/document/sla-document.ts";
import { firstZones } from "../../../src/zones/zones.ts";
import { soakRuns } from "../../random-runs.ts";
import { firstDifference } from "../../simulate/first-difference.ts";
import { askingClusters, linesOf, linesOfSimulation, livingFleet } from "./living-fleet.ts";
import type { Lived, LivingFleet } from "./living-fleet.ts";

/** Once everything has come. */
async function livedFleet(lived: Lived): Promise<LivingFleet> {
  const fleet = await livingFleet(lived);
  const { feed, steps, ledger } = fleet;
  feed.start(steps);
  await feed.done();
  await ledger.waitFor((await ledger.store.head()).sequence, 600_000);
  return fleet;
}

/** The first figure that differs between the ledger's documents and the simulator's books, or `null`. */
function firstOtherFigure({ simulation, ledger }: LivingFleet, exact: boolean): string | null {
  for (const { cluster, zone } of simulation.history.clusters) {
    const view = ledger.view(cluster);
    const { periods = {} } = simulation.truth.clusters[cluster] ?? {};
    for (const [period, all] of Object.entries(periods)) {
      const { nis, mttr, jobUptime } = all;
      // Where deploy systems only report, the ledger's timers say of rollouts what the simulation does not.
      const isWhole = exact && askingClusters(simulation).has(cluster);
      const figures = isWhole ? all : { nis, mttr, jobUptime };
      const found = firstDifference(slaDocument(view, { period, zone }, firstZones), figures);
      if (found !== null) return `${cluster} ${period} ${found}`;
    }
  }
  return null;
}

describe("a simulated fleet that goes on in a ledger that is served", () => {
  for (const [scenario, days, daysAhead, whole, sample, commands] of [
    ["quiet", 6, 8, 10, 1, ["scale"]],
    ["supercomputer", 2, 3, 3, 1, ["scale", "maintenance-start", "maintenance-end"]],
  ] as const) {
    const count = soakRuns(whole, sample);
    it(`comes to the simulation's events, times, decisions and books, on ${count} seeds of "${scenario}"`, async () => {
      const asked = new Set<string>();
      for (let seed = 1; seed <= count; seed++) {
        await using fleet = await livedFleet({ scenario, seed, days, daysAhead });
        const { simulation, told, clock, steps } = fleet;
        for (const step of steps) if (step.kind === "request") asked.add(step.request.command);
        expect(told, `seed ${seed}`).toEqual(["over"]);
        const ours = (await linesOf(fleet)).toSorted();
        const theirs = linesOfSimulation(simulation).toSorted();
        const other = ours.findIndex((each, i) => each !== theirs[i]);
        expect(ours[other], `seed ${seed}`).toBe(theirs[other]);
        expect(ours, `seed ${seed}`).toHaveLength(theirs.length);
        expect(firstOtherFigure(fleet, true), `seed ${seed}`).toBeNull();
        expect([clock.nowMs(), clock.speed()]).toEqual([simulation.endMs, 0]);
      }
      expect([...asked]).toEqual(expect.arrayContaining([...commands]));
    });
  }

  const count = soakRuns(8, 2);
  it(`loses no fact, and has the books of nodes and jobs, where instants coincide, on ${count} seeds of "stormy"`, async () => {
    for (let seed = 1; seed <= count; seed++) {
      const lived = { scenario: "stormy", seed, days: 4, daysAhead: 4 };
      await using fleet = await livedFleet(lived);
      expect(fleet.told.filter((each) => each.startsWith("skipped"))).toEqual([]);
      expect(firstOtherFigure(fleet, false), `seed ${seed}`).toBeNull();
    }
  });
});

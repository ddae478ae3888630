/** The measured impact of rollouts in simulated fleets, as the folds count it and as the simulator's books have it. */
import { describe, expect, it } from "vitest";
import { evidenceOf } from "../../projections/impact/evidence.ts";
import { Fleet, rolloutsOf } from "../../projections/impact/fleet.ts";
import { impactOf } from "../../projections/impact/impact.ts";
import { standingOf } from "../../projections/impact/treatment.ts";
import type { DecisionView } from "../../projections/view.ts";
import { impactsOf } from "../../src/simulate/books/impact.ts";
import { Random } from "../../src/simulate/setting/prng.ts";
import { simulate } from "../../src/simulate/simulate.ts";
import { soakRuns } from "../random-runs.ts";
import { Replay } from "./deciding.ts";
import type { Simulation } from "./raw-events.ts";

const hourMs = 3_600_000;

function measuredIn(view: DecisionView, at: number, windowMs: number) {
  const fleet = new Fleet(view, { at, factsBefore: at });
  return rolloutsOf(view)
    .map((each) => impactOf(fleet, standingOf(each, fleet), windowMs))
    .flatMap((impact) => {
      if (impact.startedAt === null) return [];
      const stops = evidenceOf(fleet, impact, (job) => view.facts("job", job)).filter(
        ({ kind }) => kind === "interruption",
      );
      const { rollout, startedAt, treated, before, after, outOfService, interruptions } = impact;
      const ends = impact.treatments.map(({ to }) => (to === null ? -Infinity : to + windowMs));
      return [
        {
          rollout,
          startedAt,
          treated,
          before,
          after,
          outOfService,
          interruptions,
          interruptedNodeMs: stops.reduce((sum, each) => sum + each.interruptedNodeMs, 0),
          lostNodeMs: stops.reduce((sum, each) => sum + each.lostNodeMs, 0),
          over: Math.max(-Infinity, ...ends),
          isOver: impact.status.endedBy !== null,
        },
      ];
    })
    .sort((a, b) => a.startedAt - b.startedAt || (a.rollout < b.rollout ? -1 : 1));
}

/** What the two have counted, to show that there was something to compare. */
const counted = { rollouts: 0, outOfServiceMs: 0, interruptions: 0, faults: 0 };

function compare(simulation: Simulation): void {
  const replay = new Replay(simulation);
  const random = new Random(simulation.seed, "windows of impact");
  for (const truth of simulation.history.clusters) {
    const view = replay.view(truth.cluster, replay.raw.length);
    const windowMs = random.pick([0, 1, 12, 48]) * hourMs;
    const books = impactsOf(truth, simulation.endMs, windowMs);
    const where = `${truth.cluster}, seed ${simulation.seed}`;
    expect(measuredIn(view, simulation.endMs, windowMs), where).toEqual(books);
    counted.rollouts += books.length;
    for (const { outOfService, interruptions, before, after } of books) {
      counted.outOfServiceMs += outOfService.nodeMs;
      counted.interruptions += interruptions;
      counted.faults += before.count + after.count;
    }
  }
}

describe("the simulator's books about impact", () => {
  for (const [scenario, days, whole, sample] of [
    ["quiet", 20, 200, 4],
    ["stormy", 7, 800, 12],
  ] as const) {
    const count = soakRuns(whole, sample);
    it(`have the measured impact of the folds, on ${count} seeds of "${scenario}"`, () => {
      Object.assign(counted, { rollouts: 0, outOfServiceMs: 0, interruptions: 0, faults: 0 });
      for (let seed = 1; seed <= count; seed++) {
        const endMs = Date.UTC(2026, seed % 12, 4, seed % 24);
        compare(simulate({ scenario, days, seed, endMs }));
      }
      process.stdout.write(`  ${scenario}: ${JSON.stringify(counted)}\n`);
      expect(Math.min(...Object.values(counted))).toBeGreaterThan(0);
    });
  }
});

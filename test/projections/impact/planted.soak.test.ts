/** Planted failure rates: how often a rise is found, beside the chance that is stated, and how often one is found that is none. */
import { describe, expect, test } from "vitest";
import { powerOf } from "../../../projections/impact/power.ts";
import { randomSource } from "../../histories/random-source.ts";
import { soakRuns } from "../../random-runs.ts";
import { Fleets } from "./fleets.ts";

/** Exponential waits make a Poisson count. */
function instants(float: () => number, from: number, to: number, perHour: number): number[] {
  const found: number[] = [];
  for (let at = from; ;) {
    at -= Math.log(1 - float()) / perHour;
    if (at >= to) return found;
    found.push(at);
  }
}

const runs = soakRuns(1_500, 150);
const windowHours = 100;

/** The share of rollouts over four nodes whose failure rate is found to have risen. */
function foundShare(expected: number, factor: number): number {
  const random = randomSource(Math.round(expected * 100) + factor);
  const float = () => (random.between(0, 999_999) + 0.5) / 1_000_000;
  const perHour = expected / windowHours / 4;
  let found = 0;
  for (let run = 0; run < runs; run++) {
    const fleet = new Fleets({ impactWindowMs: windowHours * 3_600_000 });
    const start = windowHours + 1;
    fleet.ran("u", start, start + 1, { targets: {} });
    for (const node of ["n1", "n2", "n3", "n4"]) {
      for (const at of instants(float, 1, start, perHour)) fleet.fault(node, at, at + 0.001);
      for (const at of instants(float, start + 1, start + 1 + windowHours, perHour * factor))
        fleet.fault(node, at, at + 0.001);
    }
    const { impact } = fleet.impact("u", start + 2 + windowHours);
    if (impact.reasons.includes("failure-rate")) found++;
  }
  return found / runs;
}

const exposed = { count: 0, exposureMs: 4 * windowHours * 3_600_000 };

describe.each([1, 2, 4, 10])("with %i faults expected on either side", (expected) => {
  test("an unchanged rate is called risen in at most one of forty", () => {
    const share = foundShare(expected, 1);
    // Four standard deviations of chance above the stated 0.025.
    expect(share).toBeLessThan(0.025 + 4 * Math.sqrt((0.025 * 0.975) / runs));
  });

  test("a tripled rate is found as often as the stated power says", () => {
    const share = foundShare(expected, 3);
    const power = powerOf(expected, exposed, exposed);
    process.stdout.write(
      `  ${expected} expected: a tripled rate was found in ${(share * 100).toFixed(1)} % of ${runs}; stated power ${(power * 100).toFixed(1)} %\n`,
    );
    expect(Math.abs(share - power)).toBeLessThan(
      4 * Math.sqrt((power * (1 - power)) / runs) + 0.005,
    );
  });
});

/** Random worlds of two askers, NFZs that come and go, late facts, clocks that jump, mirrors that lag and restarts. */
import { expect, it } from "vitest";
import { soakRuns } from "../../random-runs.ts";
import { type Counts, runWorld } from "./run-world.ts";

it("every decision is as the policy has it, nothing starts that knew of an NFZ, and nothing is stuck", () => {
  const runs = soakRuns(30_000, 5_000);
  const totals: Record<string, number> = {};
  for (let seed = 1; seed <= runs; seed++) {
    let counts: Counts;
    try {
      ({ counts } = runWorld(seed));
    } catch (error) {
      throw new Error(`world ${seed}: ${String(error)}`, { cause: error });
    }
    for (const [name, count] of Object.entries(counts)) totals[name] = (totals[name] ?? 0) + count;
  }
  // The worlds would show nothing if nothing happened in them.
  for (const [name, total] of Object.entries(totals))
    expect(total, `${name} in ${runs} worlds: ${JSON.stringify(totals)}`).toBeGreaterThan(0);
});

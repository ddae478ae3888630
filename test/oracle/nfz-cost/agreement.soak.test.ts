/** What no-fly zones cost in windows of random ledgers, against an independent reading. */
import { expect, test } from "vitest";
import { nfzCostIn } from "../../../projections/figures/nfz-cost/cost.ts";
import { rolloutsOf } from "../../../projections/impact/fleet.ts";
import { randomSource } from "../../histories/random-source.ts";
import { soakRuns } from "../../random-runs.ts";
import { effectiveFacts } from "../facts/effective-facts.ts";
import { viewsOf } from "../gate/views.ts";
import { costIn } from "./cost.ts";
import { randomCost } from "./random-cost.ts";

test("no-fly zones cost what an independent reading counts", () => {
  const seen = { zones: 0, alone: 0, wakeUps: 0, missed: 0, thaws: 0, faults: 0, released: 0 };
  for (let seed = 1; seed <= soakRuns(800, 60); seed++) {
    const { events, windows } = randomCost(seed);
    const some = randomSource(seed + 1_000_000).between(1, events.length);
    for (const view of viewsOf(events, seed, some)) {
      const facts = effectiveFacts(events.slice(0, view.sequence));
      const own = facts.filter(({ data }) => data.cluster === "c");
      for (const window of windows) {
        const told = nfzCostIn(view, rolloutsOf(view), window);
        const expected = costIn(own, window);
        const where = { seed, sequence: view.sequence, window };
        expect({ ...where, ...told }).toEqual({ ...where, ...expected });
        seen.zones += expected.nfzs.length;
        seen.alone += expected.nfzs.filter(({ blockedMs, aloneMs }) => aloneMs < blockedMs).length;
        if (expected.wakeUpMs > 0) seen.wakeUps++;
        seen.missed += expected.deadlinesMissed.length;
        seen.thaws += expected.thaws.length;
        for (const { after } of expected.thaws) {
          seen.faults += after.faults;
          seen.released += after.released;
        }
      }
    }
  }
  for (const [name, count] of Object.entries(seen)) expect([name, count > 5]).toEqual([name, true]);
});

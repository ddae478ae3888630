/** Sums of time per cell of a window, held against adding up millisecond by millisecond. */
import { expect, test } from "vitest";
import { EvenCells } from "../../projections/arithmetic/even-cells.ts";
import { CellSums } from "../../projections/figures/grid/cell-sums.ts";
import { randomSource } from "../histories/random-source.ts";
import { randomRuns } from "../random-runs.ts";

test("each cell has the milliseconds of all intervals that lie in it, and each row begins anew", () => {
  for (let seed = 1; seed <= randomRuns(60); seed++) {
    const random = randomSource(seed);
    const window = { from: random.below(50), to: 60 + random.below(200) };
    const cells = new EvenCells(window, random.between(1, 40));
    const sums = new CellSums(cells);
    for (let row = 0; row < 2; row++) {
      const end = random.between(window.from, window.to);
      const expected = new Float64Array(cells.count);
      for (let i = random.below(8); i > 0; i--) {
        const from = random.below(260);
        const to = random.chance(0.2) ? Infinity : from + random.below(120);
        sums.add(from, to, end);
        for (let ms = window.from; ms < end; ms++) {
          const cell = cells.edges.findLastIndex((edge) => edge <= ms);
          if (from <= ms && ms < to) expected[cell] = (expected[cell] ?? 0) + 1;
        }
      }
      const totalMs = sums.totalMs;
      const found = new Float64Array(cells.count);
      sums.takeInto(found);
      expect([...found], `seed ${seed}`).toEqual([...expected]);
      expect(totalMs).toBe(expected.reduce((sum, each) => sum + each, 0));
    }
  }
});

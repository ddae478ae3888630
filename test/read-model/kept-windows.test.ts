import { expect, test } from "vitest";
import { KeptTimelines } from "../../src/read-model/entities/kept-timelines.ts";
import type { KeptTimeline } from "../../src/read-model/entities/kept-timelines.ts";
import { KeptWindows } from "../../src/read-model/entities/kept-windows.ts";

/** A timeline of an hour, as of positions from one on and before another. */
function kept(since: number, before: number): KeptTimeline {
  const window = { from: 0, to: 3_600_000, until: Infinity };
  const asked = new Set<string>();
  return { ...window, since, before, hasEveryFact: false, staysOpen: false, asked, timeline: {} };
}

test("a timeline that is folded once more takes the place of the one before", () => {
  const windows = new KeptWindows({
    ofHead: new KeptTimelines(1e6),
    ofPast: new KeptTimelines(1e6),
  });
  const [first, other, again] = [kept(1, 5), kept(5, 9), kept(1, 5)];
  for (const each of [first, other, again]) windows.add(each);
  const found: KeptTimeline[] = [];
  windows.forget((each) => {
    found.push(each);
    return false;
  });
  expect(found).toEqual([other, again]);
  expect(found[1]).toBe(again);
  expect(windows.find({ from: 0, to: 3_600_000 }, 3)).toBe(again);
});

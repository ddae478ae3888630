/** What windows that end at an instant see of a node. */
import { describe, expect, test } from "vitest";
import type { NodeTimeline } from "../../../projections/nodes/timeline.ts";
import { nodeSeenBefore } from "../../../projections/nodes/seen-before.ts";
import { History, hour } from "../history.ts";

/** A node whose life goes on for long after hour 10. */
function longLife(): NodeTimeline {
  const history = new History();
  const own = { node: "a" };
  history.add("NodeCommissioned", 0, { ...own, rack: "r1" });
  history.add("NodeFailed", 2, { ...own, faultId: "early", category: "hardware" });
  history.add("NodeReturned", 3, { ...own, faultIds: ["early"] });
  history.add("NodeMaintenanceStarted", 4, { ...own, maintenanceId: "m" });
  history.add("NodeFailed", 8, { ...own, faultId: "long", category: "hardware" });
  history.add("NodeRepairStarted", 9, { ...own, faultId: "long", phase: "drain" });
  history.add("NodeRepairStarted", 11, { ...own, faultId: "long", phase: "repair" });
  const ended = history.add("NodeMaintenanceEnded", 12, { ...own, maintenanceId: "m" });
  history.add("NodeReturned", 13, { ...own, faultIds: ["long"] });
  history.add("NodeFailed", 14, { ...own, faultId: "late", category: "hardware" });
  history.add("NodeObservationRestored", 15, { ...own, observer: "o" });
  history.add("NodeObservationLost", 16, { ...own, observer: "o" });
  history.add("NodeDecommissioned", 20, own);
  const node = history.view().entity("node", "a");
  if (node === null) throw new Error("there is no node");
  expect(node.maintenance.map(({ endId }) => endId)).toEqual([ended]);
  return node;
}

describe("a node, as windows that end at an instant see it,", () => {
  const whole = longLife();
  const seen = nodeSeenBefore(whole, hour(10));

  test("has what began before, and faults and states that end later as if they had not ended", () => {
    expect(seen.faults.map(({ faultId, to, outcome }) => [faultId, to, outcome])).toEqual([
      ["early", hour(3), "repaired"],
      ["long", Infinity, "open"],
    ]);
    expect(seen.faults[1]).toMatchObject({ endedBy: null, how: null, phases: [{ at: hour(9) }] });
    expect([...seen.segments].at(-1)).toEqual({ from: hour(8), to: Infinity, state: "down" });
    expect(seen.memberships).toMatchObject([{ to: Infinity, decommissionedBy: null, rack: "r1" }]);
    expect([seen.unknown, seen.findings]).toEqual([[], []]);
  });

  test("keeps the end of maintenance, which exclusions name", () => {
    expect(seen.maintenance).toEqual(whole.maintenance);
  });

  test("is the timeline itself where nothing is left out", () => {
    expect(nodeSeenBefore(whole, hour(21))).toBe(whole);
    expect(nodeSeenBefore(whole, hour(20))).not.toBe(whole);
    expect(nodeSeenBefore(seen, hour(10))).toBe(seen);
  });

  test("is the same before each instant, whether cut at once or in two steps", () => {
    for (let end = 1; end <= 21; end++) {
      const once = nodeSeenBefore(whole, hour(end));
      for (let later = end; later <= 21; later++) {
        const twice = nodeSeenBefore(nodeSeenBefore(whole, hour(later)), hour(end));
        expect(twice, `${end} and ${later}`).toEqual(once);
      }
    }
  });
});

import { describe, expect, test } from "vitest";
import { SegmentPacker } from "../../projections/nodes/packed-segments.ts";

/** A node that leaves at 40 and is back at 60. */
const told = [
  { from: 0, to: 10, state: "in-service" },
  { from: 10, to: 25, state: "down" },
  { from: 25, to: 40, state: "unknown" },
  { from: 60, to: Infinity, state: "maintenance" },
] as const;

function packed() {
  const packer = new SegmentPacker();
  for (const each of told) packer.push(each);
  return packer.packed();
}

function visited(from: number, to: number): unknown[] {
  const found: unknown[] = [];
  packed().eachIn({ from, to }, (...each) => found.push(each));
  return found;
}

describe("packed segments", () => {
  test("are read as they were told, and are a list as JSON", () => {
    expect(packed()).toHaveLength(told.length);
    expect([...packed()]).toEqual(told);
    expect(JSON.stringify(packed())).toBe(JSON.stringify(told));
  });

  test("are visited whole where they have time in the window", () => {
    expect(visited(10, 25)).toEqual([["down", 10, 25]]);
    expect(visited(24, 26)).toEqual([
      ["down", 10, 25],
      ["unknown", 25, 40],
    ]);
    expect(visited(40, 60)).toEqual([]);
    expect(visited(-Infinity, Infinity)).toHaveLength(told.length);
  });

  test("have one at an instant, or none where the node is no member", () => {
    const states = [-1, 0, 10, 39, 40, 59, 60].map((at) => packed().containing(at)?.state ?? null);
    expect(states).toEqual([null, "in-service", "down", "unknown", null, null, "maintenance"]);
  });

  test("join neighbours of one state, but not over the start of a membership", () => {
    const packer = new SegmentPacker();
    packer.add(0, { from: 0, to: 10, state: "down" });
    packer.add(0, { from: 10, to: 20, state: "down" });
    packer.add(20, { from: 20, to: 30, state: "down" });
    expect([...packer.packed()].map(({ from, to }) => [from, to])).toEqual([
      [0, 20],
      [20, 30],
    ]);
  });
});

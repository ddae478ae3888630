/** Which nodes stand in which row of a picture of node states, and where its columns begin. */
import { describe, expect, test } from "vitest";
import { EvenCells } from "../../projections/arithmetic/even-cells.ts";
import { nodeRowsOf } from "../../projections/figures/grid/node-rows.ts";
import type { NodeRowOrder } from "../../projections/figures/grid/node-rows.ts";
import { SegmentPacker } from "../../projections/nodes/packed-segments.ts";
import type { NodeTimeline } from "../../projections/nodes/timeline.ts";

const window = { from: 0, to: 100 };

function aNode(node: string, rack: string | null, downMs = 0): NodeTimeline {
  const ids = { commissionedBy: "", decommissionedBy: null };
  const segments = new SegmentPacker();
  if (downMs > 0) segments.push({ from: 0, to: downMs, state: "down" });
  segments.push({ from: downMs, to: Infinity, state: "in-service" });
  return {
    node,
    memberships: [{ from: 0, to: Infinity, rack, sku: null, gpus: null, ...ids }],
    faults: [],
    maintenance: [],
    unknown: [],
    announcements: [],
    segments: segments.packed(),
    findings: [],
  };
}

function rowsOf(nodes: readonly NodeTimeline[], order: NodeRowOrder, most: number) {
  const { nodesPerRow, rows } = nodeRowsOf(nodes, window, order, most);
  return { nodesPerRow, rows: rows.map((row) => row.map(({ node }) => node.node).join(" ")) };
}

const fleet = [
  aNode("b1", "r2"),
  aNode("a1", "r1", 5),
  aNode("a2", "r1"),
  aNode("a3", "r1", 50),
  aNode("c1", null),
];

describe("rows of nodes", () => {
  test("by rack have a node each where there is room, racks in order, and nodes without a rack last", () => {
    expect(rowsOf(fleet, "rack", 5)).toEqual({
      nodesPerRow: 1,
      rows: ["a1", "a2", "a3", "b1", "c1"],
    });
  });

  test("by rack end with their rack, with as few nodes a row as fit", () => {
    expect(rowsOf(fleet, "rack", 4)).toEqual({
      nodesPerRow: 2,
      rows: ["a1 a2", "a3", "b1", "c1"],
    });
    expect(rowsOf(fleet, "rack", 3)).toEqual({ nodesPerRow: 3, rows: ["a1 a2 a3", "b1", "c1"] });
  });

  test("span racks only where there are more racks than rows", () => {
    expect(rowsOf(fleet, "rack", 2)).toEqual({ nodesPerRow: 3, rows: ["a1 a2 a3", "b1 c1"] });
  });

  test("by worst begin with the most time down; by name they ignore racks", () => {
    expect(rowsOf(fleet, "worst", 5).rows).toEqual(["a3", "a1", "a2", "b1", "c1"]);
    expect(rowsOf(fleet, "name", 3)).toEqual({ nodesPerRow: 2, rows: ["a1 a2", "a3 b1", "c1"] });
  });

  test("leave out nodes that were no members in the window", () => {
    const { memberships, ...late } = aNode("z", "r1");
    const later = memberships.map((each) => ({ ...each, from: 100 }));
    expect(rowsOf([{ ...late, memberships: later }], "rack", 5).rows).toEqual([]);
  });
});

describe("columns", () => {
  test("have equal lengths to the millisecond, and together they are the window", () => {
    const cells = new EvenCells({ from: 1_000, to: 1_010 }, 4);
    expect([...cells.edges]).toEqual([1_000, 1_002, 1_005, 1_007, 1_010]);
    expect([cells.count, cells.cellMs]).toEqual([4, 2.5]);
  });

  test("are no shorter than a millisecond", () => {
    expect([...new EvenCells({ from: 5, to: 7 }, 100).edges]).toEqual([5, 6, 7]);
  });

  test("contain each instant once, in a window of thousands of years too", () => {
    for (const to of [1_013, 7_776_000_000, 300_000_000_000_000]) {
      const cells = new EvenCells({ from: 0, to }, 2_048);
      for (let i = 0; i < cells.count; i++) {
        const [first, next] = [cells.edges[i] ?? NaN, cells.edges[i + 1] ?? NaN];
        expect(first).toBe(Number((BigInt(i) * BigInt(to)) / BigInt(cells.count)));
        expect([cells.indexOf(first), cells.indexOf(next - 1)]).toEqual([i, i]);
      }
    }
  });
});

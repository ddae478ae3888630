/** Which nodes stand in which row of a picture of node states. */
import type { Interval } from "../../arithmetic/intervals.ts";
import type { NodeTimeline } from "../../nodes/timeline.ts";
import { nodeTimeIn } from "../node-time.ts";

export const nodeRowOrders = ["rack", "worst", "name"] as const;
export type NodeRowOrder = (typeof nodeRowOrders)[number];

interface NodeRows {
  /** Nodes of a full row. */
  readonly nodesPerRow: number;
  readonly rows: readonly (readonly PlacedNode[])[];
}

export interface PlacedNode {
  readonly node: NodeTimeline;
  /** Of its last membership in the window. */
  readonly rack: string | null;
}

/**
 * The members of a window in at most `most` rows: each row is a run of consecutive nodes, of as few as will fit. By rack, a row
 * ends with its rack, unless there are more racks than rows.
 */
export function nodeRowsOf(
  nodes: Iterable<NodeTimeline>,
  window: Interval,
  order: NodeRowOrder,
  most: number,
): NodeRows {
  const placed = sorted(
    [...nodes].flatMap((node) => placedIn(node, window)),
    order,
    window,
  );
  const runs = order === "rack" ? runsOfRacks(placed) : [placed];
  const groups = runs.length > most ? [placed] : runs;
  const nodesPerRow = fewestPerRow(
    groups.map(({ length }) => length),
    most,
  );
  return { nodesPerRow, rows: groups.flatMap((group) => cut(group, nodesPerRow)) };
}

function placedIn(node: NodeTimeline, { from, to }: Interval): PlacedNode[] {
  const last = node.memberships.findLast((each) => each.from < to && each.to > from);
  return last === undefined ? [] : [{ node, rack: last.rack }];
}

function sorted(
  placed: readonly PlacedNode[],
  order: NodeRowOrder,
  window: Interval,
): readonly PlacedNode[] {
  const byName = (a: PlacedNode, b: PlacedNode) => compare(a.node.node, b.node.node);
  if (order === "name") return placed.toSorted(byName);
  if (order === "rack")
    return placed.toSorted((a, b) => compareRacks(a.rack, b.rack) || byName(a, b));
  const times = new Map(placed.map(({ node }) => [node, nodeTimeIn([node], window)]));
  const none = { downNodeMs: 0, maintenanceNodeMs: 0, unknownNodeMs: 0 };
  return placed.toSorted((a, b) => {
    const [x, y] = [times.get(a.node) ?? none, times.get(b.node) ?? none];
    return (
      y.downNodeMs - x.downNodeMs ||
      y.maintenanceNodeMs - x.maintenanceNodeMs ||
      y.unknownNodeMs - x.unknownNodeMs ||
      byName(a, b)
    );
  });
}

/** Nodes without a rack come last. */
function compareRacks(a: string | null, b: string | null): number {
  if (a === null || b === null) return Number(a === null) - Number(b === null);
  return compare(a, b);
}

/** By UTF-16 code units, as names are ordered everywhere. */
function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function runsOfRacks(placed: readonly PlacedNode[]): (readonly PlacedNode[])[] {
  return [...Map.groupBy(placed, ({ rack }) => rack).values()];
}

/** The smallest number of nodes per row with which groups of these sizes have at most `most` rows together. */
function fewestPerRow(sizes: readonly number[], most: number): number {
  const rowsWith = (perRow: number) =>
    sizes.reduce((rows, size) => rows + Math.ceil(size / perRow), 0);
  let [low, high] = [1, Math.max(1, ...sizes)];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (rowsWith(middle) <= most) high = middle;
    else low = middle + 1;
  }
  return low;
}

function cut(group: readonly PlacedNode[], perRow: number): (readonly PlacedNode[])[] {
  const rows: (readonly PlacedNode[])[] = [];
  for (let i = 0; i < group.length; i += perRow) rows.push(group.slice(i, i + perRow));
  return rows;
}

/** Node states as a grid: a row for one node or several, a column for a stretch of time, and in each cell the worst state. */
import { EvenCells } from "../../arithmetic/even-cells.ts";
import { doubleAt } from "../../arithmetic/invariants.ts";
import type { Interval } from "../../arithmetic/intervals.ts";
import { exact } from "../../arithmetic/ratio.ts";
import type { NodeState } from "../../nodes/packed-segments.ts";
import type { NodeTimeline } from "../../nodes/timeline.ts";
import { CellSums } from "./cell-sums.ts";
import type { NodeRowOrder, PlacedNode } from "./node-rows.ts";
import { nodeRowsOf } from "./node-rows.ts";

const allTime: Interval = { from: -Infinity, to: Infinity };

/** Bits 7 to 5 of a cell: the worst state of its member node-time, the worst last. */
const cellStates = {
  inService: 0,
  unknown: 1,
  maintenance: 2,
  down: 3,
  noMember: 4,
} as const;

/** Bits 4 to 0: the share of the cell's member node-time that is in the state, in parts of this, rounded up. */
const shareParts = 31;

/** Sums of a row over the whole window. */
interface GridRow {
  /** `null` if its nodes are of several racks, or of none. */
  readonly rack: string | null;
  readonly nodes: readonly string[];
  readonly memberNodeMs: number;
  readonly inServiceNodeMs: number;
  readonly downNodeMs: number;
  readonly maintenanceNodeMs: number;
  readonly unknownNodeMs: number;
}

export interface StateGrid {
  readonly cells: EvenCells;
  readonly nodesPerRow: number;
  readonly rows: readonly GridRow[];
  /** A byte for each cell, row by row. */
  readonly bytes: Uint8Array;
}

interface GridRequest {
  /** As it was asked for; it may reach beyond what is known. */
  readonly window: Interval;
  /** Where knowledge ends: what is later has no state. */
  readonly knownUntil: number;
  readonly columns: number;
  readonly rows: number;
  readonly order: NodeRowOrder;
}

/**
 * The grid, a row with each step. Each cell is computed up to where it is known; one of which nothing is known has no member.
 * Throws FigureTooLarge past 2^53 - 1.
 */
export function* stateGrid(
  nodes: Iterable<NodeTimeline>,
  { window, knownUntil, columns, rows: most, order }: GridRequest,
): Generator<undefined, StateGrid> {
  const cells = new EvenCells(window, columns);
  const end = Math.min(window.to, knownUntil);
  const known = { from: window.from, to: Math.max(window.from, end) };
  yield;
  const { nodesPerRow, rows: placed } = nodeRowsOf(nodes, known, order, most);
  yield;
  const bytes = new Uint8Array(placed.length * cells.count);
  const row = new GridRowSums(cells, end);
  const rows: GridRow[] = [];
  for (const [i, nodesOfRow] of placed.entries()) {
    for (const { node } of nodesOfRow) row.add(node);
    rows.push(rowOf(nodesOfRow, row.totalsMs()));
    row.takeInto(bytes.subarray(i * cells.count, (i + 1) * cells.count));
    yield;
  }
  return { cells, nodesPerRow, rows, bytes };
}

/** Of each state that is not in service, and of membership. */
type RowTotals = Pick<
  GridRow,
  "memberNodeMs" | "downNodeMs" | "maintenanceNodeMs" | "unknownNodeMs"
>;

function rowOf(placed: readonly PlacedNode[], totals: RowTotals): GridRow {
  const racks = new Set(placed.map(({ rack }) => rack));
  const { memberNodeMs, downNodeMs, maintenanceNodeMs, unknownNodeMs } = totals;
  return {
    rack: racks.size === 1 ? (placed[0]?.rack ?? null) : null,
    nodes: placed.map(({ node }) => node.node),
    memberNodeMs,
    inServiceNodeMs: memberNodeMs - downNodeMs - maintenanceNodeMs - unknownNodeMs,
    downNodeMs,
    maintenanceNodeMs,
    unknownNodeMs,
  };
}

/** The sums of the row that is being made. */
class GridRowSums {
  readonly #cells: EvenCells;
  readonly #end: number;
  readonly #member: CellSums;
  /** What is not in service is little of the time, so in service is the rest. */
  readonly #out: Readonly<Record<Exclude<NodeState, "in-service">, CellSums>>;
  readonly #sumsMs: Readonly<Record<"member" | "down" | "maintenance" | "unknown", Float64Array>>;

  constructor(cells: EvenCells, end: number) {
    this.#cells = cells;
    this.#end = end;
    this.#member = new CellSums(cells);
    this.#out = {
      down: new CellSums(cells),
      maintenance: new CellSums(cells),
      unknown: new CellSums(cells),
    };
    const sums = () => new Float64Array(cells.count);
    this.#sumsMs = { member: sums(), down: sums(), maintenance: sums(), unknown: sums() };
  }

  add({ memberships, segments }: NodeTimeline): void {
    for (const { from, to } of memberships) this.#member.add(from, to, this.#end);
    segments.eachIn(allTime, (state, from, to) => {
      if (state !== "in-service") this.#out[state].add(from, to, this.#end);
    });
  }

  totalsMs(): RowTotals {
    return {
      memberNodeMs: exact(this.#member.totalMs, "member node-time"),
      downNodeMs: this.#out.down.totalMs,
      maintenanceNodeMs: this.#out.maintenance.totalMs,
      unknownNodeMs: this.#out.unknown.totalMs,
    };
  }

  /** Writes the row's bytes, and begins anew. */
  takeInto(bytes: Uint8Array): void {
    const { member, down, maintenance, unknown } = this.#sumsMs;
    this.#member.takeInto(member);
    this.#out.down.takeInto(down);
    this.#out.maintenance.takeInto(maintenance);
    this.#out.unknown.takeInto(unknown);
    for (let i = 0; i < this.#cells.count; i++) {
      const memberMs = doubleAt(member, i);
      const [downMs, maintenanceMs, unknownMs] = [
        doubleAt(down, i),
        doubleAt(maintenance, i),
        doubleAt(unknown, i),
      ];
      bytes[i] =
        memberMs === 0
          ? cellOf(cellStates.noMember, 0, 1)
          : downMs > 0
            ? cellOf(cellStates.down, downMs, memberMs)
            : maintenanceMs > 0
              ? cellOf(cellStates.maintenance, maintenanceMs, memberMs)
              : unknownMs > 0
                ? cellOf(cellStates.unknown, unknownMs, memberMs)
                : cellOf(cellStates.inService, memberMs, memberMs);
    }
  }
}

function cellOf(state: number, stateMs: number, memberMs: number): number {
  return (state << 5) | partsOf(stateMs, memberMs);
}

function partsOf(stateMs: number, memberMs: number): number {
  const parts = shareParts * stateMs;
  if (Number.isSafeInteger(parts)) return Math.ceil(parts / memberMs);
  const whole = BigInt(shareParts) * BigInt(stateMs);
  return Number((whole + BigInt(memberMs) - 1n) / BigInt(memberMs));
}

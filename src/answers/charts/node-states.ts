/** Node states as a grid, in the binary form of `GET /v1/node-states`, and what its rows are. */
import { resolveUncut } from "../../../projections/document/entry/inputs.ts";
import { nodesInScope } from "../../../projections/document/entry/scope.ts";
import type { NodeRowOrder } from "../../../projections/figures/grid/node-rows.ts";
import type { StateGrid } from "../../../projections/figures/grid/state-grid.ts";
import { stateGrid } from "../../../projections/figures/grid/state-grid.ts";
import type { Interval } from "../../../projections/arithmetic/intervals.ts";
import { formatInstant } from "../../../projections/time/instant.ts";
import { cutPeriod } from "../../../projections/time/period.ts";
import type { ClusterView } from "../../../projections/view.ts";
import type { WindowQuery } from "../../reports/figures.ts";
import { askedPeriod } from "../../reports/figures.ts";
import type { Steps } from "../../turns.ts";
import { zonesInForce } from "../../zones/zones.ts";

interface GridQuery extends WindowQuery {
  readonly rack?: string | undefined;
  readonly w: number;
  readonly h: number;
  readonly order: NodeRowOrder;
}

/** A grid with its window, as it was asked for and as far as the ledger knows. */
interface NodeStates {
  readonly cluster: string;
  readonly zone: string;
  readonly knownUntil: number;
  readonly order: NodeRowOrder;
  readonly grid: StateGrid;
}

/** The grid of a cluster. Throws as `/v1/nis` does for the same window, and FigureTooLarge. */
export function* nodeStates(view: ClusterView, query: GridQuery): Steps<NodeStates> {
  const zones = zonesInForce(view.zoneTable);
  const period = askedPeriod(view, query);
  const { asked: window, zone } = resolveUncut(view, { period, zone: query.zone }, zones);
  const { to: knownUntil } = cutPeriod(window, view.headRecordedAt, period);
  const nodes = nearDays(view, { from: window.from, to: knownUntil }).entities("node");
  const { rack, order } = query;
  const grid = yield* stateGrid(rack === undefined ? nodes : nodesInScope(nodes, { rack }), {
    window,
    knownUntil,
    columns: query.w,
    rows: query.h,
    order,
  });
  return { cluster: view.cluster, zone, knownUntil, order, grid };
}

const dayMs = 86_400_000;

/** A view of whole days around the window: one that goes on or is zoomed a little finds what was folded for the one before. */
function nearDays(view: ClusterView, { from, to }: Interval): ClusterView {
  return view.within({
    from: Math.floor(from / dayMs) * dayMs,
    to: Math.ceil(to / dayMs) * dayMs,
  });
}

/** What they take in memory, roughly: the cells, and the names of the nodes. */
export function bytesOfStates({ grid: { bytes, rows } }: NodeStates): number {
  return rows.reduce((sum, { nodes }) => sum + 150 + 40 * nodes.length, bytes.length);
}

const magic = "FLNS";
const formVersion = 1;
const headBytes = 24;

/** The head, then the cells row by row. All numbers are little-endian; docs/reads.md has the layout. */
export function gridBytes({ cells, nodesPerRow, rows, bytes }: StateGrid): Uint8Array {
  const all = new Uint8Array(headBytes + bytes.length);
  const head = new DataView(all.buffer, 0, headBytes);
  for (let i = 0; i < magic.length; i++) head.setUint8(i, magic.charCodeAt(i));
  head.setUint16(4, formVersion, true);
  head.setUint16(6, cells.count, true);
  head.setUint16(8, rows.length, true);
  head.setUint32(12, nodesPerRow, true);
  head.setFloat64(16, cells.cellMs, true);
  all.set(bytes, headBytes);
  return all;
}

/** What the rows and columns of the grid are, and the sums of each row. */
export function gridIndex({ cluster, zone, knownUntil, order, grid }: NodeStates) {
  const { cells, nodesPerRow, rows } = grid;
  return {
    cluster,
    from: formatInstant(cells.from),
    to: formatInstant(cells.to),
    zone,
    knownUntil: formatInstant(knownUntil),
    order,
    w: cells.count,
    h: rows.length,
    cellMs: cells.cellMs,
    nodesPerRow,
    rows: rows.map((row) => ({
      rack: row.rack,
      nodes: row.nodes,
      memberMs: row.memberNodeMs,
      inServiceMs: row.inServiceNodeMs,
      downMs: row.downNodeMs,
      maintenanceMs: row.maintenanceNodeMs,
      unknownMs: row.unknownNodeMs,
    })),
  };
}

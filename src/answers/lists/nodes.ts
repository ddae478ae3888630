/** The nodes of a cluster at an instant: each one's state, since when, and its recent faults. */
import type { ClusterView } from "../../../projections/view.ts";
import { touching } from "../../../projections/arithmetic/intervals.ts";
import { mtbfIn } from "../../../projections/figures/repair/mtbf.ts";
import { nodeTimeIn } from "../../../projections/figures/node-time.ts";
import type { NodeState } from "../../../projections/nodes/packed-segments.ts";
import type { NodeTimeline } from "../../../projections/nodes/timeline.ts";
import { formatInstant } from "../../../projections/time/instant.ts";
import type { Steps } from "../../turns.ts";
import { stepsAtOnce } from "../../turns.ts";
import { nodeStateAt } from "../timeline-json.ts";
import type { ListWindow } from "./list-window.ts";
import { nearWindow } from "./list-window.ts";
import { compareNames } from "./rows.ts";

/** About a millisecond's work. */
const nodesPerStep = 500;

export interface NodeRow {
  readonly cluster: string;
  readonly node: string;
  readonly rack: string | null;
  readonly sku: string | null;
  readonly state: NodeState;
  /**
   * Start of the oldest cause of the state (open faults, maintenance, lost observation). For a node in service, when it
   * returned or was commissioned; `null` if that was before the window.
   */
  readonly since: string | null;
  readonly openFaults: readonly string[];
  /** Faults that began in the window. */
  readonly faults: number;
  /** Whether the node has more faults than chance explains (a repeat offender). */
  readonly boundExceeded: boolean;
}

/** Members at the instant, by name. */
export function nodeRows(view: ClusterView, window: ListWindow): NodeRow[] {
  return stepsAtOnce(nodeRowsInSteps(view, window));
}

/** The same in steps. */
export function* nodeRowsInSteps(view: ClusterView, window: ListWindow): Steps<NodeRow[]> {
  const nodes = [...nearWindow(view, window).entities("node")];
  const offenders = new Set(
    mtbfIn(nodes, window, nodeTimeIn(nodes, window)).repeatOffenders.map(({ node }) => node),
  );
  const rows: NodeRow[] = [];
  for (const [i, node] of nodes.entries()) {
    if (i % nodesPerStep === 0) yield;
    const row = rowOf(view.cluster, node, window, offenders);
    if (row !== null) rows.push(row);
  }
  return rows;
}

/** The members at an instant, counted. */
export interface CountedNodes {
  readonly total: number;
  readonly states: Readonly<Record<NodeState, number>>;
  /** Sorted. */
  readonly skus: readonly string[];
}

/** How many rows `nodeRows` has, by state, without making them. */
export function* countedNodesInSteps(view: ClusterView, window: ListWindow): Steps<CountedNodes> {
  const states = { "in-service": 0, down: 0, maintenance: 0, unknown: 0 };
  const skus = new Set<string>();
  let total = 0;
  let seen = 0;
  for (const node of nearWindow(view, window).entities("node")) {
    if (++seen % nodesPerStep === 0) yield;
    const stand = standAt(node, window.at);
    if (stand === null) continue;
    total++;
    states[stand.state]++;
    if (stand.membership.sku !== null) skus.add(stand.membership.sku);
  }
  return { total, states, skus: [...skus].sort() };
}

/** `null` if it is not a member at the instant. */
function standAt(node: NodeTimeline, at: number) {
  const state = nodeStateAt(node, at);
  const membership = node.memberships.find((each) => isAt(each, at));
  return state === null || membership === undefined ? null : { state, membership };
}

/** `null` if it is not a member at the instant. */
function rowOf(
  cluster: string,
  node: NodeTimeline,
  window: ListWindow,
  offenders: ReadonlySet<string>,
): NodeRow | null {
  const { at } = window;
  const stand = standAt(node, at);
  if (stand === null) return null;
  const { state, membership } = stand;
  const since = sinceOf(node, state, window);
  const open = node.faults.filter((fault) => isAt(fault, at));
  const begun = touching(node.faults, window.from - 1, window.to);
  return {
    cluster,
    node: node.node,
    rack: membership.rack,
    sku: membership.sku,
    state,
    since: since === null ? null : formatInstant(since),
    openFaults: open.map(({ faultId }) => faultId),
    faults: begun.filter(({ from }) => from >= window.from).length,
    boundExceeded: offenders.has(node.node),
  };
}

function isAt({ from, to }: { readonly from: number; readonly to: number }, at: number): boolean {
  return from <= at && at < to;
}

/** Causes that ended before the window are not looked at, so they decide nothing here. */
function sinceOf(node: NodeTimeline, state: NodeState, window: ListWindow): number | null {
  const { at } = window;
  const causes = { down: node.faults, maintenance: node.maintenance, unknown: node.unknown };
  if (state !== "in-service") {
    const open = causes[state].filter((each) => isAt(each, at));
    return Math.min(...open.map(({ from }) => from));
  }
  const segment = node.segments.containing(at);
  return segment !== null && segment.from >= window.from ? segment.from : null;
}

const worst: readonly NodeState[] = ["down", "maintenance", "unknown", "in-service"];

/** Orders of rows; rows that are equal are sorted by cluster, then name. */
export const nodeOrders = {
  name: () => 0,
  since: (a: NodeRow, b: NodeRow) => compareNames(a.since ?? "9", b.since ?? "9"),
  faults: (a: NodeRow, b: NodeRow) => b.faults - a.faults,
  state: (a: NodeRow, b: NodeRow) =>
    worst.indexOf(a.state) - worst.indexOf(b.state) || nodeOrders.since(a, b),
} as const;

/** Faults of a cluster: those open, and those that ended in a window; as rows, or in groups. */
import type { ClusterView } from "../../../projections/view.ts";
import { exact, mean, percentile } from "../../../projections/arithmetic/ratio.ts";
import { asPolicy, policyFactOf } from "../../../projections/figures/exclusions/policy.ts";
import type { CountedFault } from "../../../projections/nodes/timeline.ts";
import { formatInstant } from "../../../projections/time/instant.ts";
import type { Steps } from "../../turns.ts";
import { stepsAtOnce } from "../../turns.ts";
import type { ListWindow } from "./list-window.ts";
import { nearWindow } from "./list-window.ts";
import { compareNames } from "./rows.ts";

/** About a millisecond's work. */
const nodesPerStep = 500;

export interface FaultRow {
  readonly cluster: string;
  readonly node: string;
  readonly faultId: string;
  readonly category: string;
  readonly component: string | null;
  readonly rack: string | null;
  readonly sku: string | null;
  readonly since: string;
  /** `null`: it is open at the window's end. */
  readonly until: string | null;
  readonly outcome: "open" | "repaired" | "censored";
  /** Repair time; of one that is open, its age. */
  readonly durationMs: number;
  readonly targetMs: number;
  readonly overTarget: boolean;
  /** The event of its failure. */
  readonly eventId: string;
}

/**
 * The faults of a window, by start, node and id: those open at its end and those that ended in it, as the SLA document
 * counts them. A default window ends with the instant and includes it.
 */
export function faultRows(view: ClusterView, window: ListWindow): FaultRow[] {
  return stepsAtOnce(faultRowsInSteps(view, window));
}

/** The same in steps; with `isOpenOnly`, those that are open at the window's end. */
export function* faultRowsInSteps(
  view: ClusterView,
  window: ListWindow,
  isOpenOnly = false,
): Steps<FaultRow[]> {
  const { from, isAsked } = window;
  const end = isAsked ? window.to : window.at + 1;
  const { mttrTargetMs: targetMs } = asPolicy(
    policyFactOf(view.policies, isAsked ? window : { from: window.at, to: window.at }),
  );
  const rows: { readonly fault: CountedFault; readonly row: FaultRow }[] = [];
  let seen = 0;
  for (const { faults } of nearWindow(view, window).entities("node")) {
    if (++seen % nodesPerStep === 0) yield;
    for (const fault of faults) {
      if (fault.from >= end || fault.to < from) continue;
      const isOpen = fault.to >= end;
      if (isOpenOnly && !isOpen) continue;
      const durationMs = (isOpen ? window.to : fault.to) - fault.from;
      const { faultId, node, category, component, rack, sku, eventId } = fault;
      rows.push({
        fault,
        row: {
          cluster: view.cluster,
          node,
          faultId,
          category,
          component,
          rack,
          sku,
          since: formatInstant(fault.from),
          until: isOpen ? null : formatInstant(fault.to),
          outcome: isOpen ? "open" : fault.outcome === "repaired" ? "repaired" : "censored",
          durationMs,
          targetMs,
          overTarget: durationMs > targetMs,
          eventId,
        },
      });
    }
  }
  return rows
    .sort(
      ({ fault: a }, { fault: b }) =>
        a.from - b.from || compareNames(a.node, b.node) || compareNames(a.faultId, b.faultId),
    )
    .map(({ row }) => row);
}

/** The groupings of faults. */
export const faultGroupings = {
  cause: ({ category }: FaultRow) => category,
  component: ({ component }: FaultRow) => component ?? "unknown",
  rack: ({ rack }: FaultRow) => rack ?? "unknown",
  sku: ({ sku }: FaultRow) => sku ?? "unknown",
  node: ({ node }: FaultRow) => node,
} as const;

export interface FaultGroup {
  readonly cluster: string;
  readonly group: string;
  readonly faults: number;
  readonly open: number;
  readonly overTarget: number;
  readonly repaired: number;
  readonly censored: number;
  /** Mean repair time of the repaired faults; `null` if there are none. */
  readonly meanMs: number | null;
  readonly medianMs: number | null;
  readonly p90Ms: number | null;
}

/** Most faults first, then by cluster and name. */
export function faultGroups(
  rows: readonly FaultRow[],
  nameOf: (row: FaultRow) => string,
): FaultGroup[] {
  const groups: FaultGroup[] = [];
  for (const [cluster, ofCluster] of Map.groupBy(rows, (row) => row.cluster)) {
    for (const [group, list] of Map.groupBy(ofCluster, nameOf)) {
      groups.push({ cluster, group, ...figuresOf(list) });
    }
  }
  return groups.sort(
    (a, b) =>
      b.faults - a.faults || compareNames(a.cluster, b.cluster) || compareNames(a.group, b.group),
  );
}

function figuresOf(list: readonly FaultRow[]): Omit<FaultGroup, "cluster" | "group"> {
  const count = (outcome: FaultRow["outcome"]) =>
    list.filter((row) => row.outcome === outcome).length;
  const repairsMs = list
    .filter(({ outcome }) => outcome === "repaired")
    .map(({ durationMs }) => durationMs)
    .sort((a, b) => a - b);
  const totalMs = repairsMs.reduce((sum, ms) => exact(sum + ms, "total repair time"), 0);
  return {
    faults: list.length,
    open: count("open"),
    overTarget: list.filter(({ overTarget }) => overTarget).length,
    repaired: repairsMs.length,
    censored: count("censored"),
    meanMs: mean(totalMs, repairsMs.length, "mean repair time"),
    medianMs: percentile(repairsMs, 50),
    p90Ms: percentile(repairsMs, 90),
  };
}

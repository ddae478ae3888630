/** MTTR: repair times of the faults that were closed in a window, and the faults that are open at its end. */
import { type Interval, touching } from "../../arithmetic/intervals.ts";
import { restrictedMean } from "../../arithmetic/kaplan-meier.ts";
import { type RepairSegments, repairSegmentsOf } from "./repair-segments.ts";
import type { CountedFault, NodeTimeline } from "../../nodes/timeline.ts";
import {
  compareFractions,
  decimal,
  exact,
  mean,
  meetsAtMost,
  percentile,
  ratio,
  roundHalfUp,
} from "../../arithmetic/ratio.ts";

/** Closed faults of one kind and their mean repair time. */
interface RepairGroup {
  readonly closed: number;
  readonly meanMs: number | null;
}

interface OpenFault {
  readonly faultId: string;
  readonly node: string;
  readonly since: number;
  readonly ageMs: number;
  readonly overTarget: boolean;
}

interface CensoredFault {
  readonly faultId: string;
  readonly node: string;
  readonly since: number;
  readonly until: number;
}

export interface MttrFigure {
  readonly targetMs: number;
  readonly met: boolean | null;
  readonly faultsOpened: number;
  readonly faultsClosed: number;
  /** Closed faults without duration: no outage ends with one. */
  readonly closedWithoutLength: number;
  readonly meanMs: number | null;
  readonly medianMs: number | null;
  readonly p90Ms: number | null;
  /** Share of the closed faults that were repaired within the target. */
  readonly withinTarget: number | null;
  readonly restrictedMeanMs: number | null;
  readonly restrictedToMs: number | null;
  readonly metRestricted: boolean | null;
  readonly byCause: Readonly<Record<string, RepairGroup>>;
  readonly byComponent: Readonly<Record<string, RepairGroup>>;
  readonly bySku: Readonly<Record<string, RepairGroup>>;
  readonly byHow: Readonly<Record<string, RepairGroup>>;
  readonly segments: RepairSegments;
  /** By since, node, fault id. */
  readonly open: readonly OpenFault[];
  readonly censored: readonly CensoredFault[];
  /** Outages of nodes: overlapping faults are one. */
  readonly nodeOutages: {
    readonly closed: number;
    readonly meanMs: number | null;
    readonly medianMs: number | null;
  };
}

/** The faults that count in a window. */
interface FaultsOfWindow {
  readonly opened: CountedFault[];
  readonly closed: CountedFault[];
  readonly open: CountedFault[];
  readonly censored: CountedFault[];
}

/** MTTR of the nodes over a window; `targetMs` is the target of the mean. */
export function mttrIn(
  nodes: Iterable<NodeTimeline>,
  window: Interval,
  targetMs: number,
): MttrFigure {
  const outagesMs: number[] = [];
  const { opened, closed, open, censored } = faultsOf(nodes, window, outagesMs);
  const repairsMs = closed.map((fault) => fault.to - fault.from).sort((a, b) => a - b);
  const totalMs = sum(repairsMs);
  const within = repairsMs.filter((ms) => ms <= targetMs).length;
  const restricted = restrictedMean(opened.map((fault) => observed(fault, window)));
  outagesMs.sort((a, b) => a - b);
  return {
    targetMs,
    met: meetsAtMost(totalMs, closed.length, targetMs),
    faultsOpened: opened.length,
    faultsClosed: closed.length,
    closedWithoutLength: repairsMs.filter((ms) => ms === 0).length,
    meanMs: mean(totalMs, closed.length, "mean repair time"),
    medianMs: percentile(repairsMs, 50),
    p90Ms: percentile(repairsMs, 90),
    withinTarget: ratio(within, closed.length),
    restrictedMeanMs:
      restricted === null ? null : roundHalfUp(restricted.meanMs, "restricted mean repair time"),
    restrictedToMs: restricted?.restrictedToMs ?? null,
    metRestricted:
      restricted === null ? null : compareFractions(restricted.meanMs, decimal(targetMs)) <= 0,
    byCause: groups(closed, (fault) => fault.category),
    byComponent: groups(closed, (fault) => fault.component ?? "unknown"),
    bySku: groups(closed, (fault) => fault.sku ?? "unknown"),
    byHow: groups(closed, (fault) => fault.how ?? "unknown"),
    segments: repairSegmentsOf(closed),
    open: open.sort(bySince).map((fault) => openFault(fault, window, targetMs)),
    censored: censored
      .sort(bySince)
      .map(({ faultId, node, from, to }) => ({ faultId, node, since: from, until: to })),
    nodeOutages: {
      closed: outagesMs.length,
      meanMs: mean(sum(outagesMs), outagesMs.length, "mean outage"),
      medianMs: percentile(outagesMs, 50),
    },
  };
}

function faultsOf(
  nodes: Iterable<NodeTimeline>,
  { from, to }: Interval,
  outagesMs: number[],
): FaultsOfWindow {
  const found: FaultsOfWindow = { opened: [], closed: [], open: [], censored: [] };
  for (const node of nodes) {
    // Instants are whole, so what ends at the window's start or later ends after the millisecond before.
    for (const fault of touching(node.faults, from - 1, to)) {
      if (fault.from >= from) found.opened.push(fault);
      if (fault.to >= to) found.open.push(fault);
      else if (fault.to >= from)
        (fault.outcome === "repaired" ? found.closed : found.censored).push(fault);
    }
    node.segments.eachIn({ from: from - 1, to }, (state, begin, end) => {
      if (state === "down" && end < to) outagesMs.push(end - begin);
    });
  }
  return found;
}

/** A fault's duration as it is known at the window's end. */
function observed(fault: CountedFault, window: Interval): { durationMs: number; ended: boolean } {
  const ended = fault.outcome === "repaired" && fault.to < window.to;
  return { durationMs: Math.min(fault.to, window.to) - fault.from, ended };
}

function openFault(fault: CountedFault, window: Interval, targetMs: number): OpenFault {
  const ageMs = window.to - fault.from;
  return {
    faultId: fault.faultId,
    node: fault.node,
    since: fault.from,
    ageMs,
    overTarget: ageMs > targetMs,
  };
}

function bySince(a: CountedFault, b: CountedFault): number {
  return a.from - b.from || compareText(a.node, b.node) || compareText(a.faultId, b.faultId);
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function groups(
  faults: readonly CountedFault[],
  nameOf: (fault: CountedFault) => string,
): Record<string, RepairGroup> {
  const entries = [...Map.groupBy(faults, nameOf)].sort(([a], [b]) => compareText(a, b));
  // `fromEntries` defines own properties, so a component may have any name, even `__proto__`.
  return Object.fromEntries(
    entries.map(([name, list]): [string, RepairGroup] => {
      const totalMs = sum(list.map((fault) => fault.to - fault.from));
      return [
        name,
        { closed: list.length, meanMs: mean(totalMs, list.length, "mean repair time") },
      ];
    }),
  );
}

function sum(valuesMs: readonly number[]): number {
  let totalMs = 0;
  for (const ms of valuesMs) totalMs = exact(totalMs + ms, "total repair time");
  return totalMs;
}

/** The books' repair times. */
import {
  asQuotient,
  meanMs,
  nineDecimals,
  percentileMs,
  roundHalfUp,
  sum,
} from "./arithmetic/exact.ts";
import type { CountedFault, NodeBook } from "./nodes.ts";
import type { Interval } from "../setting/history.ts";

export function mttrOf(nodes: readonly NodeBook[], window: Interval, targetMs: number) {
  const { from, to } = window;
  const faults = nodes.flatMap((book) => book.faults).sort(bySince);
  const isInside = (at: number) => from <= at && at < to;
  const closed = faults.filter((f) => f.outcome === "repaired" && isInside(f.to));
  const lengths = closed.map((f) => f.to - f.from).sort((a, b) => a - b);
  const opened = faults.filter((f) => isInside(f.from));
  const restricted = restrictedMean(opened, to);
  const who = ({ fault, node, from: since }: CountedFault) => {
    return { faultId: fault.faultId, node, since: new Date(since).toISOString() };
  };
  return {
    targetMs,
    met: isAtMost(BigInt(sum(lengths)), BigInt(lengths.length), targetMs),
    faultsOpened: opened.length,
    faultsClosed: closed.length,
    meanMs: meanMs(sum(lengths), lengths.length),
    medianMs: percentileMs(lengths, 50),
    p90Ms: percentileMs(lengths, 90),
    withinTarget: nineDecimals(lengths.filter((ms) => ms <= targetMs).length, lengths.length),
    ...restricted.figures,
    metRestricted: isAtMost(restricted.area, restricted.unit, targetMs),
    byCause: grouped(closed, ({ fault }) => fault.category),
    byComponent: grouped(closed, ({ fault }) => fault.component ?? "unknown"),
    open: faults
      .filter((f) => f.from < to && f.to >= to)
      .map((f) => {
        const ageMs = to - f.from;
        return { ...who(f), ageMs, overTarget: ageMs > targetMs };
      }),
    censored: faults
      .filter((f) => f.outcome === "censored" && isInside(f.to))
      .map((f) => ({ ...who(f), until: new Date(f.to).toISOString() })),
  };
}

function bySince(a: CountedFault, b: CountedFault): number {
  if (a.from !== b.from) return a.from - b.from;
  if (a.node !== b.node) return a.node < b.node ? -1 : 1;
  return a.fault.faultId < b.fault.faultId ? -1 : 1;
}

function isAtMost(numerator: bigint, denominator: bigint, targetMs: number): boolean | null {
  if (denominator === 0n) return null;
  const target = asQuotient(targetMs);
  return numerator * target.denominator <= target.numerator * denominator;
}

function grouped(closed: readonly CountedFault[], key: (fault: CountedFault) => string) {
  const groups = Map.groupBy(closed, key);
  return Object.fromEntries(
    [...groups].map(([name, faults]) => {
      const totalMs = sum(faults.map((f) => f.to - f.from));
      return [name, { closed: faults.length, meanMs: meanMs(totalMs, faults.length) }];
    }),
  );
}

/**
 * The area under the product-limit curve (Kaplan and Meier 1958) up to the longest duration, as
 * `area` ÷ `unit`. All of the curve is kept over one denominator, so nothing is rounded on the way.
 */
function restrictedMean(opened: readonly CountedFault[], windowTo: number) {
  const durations = opened
    .map(({ from, to, outcome }) => {
      const isRepaired = outcome === "repaired" && to < windowTo;
      return { ms: Math.min(to, windowTo) - from, isRepaired };
    })
    .sort((a, b) => a.ms - b.ms || Number(b.isRepaired) - Number(a.isRepaired));
  const longest = durations.at(-1);
  if (longest === undefined) {
    return { area: 0n, unit: 0n, figures: { restrictedMeanMs: null, restrictedToMs: null } };
  }
  let area = 0n;
  let height = 1n;
  let unit = 1n;
  let reachedMs = 0;
  durations.forEach(({ ms, isRepaired }, i) => {
    area += height * BigInt(ms - reachedMs);
    reachedMs = ms;
    if (!isRepaired) return;
    const atRisk = BigInt(durations.length - i);
    area *= atRisk;
    unit *= atRisk;
    height *= atRisk - 1n;
  });
  const restrictedMeanMs = Number(roundHalfUp(area, unit));
  return { area, unit, figures: { restrictedMeanMs, restrictedToMs: longest.ms } };
}

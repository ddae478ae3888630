import type { CountedFault } from "./faults.ts";
import { restrictedMean } from "./kaplan-meier.ts";
import { compareText, groupBy, instantText } from "../facts/oracle-event.ts";
import { contains } from "../facts/period.ts";
import type { Window } from "../facts/period.ts";
import type { OraclePolicy } from "./policies.ts";
import {
  add,
  compare,
  decimal,
  floor,
  fraction,
  multiply,
  ninthDecimal,
  subtract,
  wholeMs,
} from "../facts/rational.ts";
import type { Rational } from "../facts/rational.ts";

export interface OracleClosedGroup {
  readonly closed: number;
  readonly meanMs: number;
}

export interface OracleMttr {
  readonly targetMs: number;
  readonly met: boolean | null;
  readonly faultsOpened: number;
  readonly faultsClosed: number;
  readonly meanMs: number | null;
  readonly medianMs: number | null;
  readonly p90Ms: number | null;
  readonly withinTarget: number | null;
  readonly restrictedMeanMs: number | null;
  readonly restrictedToMs: number | null;
  readonly metRestricted: boolean | null;
  readonly byCause: Readonly<Record<string, OracleClosedGroup>>;
  readonly byComponent: Readonly<Record<string, OracleClosedGroup>>;
  readonly open: readonly {
    faultId: string;
    node: string;
    since: string;
    ageMs: number;
    overTarget: boolean;
  }[];
  readonly censored: readonly { faultId: string; node: string; since: string; until: string }[];
}

export function mean(values: readonly number[]): Rational | null {
  if (values.length === 0) return null;
  return fraction(
    values.reduce((sum, value) => sum + BigInt(value), 0n),
    values.length,
  );
}

/** Type 7 of Hyndman and Fan: linear between the ranks, the first rank 0, the last n - 1. */
export function percentile(values: readonly number[], share: Rational): Rational | null {
  if (values.length === 0) return null;
  const sorted = [...values].sort((a, b) => a - b);
  const rank = multiply(fraction(sorted.length - 1), share);
  const below = Number(floor(rank));
  const lower = fraction(sorted[below] ?? 0);
  const upper = fraction(sorted[below + 1] ?? sorted[below] ?? 0);
  return add(lower, multiply(subtract(rank, fraction(below)), subtract(upper, lower)));
}

const repairMs = (fault: CountedFault): number => fault.to - fault.from;

function closedGroups(
  closed: readonly CountedFault[],
  nameOf: (fault: CountedFault) => string,
): Record<string, OracleClosedGroup> {
  return Object.fromEntries(
    [...groupBy(closed, nameOf)].map(([name, faults]) => {
      const meanMs = mean(faults.map(repairMs));
      return [name, { closed: faults.length, meanMs: meanMs ? wholeMs(meanMs) : 0 }];
    }),
  );
}

const bySinceNodeFault = (a: CountedFault, b: CountedFault): number =>
  a.from - b.from || compareText(a.node, b.node) || compareText(a.faultId, b.faultId);

/** measures.md, MTTR: the faults closed in the window, those opened in it, those open at its end. */
export function mttrSection(
  all: readonly CountedFault[],
  window: Window,
  policy: OraclePolicy,
): OracleMttr {
  const target = decimal(policy.mttrTargetMs);
  const within = (ms: number): boolean => compare(fraction(ms), target) <= 0;
  const faults = [...all].sort(bySinceNodeFault);
  const opened = faults.filter((fault) => contains(window, fault.from));
  const endedInside = faults.filter((fault) => contains(window, fault.to));
  const closed = endedInside.filter((fault) => fault.outcome === "repaired");
  const censored = endedInside.filter((fault) => fault.outcome === "censored");
  const open = faults.filter((fault) => fault.from < window.to && fault.to >= window.to);

  const repairs = closed.map(repairMs);
  const [plain, median, p90] = [
    mean(repairs),
    percentile(repairs, fraction(1n, 2n)),
    percentile(repairs, fraction(9n, 10n)),
  ];
  const durations = opened.map((fault) => ({
    ms: Math.min(fault.to, window.to) - fault.from,
    repaired: fault.outcome === "repaired" && fault.to < window.to,
  }));
  const restricted = restrictedMean(durations);
  return {
    targetMs: policy.mttrTargetMs,
    met: plain && compare(plain, target) <= 0,
    faultsOpened: opened.length,
    faultsClosed: closed.length,
    meanMs: plain && wholeMs(plain),
    medianMs: median && wholeMs(median),
    p90Ms: p90 && wholeMs(p90),
    withinTarget:
      repairs.length === 0
        ? null
        : ninthDecimal(fraction(repairs.filter(within).length, repairs.length)),
    restrictedMeanMs: restricted && wholeMs(restricted),
    restrictedToMs: restricted && Math.max(...durations.map((one) => one.ms)),
    metRestricted: restricted && compare(restricted, target) <= 0,
    byCause: closedGroups(closed, (fault) => fault.category),
    byComponent: closedGroups(closed, (fault) => fault.component),
    open: open.map((fault) => ({
      faultId: fault.faultId,
      node: fault.node,
      since: instantText(fault.from),
      ageMs: window.to - fault.from,
      overTarget: !within(window.to - fault.from),
    })),
    censored: censored.map((fault) => ({
      faultId: fault.faultId,
      node: fault.node,
      since: instantText(fault.from),
      until: instantText(fault.to),
    })),
  };
}

/** MTBF, failure rate and repeat offenders of a scope. */
import { overlapMs, touching } from "../arithmetic/intervals.ts";
import type { NodeTimeline } from "../nodes/timeline.ts";
import type { Window } from "../time/period.ts";
import { exact, fraction, mean, roundAtNinth } from "../arithmetic/ratio.ts";
import type { NodeTime } from "./nis.ts";

export interface MtbfFigure {
  readonly faultsOpened: number;
  /** In-service node-time per fault opened. */
  readonly mtbfMs: number | null;
  /** Faults per 1,000 node-days of membership. */
  readonly faultsPerThousandNodeDays: number | null;
  /** The chance, at most, that any one node of the scope's mean rate has as many faults as a repeat offender. */
  readonly repeatOffenderProbability: number;
  /** By faults (most first), then node. */
  readonly repeatOffenders: readonly {
    readonly node: string;
    readonly faults: number;
    readonly expected: number;
  }[];
}

/** A node is a repeat offender if a Poisson count of the scope's rate reaches its number of faults with at most this chance. */
export const repeatOffenderProbability = 0.001;

const msPerThousandNodeDays = 86_400_000_000n;

/** MTBF of the nodes over a window; `total` is their node-time in it. */
export function mtbfIn(
  nodes: Iterable<NodeTimeline>,
  window: Window,
  total: Pick<NodeTime, "memberNodeMs" | "inServiceNodeMs">,
): MtbfFigure {
  const perNode: { node: string; faults: number; memberMs: number }[] = [];
  let faultsOpened = 0;
  for (const timeline of nodes) {
    let faults = 0;
    for (const { from } of touching(timeline.faults, window.from - 1, window.to)) {
      if (from >= window.from) faults++;
    }
    faultsOpened += faults;
    if (faults < 2) continue;
    let memberMs = 0;
    for (const membership of timeline.memberships)
      memberMs += overlapMs(membership, window.from, window.to);
    perNode.push({ node: timeline.node, faults, memberMs });
  }
  const repeatOffenders = perNode
    .map(({ node, faults, memberMs }) => ({
      node,
      faults,
      mean: (faultsOpened * memberMs) / total.memberNodeMs,
    }))
    .filter((each) => poissonTail(each.faults, each.mean) <= repeatOffenderProbability)
    .sort((a, b) => b.faults - a.faults || (a.node < b.node ? -1 : 1))
    .map(({ node, faults, mean: expected }) => ({
      node,
      faults,
      expected: Math.round(expected * 1e6) / 1e6,
    }));
  const rate =
    total.memberNodeMs === 0
      ? null
      : roundAtNinth(fraction(BigInt(faultsOpened) * msPerThousandNodeDays, total.memberNodeMs));
  return {
    faultsOpened,
    mtbfMs: mean(exact(total.inServiceNodeMs, "in-service node-time"), faultsOpened, "MTBF"),
    faultsPerThousandNodeDays: rate,
    repeatOffenderProbability,
    repeatOffenders,
  };
}

/** The chance that a Poisson count with that mean is at least `count`. */
export function poissonTail(count: number, expected: number): number {
  if (expected <= 0) return count <= 0 ? 1 : 0;
  // Summed from `count` upwards: each term is the one before it times expected / k, so small tails keep their digits.
  let logTerm = -expected;
  for (let k = 1; k <= count; k++) logTerm += Math.log(expected / k);
  let term = Math.exp(logTerm);
  let tail = 0;
  for (let k = count; term > tail * 1e-16 || k < expected; k++) {
    tail += term;
    term *= expected / (k + 1);
  }
  return Math.min(1, tail);
}

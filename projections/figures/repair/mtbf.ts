/** MTBF, failure rate and repeat offenders of a scope. */
import { type Interval, overlapMs, touching } from "../../arithmetic/intervals.ts";
import type { NodeTimeline } from "../../nodes/timeline.ts";
import { poissonTail } from "../../arithmetic/poisson.ts";
import { exact, fraction, mean, roundAtNinth } from "../../arithmetic/ratio.ts";
import type { NodeTime } from "../node-time.ts";

interface MtbfFigure {
  readonly faultsOpened: number;
  /** In-service node-time per fault opened. */
  readonly mtbfMs: number | null;
  /** Faults per 1,000 node-days of membership. */
  readonly faultsPerThousandNodeDays: number | null;
  /**
   * The greatest probability with which a node at the scope's mean rate would have as many faults as a repeat offender.
   */
  readonly repeatOffenderProbability: number;
  /** By faults (most first), then node. */
  readonly repeatOffenders: readonly {
    readonly node: string;
    readonly faults: number;
    readonly expected: number;
  }[];
}

/**
 * A node is a repeat offender if the probability of its number of faults, at the scope's mean rate, is at most this
 * (Poisson).
 */
const repeatOffenderProbability = 0.001;

const msPerThousandNodeDays = 86_400_000_000n;

/** MTBF of the nodes over a window; `total` is their node-time in the window. */
export function mtbfIn(
  nodes: Iterable<NodeTimeline>,
  window: Interval,
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

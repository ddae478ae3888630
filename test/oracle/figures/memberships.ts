import { applyInTheOrderThatFits } from "../facts/fitting-order.ts";
import type { OracleFact, OracleFinding } from "../facts/oracle-event.ts";

/** A time without an end that is known. */
export const OPEN = Number.POSITIVE_INFINITY;

/** The time from a commissioning to the decommissioning. */
export interface Membership {
  readonly from: number;
  readonly to: number;
  readonly endedBy: OracleFact | null;
}

/** A time in which nobody watches the node; it ends with the membership. */
export interface LostObservation {
  readonly from: number;
  readonly to: number;
  readonly startedBy: OracleFact;
  readonly endedBy: OracleFact | null;
}

export interface NodeSwitches {
  readonly memberships: readonly Membership[];
  readonly lost: readonly LostObservation[];
  readonly findings: readonly OracleFinding[];
}

/** The two switches of a node: member or not, observed or not. Being decommissioned ends a lost observation. */
export function nodeSwitches(facts: readonly OracleFact[]): NodeSwitches {
  const memberships: Membership[] = [];
  const lost: LostObservation[] = [];
  let commissioned: OracleFact | null = null;
  let lostBy: OracleFact | null = null;

  const endLost = (ending: OracleFact): void => {
    if (lostBy) lost.push({ from: lostBy.at, to: ending.at, startedBy: lostBy, endedBy: ending });
    lostBy = null;
  };
  const misfits = applyInTheOrderThatFits(facts, {
    ranks: [
      "NodeCommissioned",
      "NodeObservationLost",
      "NodeObservationRestored",
      "NodeDecommissioned",
    ],
    onceAtAnInstant: (fact) => fact.type,
    fits: (fact) => {
      if (fact.type === "NodeCommissioned") return commissioned === null;
      if (fact.type === "NodeDecommissioned") return commissioned !== null;
      if (fact.type === "NodeObservationLost") return lostBy === null;
      return lostBy !== null;
    },
    apply: (fact) => {
      if (fact.type === "NodeCommissioned") commissioned = fact;
      if (fact.type === "NodeObservationLost") lostBy = fact;
      if (fact.type === "NodeObservationRestored") endLost(fact);
      if (fact.type === "NodeDecommissioned" && commissioned) {
        memberships.push({ from: commissioned.at, to: fact.at, endedBy: fact });
        commissioned = null;
        endLost(fact);
      }
    },
  });
  // The assignments happen in the closures above, out of sight of the compiler.
  const [stillMember, stillLost] = [commissioned, lostBy] as [OracleFact | null, OracleFact | null];
  if (stillMember) memberships.push({ from: stillMember.at, to: OPEN, endedBy: null });
  if (stillLost) {
    lost.push({ from: stillLost.at, to: OPEN, startedBy: stillLost, endedBy: null });
  }
  return {
    memberships,
    lost,
    findings: misfits.map((fact) => ({
      kind: fact.type.startsWith("NodeObservation")
        ? "observation-does-not-fit"
        : "membership-does-not-fit",
      fact,
    })),
  };
}

/** An interval, and what ended it, cut to the first membership that it touches. */
export interface Counted {
  readonly from: number;
  readonly to: number;
  /** Whether its own end came first, or at the very instant of the decommissioning. */
  readonly endedItself: boolean;
  readonly membership: Membership;
}

/**
 * rules.md, "Nodes": an interval counts in the first membership that it touches, from the later of its start and the
 * commissioning, to the earlier of its end and the decommissioning. One of no duration must lie in the membership.
 */
export function countedIn(
  memberships: readonly Membership[],
  span: { readonly from: number; readonly to: number },
): Counted | null {
  const membership = memberships.find((one) =>
    span.from === span.to
      ? one.from <= span.from && span.from < one.to
      : Math.max(one.from, span.from) < Math.min(one.to, span.to),
  );
  if (!membership) return null;
  return {
    from: Math.max(membership.from, span.from),
    to: Math.min(membership.to, span.to),
    endedItself: span.to !== OPEN && span.to <= membership.to,
    membership,
  };
}

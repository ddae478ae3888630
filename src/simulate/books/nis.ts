/** The books' NIS. */
import { asQuotient, floorOf, isAtLeast, nineDecimals, sum } from "./arithmetic/exact.ts";
import { type ExclusionInput, exclusionsOf } from "./exclusions.ts";
import { sharedMs } from "./arithmetic/marks.ts";
import type { NodeState } from "./nodes.ts";

export function nisOf(input: ExclusionInput, target: number) {
  const { nodes, window } = input;
  const nodeMs = (wanted: NodeState) =>
    sum(
      nodes.flatMap(({ states }) =>
        states.filter(({ state }) => state === wanted).map((piece) => sharedMs(piece, window)),
      ),
    );
  const inServiceNodeMs = nodeMs("in-service");
  const downNodeMs = nodeMs("down");
  const maintenanceNodeMs = nodeMs("maintenance");
  const unknownNodeMs = nodeMs("unknown");
  const memberNodeMs = inServiceNodeMs + downNodeMs + maintenanceNodeMs + unknownNodeMs;
  const { exclusions, announcedLate } = exclusionsOf(input);
  const excludedNodeMs = sum(exclusions.map(({ ms }) => ms));
  const countedNodeMs = memberNodeMs - excludedNodeMs;
  const { numerator, denominator } = asQuotient(target);
  const budget = floorOf((denominator - numerator) * BigInt(countedNodeMs), denominator);
  return {
    target,
    met: isAtLeast(inServiceNodeMs, countedNodeMs, target),
    raw: nineDecimals(inServiceNodeMs, memberNodeMs),
    contractual: nineDecimals(inServiceNodeMs, countedNodeMs),
    memberNodeMs,
    inServiceNodeMs,
    downNodeMs,
    maintenanceNodeMs,
    unknownNodeMs,
    excludedNodeMs,
    budgetNodeMs: Number(budget),
    budgetSpentNodeMs: countedNodeMs - inServiceNodeMs,
    exclusions,
    announcedLate,
  };
}

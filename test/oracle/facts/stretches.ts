import { compareFacts, groupBy, required } from "./oracle-event.ts";
import type { OracleFact, OracleFinding } from "./oracle-event.ts";
import { OPEN, countedIn } from "../figures/memberships.ts";
import type { LostObservation, Membership } from "../figures/memberships.ts";

/** A time of maintenance or of lost observation, cut to the membership in which it counts. */
export interface Stretch {
  readonly kind: "maintenance" | "unknown";
  readonly node: string;
  readonly maintenanceId: string | null;
  readonly from: number;
  readonly to: number;
  readonly startedBy: OracleFact;
  /** Its own end or the decommissioning; null if neither is known. */
  readonly endedBy: OracleFact | null;
}

/** Of each maintenance id: the first start, and the first end at or after it. */
export function maintenanceStretches(
  facts: readonly OracleFact[],
  memberships: readonly Membership[],
): { stretches: Stretch[]; findings: OracleFinding[] } {
  const stretches: Stretch[] = [];
  const misfits: OracleFact[] = [];
  const changes = facts
    .filter((fact) => ["NodeMaintenanceStarted", "NodeMaintenanceEnded"].includes(fact.type))
    .sort(compareFacts);
  for (const [maintenanceId, mine] of groupBy(changes, (fact) =>
    required(fact.data.maintenanceId, "maintenanceId"),
  )) {
    const start = mine.find((fact) => fact.type === "NodeMaintenanceStarted");
    const end = mine.find(
      (fact) => fact.type === "NodeMaintenanceEnded" && start && fact.at >= start.at,
    );
    misfits.push(...mine.filter((fact) => fact !== start && fact !== end));
    if (start) {
      const span = { from: start.at, to: end?.at ?? OPEN, startedBy: start, endedBy: end ?? null };
      const stretch = countedStretch("maintenance", maintenanceId, span, memberships);
      if (stretch) stretches.push(stretch);
    }
  }
  return {
    stretches,
    findings: misfits.map((fact) => ({ kind: "maintenance-does-not-fit", fact })),
  };
}

export function lostObservationStretches(
  lost: readonly LostObservation[],
  memberships: readonly Membership[],
): Stretch[] {
  return lost
    .map((span) => countedStretch("unknown", null, span, memberships))
    .filter((stretch) => stretch !== null);
}

function countedStretch(
  kind: Stretch["kind"],
  maintenanceId: string | null,
  span: LostObservation,
  memberships: readonly Membership[],
): Stretch | null {
  const counted = countedIn(memberships, span);
  if (!counted) return null;
  return {
    kind,
    node: required(span.startedBy.data.node, "node"),
    maintenanceId,
    from: counted.from,
    to: counted.to,
    startedBy: span.startedBy,
    endedBy: counted.endedItself ? span.endedBy : counted.membership.endedBy,
  };
}

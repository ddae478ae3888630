/** One node's memberships, faults, maintenance, lost observation, and the one state that it is in at each instant. */
import type { Fact, FactOf } from "./fact.ts";
import { cutToMembership } from "./membership.ts";
import type { NodeFacts, Report } from "./node-facts.ts";
import { compareFindings, type Finding } from "./finding.ts";
import { unionSorted } from "./intervals.ts";
import { foldFaults } from "./node-faults.ts";
import { foldMaintenance } from "./node-maintenance.ts";
import type { Membership, NodeTimeline, StateSegment, UnknownStretch } from "./node-timeline.ts";
import { applyInOrderThatFits } from "./order.ts";

/** The timeline of one node; `facts` are those of that node, by `compareFacts`. */
export function foldNode(node: string, facts: readonly Fact[]): NodeTimeline {
  const findings: Finding[] = [];
  const report: Report = (kind, fact) =>
    findings.push({ kind, at: fact.occurredAt, factId: fact.id });
  const sorted = sortByType(facts);
  const { memberships, lost } = foldMembershipAndObservation(
    sorted.membershipAndObservation,
    report,
  );
  const faults = foldFaults(node, sorted, memberships, report);
  const { maintenance, announcements } = foldMaintenance(node, sorted, memberships, report);
  const unknown: UnknownStretch[] = [];
  for (const stretch of lost) {
    const cut = cutToMembership(stretch, memberships);
    if (cut !== null) {
      const endId = cut.decommissionedBy ?? stretch.endId;
      unknown.push({ node, from: cut.from, to: cut.to, startId: stretch.startId, endId });
    }
  }
  const segments = stateSegments(memberships, faults, maintenance, unknown);
  findings.sort(compareFindings);
  return { node, memberships, faults, maintenance, unknown, announcements, segments, findings };
}

function sortByType(facts: readonly Fact[]): NodeFacts {
  const membershipAndObservation: Fact[] = [];
  const failures: FactOf<"NodeFailed">[] = [];
  const repairs: FactOf<"NodeRepairStarted">[] = [];
  const returns: FactOf<"NodeReturned">[] = [];
  const announcements: FactOf<"NodeMaintenanceAnnounced">[] = [];
  const maintenanceStarts: FactOf<"NodeMaintenanceStarted">[] = [];
  const maintenanceEnds: FactOf<"NodeMaintenanceEnded">[] = [];
  for (const fact of facts) {
    if (fact.type === "NodeFailed") failures.push(fact);
    else if (fact.type === "NodeReturned") returns.push(fact);
    else if (fact.type === "NodeRepairStarted") repairs.push(fact);
    else if (fact.type === "NodeMaintenanceAnnounced") announcements.push(fact);
    else if (fact.type === "NodeMaintenanceStarted") maintenanceStarts.push(fact);
    else if (fact.type === "NodeMaintenanceEnded") maintenanceEnds.push(fact);
    else if (ranks.has(fact.type)) membershipAndObservation.push(fact);
  }
  return {
    membershipAndObservation,
    failures,
    repairs,
    returns,
    announcements,
    maintenanceStarts,
    maintenanceEnds,
  };
}

const ranks: ReadonlyMap<string, number> = new Map(
  ["NodeCommissioned", "NodeObservationLost", "NodeObservationRestored", "NodeDecommissioned"].map(
    (type, rank) => [type, rank],
  ),
);

interface LostStretch {
  from: number;
  to: number;
  startId: string;
  endId: string | null;
}

function foldMembershipAndObservation(
  facts: readonly Fact[],
  report: Report,
): { memberships: Membership[]; lost: LostStretch[] } {
  const memberships: Membership[] = [];
  const lost: LostStretch[] = [];
  let member = false;
  let watched = true;
  applyInOrderThatFits(facts, {
    rank: (fact) => ranks.get(fact.type) ?? 0,
    once: (fact) => fact.type,
    fits: (fact) => {
      if (fact.type === "NodeCommissioned") return !member;
      if (fact.type === "NodeDecommissioned") return member;
      return fact.type === "NodeObservationLost" ? watched : !watched;
    },
    apply: (fact) => {
      if (fact.type === "NodeCommissioned") {
        member = true;
        memberships.push(beginMembership(fact));
      } else if (fact.type === "NodeDecommissioned") {
        member = false;
        const last = memberships.pop();
        if (last !== undefined)
          memberships.push({ ...last, to: fact.occurredAt, decommissionedBy: fact.id });
      } else if (fact.type === "NodeObservationLost") {
        watched = false;
        lost.push({ from: fact.occurredAt, to: Infinity, startId: fact.id, endId: null });
      }
      // Lost observation ends with the membership: the next one begins observed.
      const endsLoss =
        fact.type === "NodeObservationRestored" || fact.type === "NodeDecommissioned";
      if (endsLoss && !watched) {
        watched = true;
        const last = lost.at(-1);
        if (last !== undefined) [last.to, last.endId] = [fact.occurredAt, fact.id];
      }
    },
    reject: (fact) => {
      const ofMembership = fact.type === "NodeCommissioned" || fact.type === "NodeDecommissioned";
      report(ofMembership ? "membership-does-not-fit" : "observation-does-not-fit", fact);
    },
  });
  return { memberships, lost };
}

function beginMembership({ id, occurredAt, data }: FactOf<"NodeCommissioned">): Membership {
  const { rack = null, sku = null, gpus = null } = data;
  return {
    from: occurredAt,
    to: Infinity,
    commissionedBy: id,
    decommissionedBy: null,
    rack,
    sku,
    gpus,
  };
}

interface Stretch {
  readonly from: number;
  readonly to: number;
}

/** The one state at each instant of the memberships: down, else maintenance, else unknown, else in service. */
function stateSegments(
  memberships: readonly Membership[],
  faults: readonly Stretch[],
  maintenance: readonly Stretch[],
  unknown: readonly Stretch[],
): StateSegment[] {
  const layers = [
    { state: "down", set: unionSorted(faults), next: 0 },
    { state: "maintenance", set: unionSorted(maintenance), next: 0 },
    { state: "unknown", set: unionSorted(unknown), next: 0 },
  ] as const satisfies { state: StateSegment["state"]; set: Stretch[]; next: number }[];
  const next = [0, 0, 0];
  const segments: StateSegment[] = [];
  for (const membership of memberships) {
    let from = membership.from;
    while (from < membership.to) {
      let state: StateSegment["state"] = "in-service";
      let to = membership.to;
      for (let i = 0; i < layers.length; i++) {
        const set = layers[i]?.set ?? [];
        let place = next[i] ?? 0;
        while ((set[place]?.to ?? Infinity) <= from) place++;
        next[i] = place;
        const stretch = set[place];
        if (stretch === undefined) continue;
        if (stretch.from > from) {
          if (stretch.from < to) to = stretch.from;
          continue;
        }
        if (stretch.to < to) to = stretch.to;
        state = layers[i]?.state ?? state;
        break;
      }
      pushSegment(segments, membership.from, { from, to, state });
      from = to;
    }
  }
  return segments;
}

/** Appends a segment, as part of the one before it if that is of the same membership and state. */
function pushSegment(segments: StateSegment[], memberSince: number, segment: StateSegment): void {
  const last = segments.at(-1);
  if (
    last !== undefined &&
    last.to === segment.from &&
    last.state === segment.state &&
    last.from >= memberSince
  ) {
    segments[segments.length - 1] = { from: last.from, to: segment.to, state: last.state };
  } else {
    segments.push(segment);
  }
}

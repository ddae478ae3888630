/** One node's memberships, faults, maintenance, lost observation, and the one state that it is in at each instant. */
import type { EarlierFacts, EntityKind } from "../facts/entity-kind.ts";
import type { Fact } from "../facts/fact.ts";
import { compareFindings } from "../facts/finding.ts";
import type { Finding } from "../facts/finding.ts";
import type { CountedFault, MaintenanceInterval, NodeTimeline } from "./timeline.ts";
import { carriedFacts } from "./carried.ts";
import {
  bringBack,
  countedFault,
  fail,
  forgetReturns,
  returnToleranceMs,
  settleOutage,
  startRepair,
} from "./faults.ts";
import {
  announce,
  announcementsOf,
  byRecording,
  countedMaintenance,
  endMaintenance,
  startMaintenance,
} from "./maintenance.ts";
import {
  commission,
  countedMomentaryLosses,
  decommission,
  endLoss,
  loseObservation,
  settleMomentaryLosses,
} from "./membership.ts";
import { nodeSeenBefore } from "./seen-before.ts";
import { stateSegments } from "./segments.ts";
import { initialNode, report } from "./state.ts";
import type { NodeFold } from "./state.ts";

/**
 * At one instant, facts that end something apply first, so that an end at the very instant of the decommissioning still
 * counts; then membership and observation, in the order of rules.md; then facts that begin something. What begins and
 * ends at one instant is ended by the facts that did not fit before.
 */
const ranks: ReadonlyMap<string, number> = new Map(
  [
    "NodeReturned",
    "NodeMaintenanceEnded",
    "NodeCommissioned",
    "NodeObservationLost",
    "NodeObservationRestored",
    "NodeDecommissioned",
    "NodeFailed",
    "NodeMaintenanceStarted",
    "NodeRepairStarted",
    "NodeMaintenanceAnnounced",
  ].map((type, rank) => [type, rank]),
);

const switches: ReadonlySet<string> = new Set([
  "NodeCommissioned",
  "NodeObservationLost",
  "NodeObservationRestored",
  "NodeDecommissioned",
]);

export const nodeKind: EntityKind<NodeFold, NodeTimeline> = {
  initial: initialNode,
  rank: (fact) => ranks.get(fact.type) ?? ranks.size,
  once: (fact) => (switches.has(fact.type) ? fact.type : null),
  fits: fitsNode,
  evolve: evolveNode,
  reject: rejectNode,
  timeline: nodeTimeline,
  seenBefore: nodeSeenBefore,
  open: openOfNode,
  // A return may still end a fault that fails a little later.
  closing: { types: new Set(["NodeDecommissioned"]), lingersMs: returnToleranceMs },
  carry: { facts: carriedFacts, resume },
};

/** Includes returns that may still end a fault that fails a little later. */
function* openOfNode(state: NodeFold): Iterable<string> {
  for (const [id, fault] of state.openFaults) if (!fault.isCensored) yield `fault ${id}`;
  for (const [id, interval] of state.openMaintenance)
    if (!interval.isCensored) yield `maintenance ${id}`;
  if (state.loss !== null) yield `loss ${state.loss.start.id}`;
  for (const { fact } of state.recentReturns) yield `return ${fact.id}`;
}

/** Carried facts apply in the order in which they applied before, whatever their ranks are. */
function resume(node: string, carried: readonly Fact[], earlier: EarlierFacts): NodeFold {
  const state = initialNode(node);
  for (const fact of carried) evolveNode(state, fact);
  state.earlier = earlier;
  return state;
}

function fitsNode(state: NodeFold, fact: Fact): boolean {
  switch (fact.type) {
    case "NodeCommissioned":
      return state.membership === null;
    case "NodeDecommissioned":
      return state.membership !== null;
    case "NodeObservationLost":
      return state.loss === null;
    case "NodeObservationRestored":
      return state.loss !== null;
    case "NodeMaintenanceStarted":
      return !isUsed(state, fact.data.maintenanceId);
    case "NodeMaintenanceEnded":
      return state.openMaintenance.has(fact.data.maintenanceId);
    default:
      return ranks.has(fact.type);
  }
}

function isUsed(state: NodeFold, maintenanceId: string): boolean {
  if (state.usedMaintenanceIds.has(maintenanceId)) return true;
  return state.earlier?.names("NodeMaintenanceStarted", maintenanceId) === true;
}

function evolveNode(state: NodeFold, fact: Fact): void {
  moveTo(state, fact.occurredAt);
  switch (fact.type) {
    case "NodeCommissioned":
      commission(state, fact);
      break;
    case "NodeDecommissioned":
      decommission(state, fact);
      break;
    case "NodeObservationLost":
      loseObservation(state, fact);
      break;
    case "NodeObservationRestored":
      endLoss(state, fact.occurredAt, fact.id);
      break;
    case "NodeFailed":
      fail(state, fact);
      break;
    case "NodeRepairStarted":
      startRepair(state, fact);
      break;
    case "NodeReturned":
      bringBack(state, fact);
      break;
    case "NodeMaintenanceAnnounced":
      announce(state, fact);
      break;
    case "NodeMaintenanceStarted":
      startMaintenance(state, fact);
      break;
    case "NodeMaintenanceEnded":
      endMaintenance(state, fact);
      break;
    default:
  }
}

function moveTo(state: NodeFold, instant: number): void {
  if (instant === state.instant) return;
  state.instant = instant;
  settleMomentaryLosses(state);
  settleOutage(state);
  forgetReturns(state, instant);
}

function rejectNode(state: NodeFold, fact: Fact): void {
  if (fact.type === "NodeCommissioned" || fact.type === "NodeDecommissioned")
    report(state, "membership-does-not-fit", fact);
  else if (fact.type === "NodeObservationLost" || fact.type === "NodeObservationRestored")
    report(state, "observation-does-not-fit", fact);
  else if (fact.type === "NodeMaintenanceStarted" || fact.type === "NodeMaintenanceEnded")
    report(state, "maintenance-does-not-fit", fact);
}

function nodeTimeline(state: NodeFold): NodeTimeline {
  const { node, ended, membership, loss } = state;
  const memberships = [
    ...ended.memberships,
    ...(membership === null ? [] : [{ ...membership.span }]),
  ];
  const faults = faultsOf(state);
  const maintenance = maintenanceOf(state);
  const unknown = [...ended.unknown, ...countedMomentaryLosses(state)];
  if (loss !== null && loss.counting !== null) {
    const { start, counting } = loss;
    unknown.push({ node, from: counting.from, to: Infinity, startId: start.id, endId: null });
  }
  const announcements = [...state.announcements.values()].flat().sort(byRecording);
  const segments = stateSegments(memberships, faults, maintenance, unknown);
  const findings = findingsOf(state);
  return { node, memberships, faults, maintenance, unknown, announcements, segments, findings };
}

function faultsOf(state: NodeFold): CountedFault[] {
  const faults = [...state.ended.faults];
  for (const fault of state.openFaults.values()) {
    if (fault.isCensored) continue;
    const end = { to: Infinity, outcome: "open", endedBy: null, how: null } as const;
    const counted = countedFault(state.node, fault, end);
    if (counted !== null) faults.push(counted);
  }
  return faults.sort(
    (a, b) => a.from - b.from || (a.faultId < b.faultId ? -1 : a.faultId > b.faultId ? 1 : 0),
  );
}

function maintenanceOf(state: NodeFold): MaintenanceInterval[] {
  const intervals = [...state.ended.maintenance];
  for (const open of state.openMaintenance.values()) {
    if (open.isCensored) continue;
    const counted = countedMaintenance(state.node, open, Infinity, null);
    if (counted !== null) intervals.push(counted);
  }
  return intervals
    .map((interval) => ({
      ...interval,
      announcements: announcementsOf(state, interval.maintenanceId),
    }))
    .sort(
      (a, b) => a.from - b.from || (a.startId < b.startId ? -1 : a.startId > b.startId ? 1 : 0),
    );
}

/** Includes returns that have ended no fault so far, although they may still end one that fails later. */
function findingsOf(state: NodeFold): Finding[] {
  const findings = [...state.ended.findings];
  for (const { fact, hasEnded } of state.recentReturns) {
    if (!hasEnded)
      findings.push({ kind: "return-ends-nothing", at: fact.occurredAt, factId: fact.id });
  }
  return findings.sort(compareFindings);
}

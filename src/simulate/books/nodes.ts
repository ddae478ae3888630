/** The books about nodes: what of each fault and interval counts, and the state at every instant. */
import { cutAt } from "./arithmetic/marks.ts";
import type {
  AnnouncementTruth,
  FaultTruth,
  Interval,
  MaintenanceTruth,
  MembershipTruth,
  NodeTruth,
  UnobservedTruth,
} from "../setting/history.ts";

export type NodeState = "down" | "maintenance" | "unknown" | "in-service";

export interface CountedFault extends Interval {
  readonly node: string;
  readonly fault: FaultTruth;
  readonly outcome: "repaired" | "censored" | "open";
}

/** Maintenance or lost observation as it counts. */
export interface CountedInterval extends Interval {
  readonly kind: "maintenance" | "unknown";
  readonly node: string;
  readonly maintenanceId: string | null;
  readonly announcements: readonly AnnouncementTruth[];
  readonly startId: string;
  /** Its end, or the decommissioning that came before. */
  readonly endId: string | null;
}

export interface NodeBook {
  readonly node: string;
  readonly faults: readonly CountedFault[];
  readonly intervals: readonly CountedInterval[];
  readonly states: readonly (Interval & { readonly state: NodeState })[];
}

/** Every figure of a node asks for its book. */
const kept = new WeakMap<NodeTruth, NodeBook>();

export function bookOfNode(truth: NodeTruth): NodeBook {
  const known = kept.get(truth) ?? makeBook(truth);
  kept.set(truth, known);
  return known;
}

function makeBook(truth: NodeTruth): NodeBook {
  const { node, memberships } = truth;
  const faults = truth.faults.flatMap((fault) => countFault(node, memberships, fault));
  const intervals = [
    ...truth.maintenance.flatMap((interval) => countedInterval(node, memberships, interval)),
    ...truth.unobserved.flatMap((interval) => countedInterval(node, memberships, interval)),
  ];
  const instants = [...faults, ...intervals].flatMap(({ from, to }) => [from, to]);
  const states = memberships
    .flatMap((membership) => cutAt(membership, instants))
    .map((piece) => ({ ...piece, state: stateAt(piece.from, faults, intervals) }));
  return { node, faults, intervals, states };
}

/** A fault counts in the first membership that it touches; one of no duration where its failure lies. */
function countFault(
  node: string,
  memberships: readonly MembershipTruth[],
  fault: FaultTruth,
): CountedFault[] {
  const { failedAt, returnedAt } = fault;
  const membership = memberships.find(({ from, to }) =>
    failedAt === returnedAt
      ? from <= failedAt && failedAt < to
      : failedAt < to && returnedAt > from,
  );
  if (membership === undefined) return [];
  const from = Math.max(failedAt, membership.from);
  if (returnedAt < Infinity && returnedAt <= membership.to) {
    return [{ node, fault, from, to: returnedAt, outcome: "repaired" }];
  }
  const outcome = membership.to < Infinity ? "censored" : "open";
  return [{ node, fault, from, to: membership.to, outcome }];
}

function countedInterval(
  node: string,
  memberships: readonly MembershipTruth[],
  interval: MaintenanceTruth | UnobservedTruth,
): CountedInterval[] {
  const membership = memberships.find(({ from, to }) => interval.from < to && interval.to > from);
  if (membership === undefined) return [];
  const isOvertaken = membership.to < interval.to;
  const isMaintenance = "maintenanceId" in interval;
  return [
    {
      kind: isMaintenance ? "maintenance" : "unknown",
      node,
      maintenanceId: isMaintenance ? interval.maintenanceId : null,
      announcements: isMaintenance ? interval.announcements : [],
      from: Math.max(interval.from, membership.from),
      to: Math.min(interval.to, membership.to),
      startId: interval.startId,
      endId: isOvertaken ? membership.decommissionId : interval.endId,
    },
  ];
}

function stateAt(
  at: number,
  faults: readonly CountedFault[],
  intervals: readonly CountedInterval[],
): NodeState {
  const holds = ({ from, to }: Interval) => from <= at && at < to;
  if (faults.some(holds)) return "down";
  const open = intervals.filter(holds);
  if (open.some(({ kind }) => kind === "maintenance")) return "maintenance";
  return open.length > 0 ? "unknown" : "in-service";
}

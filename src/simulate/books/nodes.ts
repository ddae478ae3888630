/** The books about nodes: what of each fault and stretch counts, and the state at every instant. */
import { cutAt } from "./marks.ts";
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
export interface CountedStretch extends Interval {
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
  readonly stretches: readonly CountedStretch[];
  readonly states: readonly (Interval & { readonly state: NodeState })[];
}

export function bookOfNode(truth: NodeTruth): NodeBook {
  const { node, memberships } = truth;
  const faults = truth.faults.flatMap((fault) => countFault(node, memberships, fault));
  const stretches = [
    ...truth.maintenance.flatMap((stretch) => countStretch(node, memberships, stretch)),
    ...truth.unobserved.flatMap((stretch) => countStretch(node, memberships, stretch)),
  ];
  const instants = [...faults, ...stretches].flatMap(({ from, to }) => [from, to]);
  const states = memberships
    .flatMap((membership) => cutAt(membership, instants))
    .map((piece) => ({ ...piece, state: stateAt(piece.from, faults, stretches) }));
  return { node, faults, stretches, states };
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

function countStretch(
  node: string,
  memberships: readonly MembershipTruth[],
  stretch: MaintenanceTruth | UnobservedTruth,
): CountedStretch[] {
  const membership = memberships.find(({ from, to }) => stretch.from < to && stretch.to > from);
  if (membership === undefined) return [];
  const isOvertaken = membership.to < stretch.to;
  const isMaintenance = "maintenanceId" in stretch;
  return [
    {
      kind: isMaintenance ? "maintenance" : "unknown",
      node,
      maintenanceId: isMaintenance ? stretch.maintenanceId : null,
      announcements: isMaintenance ? stretch.announcements : [],
      from: Math.max(stretch.from, membership.from),
      to: Math.min(stretch.to, membership.to),
      startId: stretch.startId,
      endId: isOvertaken ? membership.decommissionId : stretch.endId,
    },
  ];
}

function stateAt(
  at: number,
  faults: readonly CountedFault[],
  stretches: readonly CountedStretch[],
): NodeState {
  const holds = ({ from, to }: Interval) => from <= at && at < to;
  if (faults.some(holds)) return "down";
  const open = stretches.filter(holds);
  if (open.some(({ kind }) => kind === "maintenance")) return "maintenance";
  return open.length > 0 ? "unknown" : "in-service";
}

/** Whether work may be scaled onto a node at an instant, and why not. */
import type { EventType } from "../../src/events/catalogue.ts";
import type { Interval } from "../arithmetic/intervals.ts";
import type { Fact, FactOf } from "../facts/fact.ts";
import { instantMs } from "../time/instant.ts";
import { byRecording } from "./maintenance.ts";
import type { NodeTimeline } from "./timeline.ts";

/** In the order in which answers give them. */
export const unschedulableReasons = [
  "not-a-member",
  "down",
  "under-maintenance",
  "unobserved",
  "maintenance-imminent",
] as const;

export type UnschedulableReason = (typeof unschedulableReasons)[number];

export interface Schedulability {
  /** Empty if the node is schedulable. */
  readonly reasons: readonly UnschedulableReason[];
  /** The latest planned end of the maintenance that stands in the way, in milliseconds; `null` if none is known. */
  readonly until: number | null;
}

/** The facts that say which maintenance was announced, and which of it has begun. */
export const plannedMaintenanceTypes: ReadonlySet<EventType> = new Set<EventType>([
  "NodeMaintenanceAnnounced",
  "NodeMaintenanceStarted",
]);

/** What is known of one node. */
export interface KnownNode {
  /** As far as it touches the instant; `null` if no fact is about the node. */
  readonly timeline: NodeTimeline | null;
  /** Facts of `plannedMaintenanceTypes`, whenever they occurred. */
  readonly planned: readonly Fact[];
}

interface Asked {
  /** Milliseconds; the facts before it count. */
  readonly at: number;
  /** How long before its planned start maintenance already keeps work away, in milliseconds. */
  readonly imminentMs: number;
  /** Whether a fault or maintenance of this id is no reason. Default: each one is. */
  readonly isDisregarded?: (id: string) => boolean;
}

const none = (): boolean => false;

/** By what the facts before the instant leave. */
export function schedulableAt(
  { timeline, planned }: KnownNode,
  { at, imminentMs, isDisregarded = none }: Asked,
): Schedulability {
  const plans = plansBefore(planned, at);
  const isOpen = (each: Interval): boolean => isLastingBefore(each, at);
  const { memberships = [], faults = [], maintenance = [], unknown = [] } = timeline ?? {};
  const open = maintenance.filter((each) => isOpen(each) && !isDisregarded(each.maintenanceId));
  const imminent = [...plans.announced.values()].filter(
    ({ data }) =>
      !plans.begun.has(data.maintenanceId) &&
      !isDisregarded(data.maintenanceId) &&
      instantMs(data.plannedFrom) - imminentMs <= at &&
      at < instantMs(data.plannedTo),
  );
  const holds: Readonly<Record<UnschedulableReason, boolean>> = {
    "not-a-member": !memberships.some(isOpen),
    down: faults.some((each) => isOpen(each) && !isDisregarded(each.faultId)),
    "under-maintenance": open.length > 0,
    unobserved: unknown.some(isOpen),
    "maintenance-imminent": imminent.length > 0,
  };
  const ofOpen = open.flatMap(({ maintenanceId }) => plans.announced.get(maintenanceId) ?? []);
  const ends = [...ofOpen, ...imminent].map(({ data }) => instantMs(data.plannedTo));
  return {
    reasons: unschedulableReasons.filter((reason) => holds[reason]),
    until: ends.length === 0 ? null : Math.max(...ends),
  };
}

/** Whether an interval lasts, by the facts before an instant: an end at the instant itself is not seen yet. */
export function isLastingBefore({ from, to }: Interval, at: number): boolean {
  return from < at && at <= to;
}

interface Plans {
  /** The latest announcement of each maintenance. */
  readonly announced: ReadonlyMap<string, FactOf<"NodeMaintenanceAnnounced">>;
  readonly begun: ReadonlySet<string>;
}

function plansBefore(planned: readonly Fact[], at: number): Plans {
  const announced = new Map<string, FactOf<"NodeMaintenanceAnnounced">>();
  const begun = new Set<string>();
  for (const fact of planned) {
    if (fact.occurredAt >= at) continue;
    if (fact.type === "NodeMaintenanceStarted") begun.add(fact.data.maintenanceId);
    if (fact.type !== "NodeMaintenanceAnnounced") continue;
    const before = announced.get(fact.data.maintenanceId);
    if (before === undefined || byRecording(before, fact) < 0)
      announced.set(fact.data.maintenanceId, fact);
  }
  return { announced, begun };
}

/** A node as the ledger sees it by what it has been told so far. */
import type { ToldFact } from "./told-facts.ts";
import type {
  AnnouncementTruth,
  FaultTruth,
  Interval,
  MaintenanceTruth,
  MembershipTruth,
  NodeTruth,
  UnobservedTruth,
} from "../setting/history.ts";

/** A return may be told with a time up to five minutes before its failure: clocks differ. */
const toleranceMs = 5 * 60_000;

/** In the form of the truth, so that the books' rules for a node can be asked of it. */
export function nodeAsTold(
  { node, rack, sku, gpus }: NodeTruth,
  told: readonly ToldFact[],
): NodeTruth {
  const inOrder = told.toSorted((a, b) => a.occurredAt - b.occurredAt || (a.id < b.id ? -1 : 1));
  const announcements = inOrder.flatMap(announcementOf);
  return {
    node,
    rack,
    sku,
    gpus,
    ...switchesOf(inOrder),
    faults: faultsOf(inOrder),
    maintenance: maintenanceOf(inOrder, announcements),
    announcements,
  };
}

function ofType(told: readonly ToldFact[], type: ToldFact["type"]): ToldFact[] {
  return told.filter((each) => each.type === type);
}

/** In the order in which one makes room for the next, at one instant. */
const switches: readonly string[] = [
  "NodeCommissioned",
  "NodeObservationLost",
  "NodeObservationRestored",
  "NodeDecommissioned",
];

/** Membership and observation: what does not fit changes nothing, and of one instant each kind applies once. */
function switchesOf(told: readonly ToldFact[]): Pick<NodeTruth, "memberships" | "unobserved"> {
  const memberships: MembershipTruth[] = [];
  const unobserved: UnobservedTruth[] = [];
  let joined: ToldFact | null = null;
  let lost: ToldFact | null = null;
  const see = (end: ToldFact | null): void => {
    if (lost !== null) unobserved.push({ ...span(lost, end), startId: lost.id, endId: idOf(end) });
    lost = null;
  };
  const leave = (end: ToldFact | null): void => {
    if (joined !== null) {
      const known = { fromKnownAt: joined.recordedAt, toKnownAt: end?.recordedAt ?? Infinity };
      memberships.push({ ...span(joined, end), decommissionId: idOf(end), ...known });
    }
    joined = null;
  };
  const fits = (type: string): boolean =>
    ({
      NodeCommissioned: joined === null,
      NodeObservationLost: lost === null,
      NodeObservationRestored: lost !== null,
      NodeDecommissioned: joined !== null,
    })[type] ?? false;
  const apply = (fact: ToldFact): void => {
    if (fact.type === "NodeCommissioned") joined = fact;
    else if (fact.type === "NodeObservationLost") lost = fact;
    else if (fact.type === "NodeObservationRestored") see(fact);
    else {
      leave(fact);
      see(fact);
    }
  };
  const about = told.filter(({ type }) => switches.includes(type));
  for (const [, together] of Map.groupBy(about, ({ occurredAt }) => occurredAt)) {
    const left = new Set(switches);
    const ranked = together.toSorted((a, b) => switches.indexOf(a.type) - switches.indexOf(b.type));
    for (;;) {
      const next = ranked.find(({ type }) => left.has(type) && fits(type));
      if (next === undefined) break;
      left.delete(next.type);
      apply(next);
    }
  }
  leave(null);
  see(null);
  return { memberships, unobserved };
}

function span(from: ToldFact, to: ToldFact | null): Interval {
  return { from: from.occurredAt, to: to?.occurredAt ?? Infinity };
}

function idOf(fact: ToldFact | null): string | null {
  return fact?.id ?? null;
}

/** A fault id is used once on a node. */
function faultsOf(told: readonly ToldFact[]): FaultTruth[] {
  const returns = ofType(told, "NodeReturned");
  const failures = firstOfEach(ofType(told, "NodeFailed"), "faultId");
  return failures.map(([faultId, { occurredAt: failedAt }]): FaultTruth => {
    const back = returns.find(
      ({ occurredAt, data }) =>
        (data["faultIds"] as readonly string[]).includes(faultId) &&
        occurredAt >= failedAt - toleranceMs,
    );
    const returnedAt = back === undefined ? Infinity : Math.max(failedAt, back.occurredAt);
    return { faultId, category: "unknown", component: null, failedAt, returnedAt };
  });
}

/** So is that of a maintenance. */
function maintenanceOf(
  told: readonly ToldFact[],
  announced: readonly AnnouncementTruth[],
): MaintenanceTruth[] {
  const ends = ofType(told, "NodeMaintenanceEnded");
  const starts = firstOfEach(ofType(told, "NodeMaintenanceStarted"), "maintenanceId");
  return starts.map(([maintenanceId, start]): MaintenanceTruth => {
    const end = ends.find(
      ({ occurredAt, data }) =>
        data["maintenanceId"] === maintenanceId && occurredAt >= start.occurredAt,
    );
    return {
      maintenanceId,
      rolloutId: null,
      ...span(start, end ?? null),
      startId: start.id,
      endId: end?.id ?? null,
      announcements: announced.filter((each) => each.maintenanceId === maintenanceId),
      isDecided: false,
      role: null,
    };
  });
}

function firstOfEach(told: readonly ToldFact[], field: string): [string, ToldFact][] {
  const first = new Map<string, ToldFact>();
  for (const each of told) {
    const name = String(each.data[field]);
    if (!first.has(name)) first.set(name, each);
  }
  return [...first];
}

function announcementOf({ id, type, occurredAt, recordedAt, data }: ToldFact): AnnouncementTruth[] {
  if (type !== "NodeMaintenanceAnnounced") return [];
  const [plannedFrom = 0, plannedTo = 0] = ["plannedFrom", "plannedTo"].map((field) =>
    Date.parse(String(data[field])),
  );
  const maintenanceId = String(data["maintenanceId"]);
  const planned = { plannedFrom, plannedTo, isDecided: false };
  return [{ id, maintenanceId, at: occurredAt, recordedAt, ...planned }];
}

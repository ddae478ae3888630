import { describe, expect, it } from "vitest";
import { asPolicy } from "../../projections/figures/exclusions/policy.ts";
import { History, hour, hourMs, iso } from "./history.ts";

const { eventId: _none, ...terms } = { ...asPolicy(null), monthlyAllowanceNodeHours: 10 };

/** Node `a` is a member from hour -100 (in February); the policy holds from then on. */
function withNode(own: Partial<typeof terms> = {}): History {
  const history = new History();
  history.add("SlaPolicySet", -1_000, { ...terms, ...own });
  history.add("NodeCommissioned", -100, { node: "a" });
  return history;
}

interface Plan {
  readonly announcedAt: number;
  readonly from: number;
  readonly to: number;
  readonly id?: string;
}

function announce(history: History, { announcedAt, from, to, id = "m" }: Plan): string {
  const planned = { plannedFrom: iso(hour(from)), plannedTo: iso(hour(to)) };
  return history.add("NodeMaintenanceAnnounced", announcedAt, {
    node: "a",
    maintenanceId: id,
    ...planned,
  });
}

function maintain(
  history: History,
  from: number,
  to: number | null,
  maintenanceId = "m",
): string[] {
  const ids = [history.add("NodeMaintenanceStarted", from, { node: "a", maintenanceId })];
  if (to !== null) ids.push(history.add("NodeMaintenanceEnded", to, { node: "a", maintenanceId }));
  return ids;
}

describe("announced maintenance", () => {
  it("is excluded as far as it was planned; an overrun and an early start are not", () => {
    const history = withNode();
    const announced = announce(history, { announcedAt: -20, from: 5, to: 8 });
    const ids = maintain(history, 4, 9);
    history.reach(20);
    const { nis } = history.report(0, 20);
    expect(nis.exclusions).toEqual([
      {
        kind: "maintenance",
        node: "a",
        maintenanceId: "m",
        from: iso(hour(5)),
        to: iso(hour(8)),
        ms: 3 * hourMs,
        eventIds: [announced, ...ids],
      },
    ]);
    expect(nis.maintenanceNodeMs).toBe(5 * hourMs);
  });

  it("is listed from its first excluded instant to the end of its last, with only the excluded time as length", () => {
    const history = withNode({ monthlyAllowanceNodeHours: 3 });
    announce(history, { announcedAt: -50, from: 2, to: 12 });
    maintain(history, 1, 12);
    history.add("NodeFailed", 4, { node: "a", faultId: "f", category: "hardware" });
    history.add("NodeReturned", 6, { node: "a", faultIds: ["f"] });
    history.reach(20);
    const excluded = (from: number, to: number) =>
      history.report(from, to).nis.exclusions.map((each) => [each.from, each.to, each.ms]);
    expect(excluded(0, 20)).toEqual([[iso(hour(2)), iso(hour(7)), 3 * hourMs]]);
    expect(excluded(3, 20)).toEqual([[iso(hour(3)), iso(hour(7)), 2 * hourMs]]);
    expect(excluded(0, 3)).toEqual([[iso(hour(2)), iso(hour(3)), hourMs]]);
    expect(excluded(4, 6)).toEqual([]);
  });

  it("needs notice before its start and before its planned start, whichever is earlier, to the millisecond", () => {
    for (const [late, excluded] of [
      [0, 1],
      [1 / hourMs, 0],
    ] as const) {
      const history = withNode();
      announce(history, { announcedAt: 4 - 24 + late, from: 5, to: 8 });
      maintain(history, 4, 8);
      history.reach(20);
      const { nis } = history.report(0, 20);
      expect(nis.exclusions).toHaveLength(excluded);
      expect(nis.announcedLate).toHaveLength(1 - excluded);
    }
  });

  it("is excluded by the last announcement in time; later ones change nothing", () => {
    const history = withNode();
    announce(history, { announcedAt: -40, from: 5, to: 8 });
    const second = announce(history, { announcedAt: -30, from: 5, to: 7 });
    announce(history, { announcedAt: 0, from: 5, to: 20 });
    maintain(history, 5, 9);
    history.reach(20);
    const { nis } = history.report(0, 20);
    expect(nis.exclusions[0]?.ms).toBe(2 * hourMs);
    expect(nis.exclusions[0]?.eventIds[0]).toBe(second);
    expect(nis.announcedLate).toEqual([]);
  });

  it("that was announced only late is shown and excludes nothing", () => {
    const history = withNode();
    announce(history, { announcedAt: 0, from: 5, to: 8 });
    const late = announce(history, { announcedAt: 1, from: 5, to: 8 });
    const ids = maintain(history, 5, null);
    history.reach(20);
    const { nis } = history.report(0, 20);
    expect(nis.excludedNodeMs).toBe(0);
    expect(nis.announcedLate).toEqual([
      { node: "a", maintenanceId: "m", ms: 15 * hourMs, eventIds: [late, ...ids] },
    ]);
  });

  it("names the amendments of its announcement, which counts as recorded with the last of them", () => {
    const history = withNode();
    const announced = announce(history, { announcedAt: -60, from: 5, to: 8 });
    const data = {
      cluster: "c",
      node: "a",
      maintenanceId: "m",
      plannedFrom: iso(hour(6)),
      plannedTo: iso(hour(8)),
    };
    const correction = history.add("FactCorrected", -40, { eventId: announced, data });
    const retraction = history.add("FactRetracted", -30, { eventId: correction });
    const ids = maintain(history, 5, 8);
    history.reach(20);
    expect(history.report(0, 20).nis.exclusions).toEqual([
      {
        kind: "maintenance",
        node: "a",
        maintenanceId: "m",
        from: iso(hour(5)),
        to: iso(hour(8)),
        ms: 3 * hourMs,
        eventIds: [announced, correction, retraction, ...ids],
      },
    ]);
    history.add("FactRetracted", 19, { eventId: retraction });
    expect(history.report(0, 20).nis.exclusions).toEqual([]);
    expect(history.report(0, 20).nis.announcedLate).toHaveLength(1);
  });
});

describe("the monthly allowance", () => {
  it("is used in order of the intervals' starts, including intervals outside the window", () => {
    const history = withNode();
    announce(history, { announcedAt: -90, from: 0, to: 7 });
    announce(history, { announcedAt: -90, from: 20, to: 30, id: "n" });
    maintain(history, 0, 7);
    maintain(history, 20, 30, "n");
    history.reach(50);
    expect(history.report(10, 50).nis.exclusions.map((each) => each.ms)).toEqual([3 * hourMs]);
    expect(history.report(24, 50).nis.exclusions).toEqual([]);
    expect(history.report(0, 50).nis.excludedNodeMs).toBe(10 * hourMs);
  });

  it("begins anew each month, in the zone of the policy", () => {
    const history = withNode({ zone: "Europe/Berlin", monthlyAllowanceNodeHours: 1 });
    announce(history, { announcedAt: -90, from: -10, to: 10 });
    maintain(history, -10, 10);
    history.reach(50);
    // The Berlin month begins at -1 h: one hour before it, one hour from it on.
    expect(history.report(-20, 20).nis.exclusions.map((each) => each.ms)).toEqual([2 * hourMs]);
    expect(history.report(-1, 20).nis.excludedNodeMs).toBe(hourMs);
    expect(history.report(0, 20).nis.excludedNodeMs).toBe(0);
  });

  it("excludes nothing at or after the largest recorded time", () => {
    const history = withNode({ monthlyAllowanceNodeHours: 100 });
    announce(history, { announcedAt: -90, from: 0, to: 50 });
    maintain(history, 0, null);
    const report = history.report(-5, 20);
    expect(report.period.complete).toBe(false);
    expect(report.period.to).toBe(iso(hour(0)));
    history.reach(10);
    expect(history.report(-5, 20).nis.excludedNodeMs).toBe(10 * hourMs);
  });

  it("charges an instant of a node to the first of two intervals", () => {
    const history = withNode({ monthlyAllowanceNodeHours: 100 });
    announce(history, { announcedAt: -90, from: 0, to: 10 });
    announce(history, { announcedAt: -90, from: 0, to: 10, id: "n" });
    maintain(history, 1, 5);
    maintain(history, 2, 8, "n");
    history.reach(20);
    expect(history.report(0, 20).nis.exclusions.map((each) => each.ms)).toEqual([
      4 * hourMs,
      3 * hourMs,
    ]);
  });

  it("may be a fraction of an hour, rounded down to the millisecond", () => {
    const history = withNode({ monthlyAllowanceNodeHours: 0.000_000_5 });
    announce(history, { announcedAt: -90, from: 0, to: 10 });
    maintain(history, 1, 5);
    history.reach(20);
    expect(history.report(0, 20).nis.excludedNodeMs).toBe(1);
  });
});

describe("unknown time", () => {
  it("is excluded if the policy of the month says so, without using the allowance", () => {
    const history = withNode({ excludeUnknown: true, monthlyAllowanceNodeHours: 0 });
    const lost = history.add("NodeObservationLost", -2, { node: "a" });
    history.add("SlaPolicySet", -1, { ...terms, excludeUnknown: false });
    history.add("NodeDecommissioned", 3, { node: "a" });
    history.reach(20);
    const { nis, policyChanges } = history.report(-10, 10);
    expect(nis.exclusions).toEqual([
      {
        kind: "unknown",
        node: "a",
        from: iso(hour(-2)),
        to: iso(hour(0)),
        ms: 2 * hourMs,
        eventIds: [lost, history.events[4]?.id],
      },
    ]);
    expect(policyChanges.map((change) => change.at)).toEqual([iso(hour(-1))]);
    expect(nis.budgetSpentNodeMs).toBe(3 * hourMs);
  });
});

describe("the policy", () => {
  it("is the default if nobody has set one", () => {
    const history = new History();
    history.add("NodeCommissioned", 0, { node: "a" });
    history.reach(10);
    const { policy, policyChanges } = history.report(0, 5);
    expect(policy).toEqual(asPolicy(null));
    expect(policyChanges).toEqual([]);
  });

  it("is the last one set by the window's start; of several at one instant, the one with the greatest id", () => {
    const history = new History();
    const greatest = "ffffffff-0000-4000-8000-000000000000";
    history.add("SlaPolicySet", 1, { ...terms, nisTarget: 0.5 }, { id: greatest });
    history.add("SlaPolicySet", 1, { ...terms, nisTarget: 0.6 });
    history.add("SlaPolicySet", 2, { ...terms, nisTarget: 0.7 });
    history.reach(10);
    expect(history.report(1, 5).policy.eventId).toBe(greatest);
    expect(history.report(2, 5).policy.nisTarget).toBe(0.7);
  });

  it("is the first one set within the window if there is none at its start, and is then listed as a change", () => {
    const history = new History();
    const first = history.add("SlaPolicySet", 1, { ...terms, nisTarget: 0.5 });
    history.reach(10);
    const { policy, policyChanges } = history.report(0, 5);
    expect(policy.eventId).toBe(first);
    expect(policyChanges).toEqual([{ eventId: first, at: iso(hour(1)), recordedAt: iso(hour(1)) }]);
  });

  it("is listed if it was recorded after the window's start", () => {
    const history = new History();
    const set = history.add("SlaPolicySet", -5, terms, { recordedAt: hour(3) });
    history.reach(10);
    expect(history.report(0, 5).policyChanges.map((each) => each.eventId)).toEqual([set]);
    expect(history.report(3, 5).policyChanges).toEqual([]);
  });

  it("gives the report its zone, taken at the start of the period in UTC", () => {
    const history = new History();
    history.add("SlaPolicySet", -24, { ...terms, zone: "Asia/Tokyo" });
    history.add("ClusterRegistered", 24 * 40, {});
    const { period } = history.report(0, 5);
    expect(period.zone).toBe("Asia/Tokyo");
    expect(history.report(0, 5, "UTC").nis.note).toMatch(/Asia\/Tokyo/);
  });
});

/** The same history under another calendar of no-fly zones. */
import { describe, expect, test } from "vitest";
import { nfzCostIn } from "../../../projections/figures/nfz-cost/cost.ts";
import { rolloutsIn } from "../../../projections/figures/blocked-queue.ts";
import { rolloutsOf } from "../../../projections/impact/fleet.ts";
import { otherHistory } from "../../../projections/what-if/other-history.ts";
import type { ClusterView } from "../../../projections/view.ts";
import { slaDocument } from "../../../projections/document/sla-document.ts";
import { hypotheticalNfzs } from "../../../src/decisions/nfz/hypothetical.ts";
import { stepsAtOnce } from "../../../src/turns.ts";
import { randomSource } from "../../histories/random-source.ts";
import { randomRuns } from "../../random-runs.ts";
import { begin, hour, hourMs, iso, zones } from "../history.ts";
import { Fleets } from "../impact/fleets.ts";

interface Zone {
  readonly nfz: string;
  readonly from: number;
  readonly to: number;
  readonly racks?: string[];
}

const end = 400;
const window = { from: begin, to: hour(end) };

function calendarOf(all: readonly Zone[]) {
  const stated = all.map(({ nfz, from, to, racks }) => ({
    nfz,
    clusters: "all" as const,
    ...(racks === undefined ? {} : { scope: { racks } }),
    inFlight: "finish" as const,
    occurrences: [{ from: iso(hour(from)), to: iso(hour(to)) }],
    declaredAt: begin,
  }));
  return stepsAtOnce(hypotheticalNfzs(stated, "c", window.to, zones));
}

function under(fleet: Fleets, all: readonly Zone[]): ClusterView {
  const view = fleet.view();
  return otherHistory(view, view, calendarOf(all));
}

/** The figures that a what-if compares, without those of jobs. */
function figures(view: ClusterView) {
  const { thaws, ...cost } = nfzCostIn(view, rolloutsOf(view), window);
  const counts = thaws.map(({ at, since, after, before }) => ({
    at,
    since,
    after: [after.released, after.started, after.faults],
    before: [before.released, before.started, before.faults],
  }));
  const period = `${iso(window.from)}/${iso(window.to)}`;
  const { nis } = slaDocument(view, { period, zone: "UTC" }, zones);
  // Events that a hypothesis makes have ids of their own.
  const queue = rolloutsIn(view, window).blocked.map(({ refusedBy: _id, ...row }) => row);
  return { cost, counts, nis, queue };
}

/** A rollout that asks at an hour, waits for the zones, starts at its release, and takes its nodes out for an hour. */
function asks(
  fleet: Fleets,
  rollout: string,
  ask: number,
  rack: string,
  all: readonly Zone[],
): void {
  fleet.submitted(rollout, ask - 1, { targets: { racks: [rack] } });
  const holding = (at: number) =>
    all.filter(({ from, to, racks }) => from <= at && at < to && racks?.includes(rack) !== false);
  let at = ask;
  let named: readonly Zone[] = [];
  for (let held = holding(at); held.length > 0; held = holding(at)) {
    const isNamed = named.some(({ from, to }) => from <= at && at < to);
    if (!isNamed) {
      const nfzIds = held.map(({ nfz }) => nfz).sort();
      fleet.add("RolloutBlocked", at, { rollout, nfzIds });
      named = held;
    }
    at = Math.min(...held.map(({ to }) => to));
  }
  if (at >= end) return;
  fleet.add("RolloutStarted", at, { rollout });
  for (const node of rack === "r1" ? ["n1", "n2"] : ["n3", "n4"])
    fleet.maintenance(node, at + 1, at + 2, rollout);
  fleet.add("RolloutCompleted", at + 3, { rollout });
}

function declare(fleet: Fleets, all: readonly Zone[]): void {
  for (const { nfz, from, to, racks } of all)
    fleet.add("NfzDeclared", 0, {
      nfz,
      ...(racks === undefined ? {} : { scope: { racks } }),
      occurrences: [{ from: iso(hour(from)), to: iso(hour(to)) }],
      inFlight: "finish",
    });
}

describe("under the same calendar", () => {
  test("all figures are the ledger's, where rollouts started when they were released", () => {
    const random = randomSource(4);
    let blocked = 0;
    for (let run = 0; run < randomRuns(60); run++) {
      const all = Array.from({ length: random.between(0, 4) }, (_, i): Zone => {
        const from = random.between(1, 300);
        const scope = random.pick([{}, { racks: ["r1"] }, { racks: ["r2"] }]);
        return { nfz: `z${i}`, from, to: from + random.between(1, 90), ...scope };
      });
      const fleet = new Fleets();
      declare(fleet, all);
      for (let i = 0; i < 6; i++)
        asks(fleet, `u${i}`, random.between(2, 380), random.pick(["r1", "r2"]), all);
      fleet.reach(end);
      const actual = figures(fleet.view());
      expect(figures(under(fleet, all)), `run ${run}`).toEqual(actual);
      blocked += actual.cost.blockedMs;
    }
    expect(blocked).toBeGreaterThan(0);
  });
});

describe("under an empty calendar", () => {
  test("nothing is blocked, and what waited starts when it asked", () => {
    const all = [{ nfz: "a", from: 10, to: 50 }];
    const fleet = new Fleets();
    declare(fleet, all);
    asks(fleet, "u", 20, "r1", all);
    fleet.add("RolloutOverrideGranted", 55, {
      rollout: "u",
      role: "approver",
      nfzIds: ["a"],
      expiresAt: iso(hour(60)),
    });
    fleet.reach(end);
    const view = under(fleet, []);
    expect(figures(view)).toMatchObject({
      cost: { inForceMs: 0, blockedMs: 0, nfzs: [], overrides: 0 },
      queue: [],
      counts: [],
    });
    const rollout = view.entity("rollout", "u");
    expect(rollout?.status.startedBy?.occurredAt).toBe(hour(20));
    expect(rollout?.status.endedBy?.occurredAt).toBe(hour(23));
    const [stretch] = view.entity("node", "n1")?.maintenance ?? [];
    expect([stretch?.from, stretch?.to]).toEqual([hour(21), hour(22)]);
  });
});

describe("under other zones", () => {
  test("a rollout waits for them, and its maintenance moves with its announcements and their notice", () => {
    const fleet = new Fleets();
    fleet.submitted("u", 1);
    fleet.add(
      "NodeMaintenanceAnnounced",
      2,
      {
        node: "n1",
        maintenanceId: "n1-u",
        plannedFrom: iso(hour(20)),
        plannedTo: iso(hour(22)),
        rolloutId: "u",
      },
      { recordedAt: hour(3) },
    );
    asks(fleet, "v", 20, "r2", []);
    fleet.add("RolloutStarted", 19, { rollout: "u" });
    fleet.maintenance("n1", 20, 21, "u");
    fleet.maintenance("n2", 20, 21, "other");
    fleet.reach(end);
    const view = under(fleet, [{ nfz: "z", from: 10, to: 29, racks: ["r1"] }]);
    const { status, blocked } = view.entity("rollout", "u") ?? {};
    expect(status?.startedBy?.occurredAt).toBe(hour(29));
    expect(blocked?.map(({ from, to }) => [from, to])).toEqual([[hour(19), hour(29)]]);
    const [stretch] = view.entity("node", "n1")?.maintenance ?? [];
    expect([stretch?.from, stretch?.to]).toEqual([hour(30), hour(31)]);
    expect(stretch?.announcements[0]).toMatchObject({
      recordedAt: hour(13),
      plannedFrom: hour(30),
      plannedTo: hour(32),
    });
    const [other] = view.entity("node", "n2")?.maintenance ?? [];
    expect(other?.from).toBe(hour(20));
    expect(view.entity("rollout", "v")?.status.startedBy?.occurredAt).toBe(hour(20));
  });

  test("one that never started is released, and stays as it was", () => {
    const fleet = new Fleets();
    declare(fleet, [{ nfz: "a", from: 10, to: 50 }]);
    fleet.submitted("u", 5);
    fleet.add("RolloutBlocked", 20, { rollout: "u", nfzIds: ["a"] });
    fleet.add("RolloutCancelled", 45, { rollout: "u" });
    fleet.reach(end);
    const view = under(fleet, [{ nfz: "z", from: 10, to: 30 }]);
    const { blocked, status } = view.entity("rollout", "u") ?? {};
    expect(blocked?.map(({ from, to }) => [from, to])).toEqual([[hour(20), hour(30)]]);
    expect([status?.state, status?.endedBy?.occurredAt]).toEqual(["cancelled", hour(45)]);
  });

  test("a zone is not in force before it is declared", () => {
    const fleet = new Fleets();
    asks(fleet, "u", 20, "r1", []);
    fleet.reach(end);
    const calendar = stepsAtOnce(
      hypotheticalNfzs(
        [
          {
            nfz: "z",
            clusters: "all",
            inFlight: "pause",
            occurrences: [{ to: iso(hour(90)) }],
            declaredAt: hour(40),
          },
        ],
        "c",
        window.to,
        zones,
      ),
    );
    const view = fleet.view();
    const other = otherHistory(view, view, calendar);
    expect(nfzCostIn(other, rolloutsOf(other), window)).toMatchObject({
      inForceMs: 50 * hourMs,
      blockedMs: 0,
    });
  });
});

test("the occurrences of a rule are recorded past the end of the period, however long it is", () => {
  const [zone] = stepsAtOnce(
    hypotheticalNfzs(
      [
        {
          nfz: "weekly",
          clusters: ["c"],
          inFlight: "finish",
          recurrence: {
            rrule: "FREQ=WEEKLY",
            start: "2026-03-02T00:00",
            zone: "UTC",
            durationMs: hourMs,
          },
          declaredAt: begin,
        },
      ],
      "c",
      begin + 3 * 365 * 24 * hourMs,
      zones,
    ),
  );
  const last = zone?.occurrences.at(-1)?.from ?? 0;
  expect(last).toBeGreaterThan(begin + 3 * 365 * 24 * hourMs);
  const starts = zone?.occurrences.map(({ from }) => from) ?? [];
  const gaps = new Set(starts.slice(1).map((from, i) => from - (starts[i] ?? 0)));
  expect([...gaps]).toEqual([7 * 24 * hourMs]);
});

test("other work goes on after each zone of the calendar", () => {
  const zone = { clusters: "all" as const, inFlight: "pause" as const, declaredAt: begin };
  const occurrences = [{ to: iso(hour(90)) }];
  const stated = ["a", "b"].map((nfz) => ({ ...zone, nfz, occurrences }));
  const steps = hypotheticalNfzs(stated, "c", window.to, zones);
  expect([steps.next().done, steps.next().done, steps.next().done]).toEqual([false, false, true]);
});

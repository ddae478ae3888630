import { describe, expect, it } from "vitest";
import { clusterSummary } from "../../projections/cluster-summary.ts";
import { FigureTooLarge } from "../../projections/ratio.ts";
import { RefusedRequest } from "../../projections/refused-request.ts";
import { slaDocument } from "../../projections/sla-document.ts";
import {
  blockedQueue,
  jobUptimeOverWindow,
  nfzCalendarAt,
  nisOverWindow,
} from "../../projections/window-figures.ts";
import { History, hour, hourMs, iso, zones } from "./history.ts";

/** Ten nodes; one of them fails again and again, and one is open for long. */
function fleet(): History {
  const history = new History();
  history.add("ClusterRegistered", 0, { name: "The cluster" });
  for (let i = 0; i < 10; i++)
    history.add("NodeCommissioned", 0, { node: `n${i}`, sku: i < 5 ? "big" : "small" });
  history.add("NodeFailed", 1, { node: "n0", faultId: "long", category: "facility" });
  for (let i = 0; i < 8; i++) {
    const faultId = `again-${i}`;
    history.add("NodeFailed", 10 + i, {
      node: "n7",
      faultId,
      category: "hardware",
      component: "gpu",
      detectedAt: iso(hour(10.1 + i)),
    });
    history.add("NodeRepairStarted", 10.2 + i, { node: "n7", faultId, phase: "drain" });
    history.add("NodeRepairStarted", 10.3 + i, { node: "n7", faultId, phase: "repair" });
    history.add("NodeReturned", 10.5 + i, { node: "n7", faultIds: [faultId], how: "automatic" });
  }
  history.add("NfzDeclared", 20, {
    nfz: "x",
    occurrences: [{ from: iso(hour(90)), to: iso(hour(120)) }],
    inFlight: "pause",
  });
  history.add("RolloutBlocked", 95, { rollout: "r", nfzIds: ["x"] });
  history.reach(200);
  return history;
}

describe("the summary of a cluster", () => {
  it("gives each headline figure against its target, and what needs attention", () => {
    const summary = clusterSummary(fleet().view(), { from: hour(0), to: hour(100) }, zones);
    expect(summary.name).toBe("The cluster");
    expect(summary.nodes).toEqual({ "in-service": 9, down: 1, maintenance: 0, unknown: 0 });
    expect(summary.nfzInForce).toEqual([{ nfz: "x", until: hour(120) }]);
    expect(summary.blocked).toMatchObject([
      { rollout: "r", ageMs: 5 * hourMs, nextRelease: hour(120) },
    ]);
    expect(summary.openFaultsBeyondTarget.map((fault) => fault.faultId)).toEqual(["long"]);
    expect(summary.mttr).toMatchObject({ faultsClosed: 8, meanMs: hourMs / 2, met: true });
    expect(summary.nis.contractual).toBe((10 * 100 - 99 - 4) / 1_000);
    // 10 % of the last hours are out of service, twice the 5 % that the target leaves.
    expect(summary.burnRates).toMatchObject({ oneHour: 2, sixHours: 2, threeDays: 2 });
  });
});

describe("a figure that is null", () => {
  it("says why: no budget to burn, no node-time in the last hours, no interruption, no checkpoint", () => {
    const history = new History();
    const terms = { jobUptimeTarget: 0.9, mttrTargetMs: 1, noticeHours: 0, excludeUnknown: false };
    const policy = { ...terms, monthlyAllowanceNodeHours: 0, zone: "UTC" };
    history.add("SlaPolicySet", 0, { ...policy, nisTarget: 1 });
    history.add("NodeCommissioned", 0, { node: "n" });
    history.add("SlaPolicySet", 50, { ...policy, nisTarget: 0.9 });
    history.add("JobStarted", 60, { job: "j", nodes: ["n"] });
    history.add("NodeDecommissioned", 90, { node: "n" });
    history.reach(200);
    const early = history.report(0, 40);
    expect(early.nis.burnRates.period).toBeNull();
    expect(early.nis.note).toMatch(/no error budget/);
    expect(early.jobUptime.note).toMatch(/No job/);
    const late = history.report(50, 95);
    expect(late.nis.burnRates).toMatchObject({ oneHour: null, period: 0 });
    expect(late.nis.note).toMatch(/burn rate is missing/);
    const { checkpointAdvice, note } = late.jobUptime;
    expect(checkpointAdvice).toMatchObject({
      meanTimeBetweenInterruptionsMs: null,
      checkpointCostMs: null,
    });
    expect(note).toMatch(/No interruption began.*No checkpoint was complete/);
    expect(history.report(60, 90).nis.note).toBeUndefined();
  });
});

describe("MTBF", () => {
  it("is in-service node-time per fault opened, with the rate and the repeat offenders", () => {
    const { mtbf } = fleet().report(0, 100);
    expect(mtbf.faultsOpened).toBe(9);
    expect(mtbf.mtbfMs).toBe(Math.round((897 * hourMs) / 9));
    expect(mtbf.faultsPerThousandNodeDays).toBe(216);
    expect(mtbf.repeatOffenders).toEqual([{ node: "n7", faults: 8, expected: 0.9 }]);
  });

  it("is null without a fault, and says why", () => {
    const { mtbf } = fleet().report(50, 60);
    expect(mtbf.mtbfMs).toBeNull();
    expect(mtbf.note).toBeDefined();
  });
});

describe("MTTR", () => {
  it("is given per cause, component, SKU and way of repair, and by segment", () => {
    const { mttr } = fleet().report(0, 100);
    const each = { closed: 8, meanMs: hourMs / 2 };
    expect(mttr.byCause).toEqual({ hardware: each });
    expect(mttr.byComponent).toEqual({ gpu: each });
    expect(mttr.bySku).toEqual({ small: each });
    expect(mttr.byHow).toEqual({ automatic: each });
    const { totalMs, faults } = mttr.segments;
    expect(faults).toBe(8);
    expect(totalMs).toMatchObject({ diagnose: 0, validate: 0, repair: 1.6 * hourMs });
    expect(Object.values(totalMs).reduce((sum, ms) => sum + ms, 0)).toBe(4 * hourMs);
  });

  it("stands beside the restricted mean of the opened, which does not forget the open ones", () => {
    const { mttr } = fleet().report(0, 100);
    expect(mttr.restrictedToMs).toBe(99 * hourMs);
    // Eight of nine ended after half an hour; one is still open after 99 h.
    expect(mttr.restrictedMeanMs).toBe(Math.round((0.5 + 98.5 / 9) * hourMs));
    expect(mttr.open).toMatchObject([{ faultId: "long", ageMs: 99 * hourMs, overTarget: true }]);
  });
});

describe("figures of any window", () => {
  it("are those of the document over the same window", () => {
    const history = fleet();
    const view = history.view();
    const { nis, jobUptime } = history.report(5, 50);
    expect(nisOverWindow(view, hour(5), hour(50), zones)).toMatchObject({
      raw: nis.raw,
      budgetNodeMs: nis.budgetNodeMs,
      downNodeMs: nis.downNodeMs,
    });
    expect(jobUptimeOverWindow(view, hour(5), hour(50)).uptime).toBe(jobUptime.uptime);
    expect(blockedQueue(view, hour(95))).toEqual([]);
    expect(nfzCalendarAt(view, hour(20))).toMatchObject([
      { nfz: "x", occurrences: [], inForce: false },
    ]);
    expect(nfzCalendarAt(view, hour(90))).toMatchObject([{ nfz: "x", inForce: true }]);
  });

  it("are refused for a window that ends before it begins", () => {
    expect(() => nisOverWindow(fleet().view(), hour(5), hour(5), zones)).toThrow(RefusedRequest);
  });

  it("throw rather than lie past 2^53 - 1", () => {
    const history = new History();
    history.add("JobStarted", 0, { job: "j", nodes: ["n[1-200000]"] });
    expect(() => jobUptimeOverWindow(history.view(), hour(0), hour(20_000))).toThrow(
      FigureTooLarge,
    );
  });
});

describe("the document", () => {
  it("is refused for a cluster that no fact names", () => {
    const history = new History();
    history.reach(5);
    expect(() => slaDocument(history.view(), { period: "2026-03-01", zone: "UTC" }, zones)).toThrow(
      /knows no cluster "c"/,
    );
  });

  it("says which period, definitions and zone table it is about", () => {
    const history = fleet();
    const view = history.view(history.events.length);
    const again = slaDocument(view, { period: "2026-03", zone: "UTC" }, zones);
    expect(again.period).toEqual({
      label: "2026-03",
      from: iso(hour(0)),
      to: iso(hour(200)),
      zone: "UTC",
      complete: false,
    });
    expect(again.definitions).toBe("fleetledger-measures/1");
    expect(again.tzdata).toBe(zones.version);
  });
});

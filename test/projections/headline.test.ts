import { describe, expect, it } from "vitest";
import { jobUptimeIn } from "../../projections/figures/jobs/job-uptime.ts";
import { FigureTooLarge } from "../../projections/arithmetic/ratio.ts";
import { slaDocument } from "../../projections/document/sla-document.ts";
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

  it("is given beside the restricted mean of the opened faults, which includes the open ones", () => {
    const { mttr } = fleet().report(0, 100);
    expect(mttr.restrictedToMs).toBe(99 * hourMs);
    // Eight of nine ended after half an hour; one is still open after 99 h.
    expect(mttr.restrictedMeanMs).toBe(Math.round((0.5 + 98.5 / 9) * hourMs));
    expect(mttr.open).toMatchObject([{ faultId: "long", ageMs: 99 * hourMs, overTarget: true }]);
  });
});

describe("a sum past 2^53 - 1", () => {
  it("is refused rather than rounded", () => {
    const history = new History();
    history.add("JobStarted", 0, { job: "j", nodes: ["n[1-200000]"] });
    const window = { from: hour(0), to: hour(20_000) };
    expect(() => jobUptimeIn(history.view().entities("job"), window, 0.9)).toThrow(FigureTooLarge);
  });
});

describe("the document", () => {
  it("is refused for a cluster that no fact names", () => {
    const history = new History();
    history.reach(5);
    expect(() => slaDocument(history.view(), { period: "2026-03-01", zone: "UTC" }, zones)).toThrow(
      /unknown cluster "c"/,
    );
  });

  it("says which period, definitions and zone table were used", () => {
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

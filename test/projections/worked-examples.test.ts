import { describe, expect, it } from "vitest";
import { History, hour, hourMs } from "./history.ts";

const policy = {
  nisTarget: 0.95,
  jobUptimeTarget: 0.9,
  mttrTargetMs: 172_800_000,
  noticeHours: 24,
  monthlyAllowanceNodeHours: 1_000,
  excludeUnknown: false,
  zone: "UTC",
};

/** The example of nodes in measures.md. */
function twoNodes(excludeUnknown: boolean): History {
  const history = new History();
  history.add("SlaPolicySet", 0, { ...policy, excludeUnknown });
  history.add("NodeCommissioned", 0, { node: "a" });
  history.add("NodeCommissioned", 0, { node: "b" });
  history.add("NodeObservationLost", 0, { node: "b" });
  const planned = {
    plannedFrom: new Date(hour(35)).toISOString(),
    plannedTo: new Date(hour(50)).toISOString(),
  };
  history.add("NodeMaintenanceAnnounced", 5, { node: "a", maintenanceId: "m", ...planned });
  history.add("NodeFailed", 10, { node: "a", faultId: "f1", category: "hardware" });
  history.add("NodeObservationRestored", 10, { node: "b" });
  history.add("NodeFailed", 20, { node: "a", faultId: "f2", category: "software" });
  history.add("NodeReturned", 30, { node: "a", faultIds: ["f1"] });
  history.add("NodeMaintenanceStarted", 35, { node: "a", maintenanceId: "m" });
  history.add("NodeReturned", 40, { node: "a", faultIds: ["f2"] });
  history.add("NodeMaintenanceEnded", 50, { node: "a", maintenanceId: "m" });
  history.reach(100);
  return history;
}

describe("the example of two nodes over 100 hours", () => {
  it("splits the node-time by state and gives raw NIS 75 %", () => {
    const { nis } = twoNodes(false).report(0, 100);
    expect(nis.memberNodeMs).toBe(200 * hourMs);
    expect(nis.downNodeMs).toBe(30 * hourMs);
    expect(nis.maintenanceNodeMs).toBe(10 * hourMs);
    expect(nis.unknownNodeMs).toBe(10 * hourMs);
    expect(nis.inServiceNodeMs).toBe(150 * hourMs);
    expect(nis.raw).toBe(0.75);
  });

  it("gives 78.947 % with the announced maintenance excluded", () => {
    const { nis } = twoNodes(false).report(0, 100);
    expect(nis.excludedNodeMs).toBe(10 * hourMs);
    expect(nis.contractual).toBe(0.789473684);
    expect(nis.met).toBe(false);
    expect(nis.budgetNodeMs).toBe(9.5 * hourMs);
    expect(nis.budgetSpentNodeMs).toBe(40 * hourMs);
  });

  it("gives 83.333 % with unknown time excluded too", () => {
    expect(twoNodes(true).report(0, 100).nis.contractual).toBe(0.833333333);
  });

  it("counts faults one by one and their outage once", () => {
    const { mttr } = twoNodes(false).report(0, 100);
    expect(mttr.faultsClosed).toBe(2);
    expect(mttr.meanMs).toBe(20 * hourMs);
    expect(mttr.nodeOutages).toEqual({ closed: 1, meanMs: 30 * hourMs, medianMs: 30 * hourMs });
  });
});

/** The example of a job in measures.md. */
function oneJob(): History {
  const history = new History();
  for (const node of ["n1", "n2", "n3", "n4"]) history.add("NodeCommissioned", 0, { node });
  history.add("JobStarted", 0, { job: "j", nodes: ["n[1-4]"] });
  history.add("JobCheckpointed", 2, { job: "j", checkpointId: "k2", durationMs: 360_000 });
  history.add("JobCheckpointed", 4, { job: "j", checkpointId: "k4", durationMs: 360_000 });
  history.add("NodeFailed", 5, { node: "n3", faultId: "f", category: "hardware" });
  history.add("JobInterrupted", 5, {
    job: "j",
    cause: { kind: "fault", faultId: "f", node: "n3" },
  });
  history.add("NodeReturned", 5.5, { node: "n3", faultIds: ["f"] });
  history.add("JobResumed", 5.5, { job: "j", from: { checkpointId: "k4" } });
  history.add("JobFinished", 10, { job: "j", outcome: "completed" });
  return history;
}

describe("the example of a job on four nodes", () => {
  it("ran 9.5 h, was interrupted 0.5 h, lost 1 h, checkpointed 0.2 h and kept 8.3 h", () => {
    const { jobUptime } = oneJob().report(0, 10);
    expect(jobUptime.jobs).toEqual([
      {
        job: "j",
        uptime: 0.95,
        ettr: 0.83,
        runningMs: 9.5 * hourMs,
        interruptedMs: 0.5 * hourMs,
        pausedMs: 0,
        keptMs: 29_880_000,
        checkpointingMs: 0.2 * hourMs,
        lostMs: hourMs,
        interruptions: 1,
        crashes: 1,
      },
    ]);
    expect(jobUptime.uptime).toBe(0.95);
    expect(jobUptime.ettr).toBe(0.83);
    expect(jobUptime.met).toBe(true);
  });

  it("attributes the lost and the interrupted time to the fault", () => {
    const { attribution } = oneJob().report(0, 10).jobUptime;
    expect(attribution.fault).toEqual({ interruptedNodeMs: 2 * hourMs, lostNodeMs: 4 * hourMs });
    expect(attribution.unknown).toEqual({ interruptedNodeMs: 0, lostNodeMs: 0 });
  });

  it("amplifies the outage of half an hour twelvefold", () => {
    expect(oneJob().report(0, 10).jobUptime.outages).toEqual([
      {
        node: "n3",
        faultId: "f",
        jobs: 1,
        lostNodeMs: 4 * hourMs,
        interruptedNodeMs: 2 * hourMs,
        outageNodeMs: 0.5 * hourMs,
        amplification: 12,
      },
    ]);
  });

  it("advises the checkpoint interval of Young and Daly from what was measured", () => {
    const { checkpointAdvice } = oneJob().report(0, 10).jobUptime;
    expect(checkpointAdvice).toMatchObject({
      meanTimeBetweenInterruptionsMs: 9.5 * hourMs,
      checkpointCostMs: 360_000,
      checkpointIntervalMs: 2 * hourMs,
      recoveryMs: 0.5 * hourMs,
      youngDalyIntervalMs: Math.round(Math.sqrt(2 * 360_000 * 9.5 * hourMs)),
    });
    // (1 - (0.5 h + 1 h) / 9.5 h) / (1 + 0.1 h / 2 h)
    expect(checkpointAdvice.expectedEttr).toBeCloseTo((1 - 1.5 / 9.5) / 1.05, 9);
  });
});

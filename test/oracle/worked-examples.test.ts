import { describe, expect, it } from "vitest";
import { hour, idOf, inHours, policyData, reportOf } from "./hand-written.ts";
import type { Line } from "./hand-written.ts";

const nodes: readonly Line[] = [
  ["NodeCommissioned", 0, { node: "A" }],
  ["NodeCommissioned", 0, { node: "B" }],
  ["NodeFailed", 10, { node: "A", faultId: "f1", category: "hardware" }],
  ["NodeReturned", 30, { node: "A", faultIds: ["f1"] }],
  ["NodeFailed", 20, { node: "A", faultId: "f2", category: "network", component: "nic" }],
  ["NodeReturned", 40, { node: "A", faultIds: ["f2"] }],
  ["NodeMaintenanceStarted", 35, { node: "A", maintenanceId: "m" }],
  ["NodeMaintenanceEnded", 50, { node: "A", maintenanceId: "m" }],
  ["NodeObservationLost", 0, { node: "B" }],
  ["NodeObservationRestored", 10, { node: "B" }],
];
const announced: Line = [
  "NodeMaintenanceAnnounced",
  1,
  { node: "A", maintenanceId: "m", plannedFrom: hour(35), plannedTo: hour(50) },
];

describe("the oracle on the worked example of NIS", () => {
  it("gives 75 % raw, and the same for the contractual figure without exclusions", () => {
    const { nis } = reportOf(nodes, 0, 100);
    expect(nis).toMatchObject({
      raw: 0.75,
      contractual: 0.75,
      met: false,
      memberNodeMs: inHours(200),
      inServiceNodeMs: inHours(150),
      downNodeMs: inHours(30),
      maintenanceNodeMs: inHours(10),
      unknownNodeMs: inHours(10),
      excludedNodeMs: 0,
      budgetNodeMs: inHours(10),
      budgetSpentNodeMs: inHours(50),
      exclusions: [],
      announcedLate: [],
    });
  });

  it("gives 78.947 % with the maintenance excluded", () => {
    const policy: Line = ["SlaPolicySet", 0, policyData({ monthlyAllowanceNodeHours: 100 })];
    const { nis } = reportOf([policy, announced, ...nodes], 0, 100);
    expect(nis).toMatchObject({
      raw: 0.75,
      contractual: 0.789473684,
      excludedNodeMs: inHours(10),
      budgetNodeMs: inHours(9.5),
      budgetSpentNodeMs: inHours(40),
    });
    expect(nis.exclusions).toEqual([
      {
        kind: "maintenance",
        node: "A",
        maintenanceId: "m",
        from: hour(40),
        to: hour(50),
        ms: inHours(10),
        eventIds: [idOf(2), idOf(9), idOf(10)],
      },
    ]);
  });

  it("gives 83.333 % with unknown time excluded too", () => {
    const policy: Line = [
      "SlaPolicySet",
      0,
      policyData({ monthlyAllowanceNodeHours: 100, excludeUnknown: true }),
    ];
    const { nis } = reportOf([policy, announced, ...nodes], 0, 100);
    expect(nis).toMatchObject({ contractual: 0.833333333, excludedNodeMs: inHours(20) });
    expect(nis.exclusions.map(({ kind }) => kind)).toEqual(["unknown", "maintenance"]);
    expect(nis.exclusions[0]?.eventIds).toEqual([idOf(11), idOf(12)]);
  });
});

describe("the oracle on the worked example of a job", () => {
  const job: readonly Line[] = [
    ["JobStarted", 0, { job: "j", nodes: ["n[1-4]"] }],
    ["JobCheckpointed", 2, { job: "j", checkpointId: "k1", durationMs: inHours(0.1) }],
    ["JobCheckpointed", 4, { job: "j", checkpointId: "k2", durationMs: inHours(0.1) }],
    ["JobInterrupted", 5, { job: "j", cause: { kind: "fault", node: "n3", faultId: "f" } }],
    ["JobResumed", 5.5, { job: "j", from: { checkpointId: "k2" } }],
    ["JobFinished", 10, { job: "j", outcome: "completed" }],
  ];

  it("gives an uptime of 95 % and an ETTR of 83 %", () => {
    const { jobUptime } = reportOf(job, 0, 10);
    expect(jobUptime).toMatchObject({ uptime: 0.95, contractual: 0.95, ettr: 0.83, met: true });
    expect(jobUptime.jobs).toEqual([
      {
        job: "j",
        uptime: 0.95,
        ettr: 0.83,
        runningMs: inHours(9.5),
        interruptedMs: inHours(0.5),
        pausedMs: 0,
        keptMs: inHours(8.3),
        checkpointingMs: inHours(0.2),
        lostMs: inHours(1),
        interruptions: 1,
        crashes: 1,
      },
    ]);
  });

  it("attributes the four nodes' lost and interrupted time to the fault, an amplification of 12", () => {
    const { fault } = reportOf(job, 0, 10).jobUptime.attribution;
    expect(fault).toEqual({ interruptedNodeMs: inHours(2), lostNodeMs: inHours(4) });
    const nodeOutageMs = inHours(0.5);
    expect(((fault?.lostNodeMs ?? 0) + (fault?.interruptedNodeMs ?? 0)) / nodeOutageMs).toBe(12);
  });
});

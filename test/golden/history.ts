/** What happens in a golden ledger: every kind of fact, told in time, late, wrong and corrected. */

export interface GoldenFact {
  readonly id: string;
  readonly type: string;
  readonly occurredAt: string;
  readonly data: object;
  readonly source: string;
  readonly actor?: string;
  readonly reason?: string;
  readonly ticket?: string;
}

let count = 0;

function fact(type: string, at: string, data: object, said: object = {}): GoldenFact {
  const id = `60000000-0000-4000-8000-${String(++count).padStart(12, "0")}`;
  return { id, type, occurredAt: `2026-${at}:00Z`, data, source: "prober", ...said };
}

const alpha = (type: string, at: string, data: object, said?: object): GoldenFact =>
  fact(type, at, { cluster: "alpha", ...data }, said);
const berlin = (type: string, at: string, data: object, said?: object): GoldenFact =>
  fact(type, at, { cluster: "berlin", ...data }, said);

const eva = {
  actor: "Eva Größe",
  reason: 'the prober\'s clock was wrong: "−3 h"',
  ticket: "OPS-7",
};
const lead = { actor: "site lead", reason: "a security update does not wait" };
const updates = [{ component: "gpu-driver", version: "570.86", family: "r570" }];

/** Told before the first seal. */
export const february: readonly GoldenFact[] = [
  alpha("ClusterRegistered", "02-01T00:00", { name: 'Alpha "One"', sku: "GH200", region: "eu" }),
  berlin("ClusterRegistered", "02-01T00:00", { zone: "Europe/Berlin" }),
  alpha("SlaPolicySet", "02-01T00:00", {
    nisTarget: 0.95,
    jobUptimeTarget: 0.9,
    mttrTargetMs: 172_800_000,
    noticeHours: 24,
    monthlyAllowanceNodeHours: 20.5,
    excludeUnknown: true,
    zone: "UTC",
  }),
  berlin("SlaPolicySet", "02-01T00:00", {
    nisTarget: 0.99,
    jobUptimeTarget: 0.95,
    mttrTargetMs: 86_400_000,
    noticeHours: 48,
    monthlyAllowanceNodeHours: 0,
    excludeUnknown: false,
    excludeDownInMaintenance: true,
    zone: "Europe/Berlin",
  }),
  ...[1, 2, 3, 4, 5, 6].map((n) =>
    alpha("NodeCommissioned", "02-01T00:00", { node: `n${n}`, rack: `r${n % 2}`, gpus: 4 }),
  ),
  ...[1, 2].map((n) => berlin("NodeCommissioned", "02-02T00:00", { node: `b${n}` })),
  alpha("NfzDeclared", "02-20T00:00", {
    nfz: "keynote",
    scope: { racks: ["r1"] },
    occurrences: [
      { from: "2026-03-16T15:00:00Z", to: "2026-03-16T20:00:00Z" },
      { from: "2026-03-23T15:00:00Z", to: "2026-03-23T20:00:00Z" },
    ],
    inFlight: "pause",
    recurrence: {
      rrule: "FREQ=WEEKLY;COUNT=2",
      start: "2026-03-16T08:00:00",
      zone: "America/Los_Angeles",
      durationMs: 18_000_000,
    },
    tzdata: "2026a",
  }),
  alpha("NfzDeclared", "02-20T00:00", {
    nfz: "freeze",
    occurrences: [{ from: "2026-03-28T00:00:00Z", to: "2026-04-03T00:00:00Z" }],
    inFlight: "finish",
  }),
  alpha("NodeMaintenanceAnnounced", "02-25T00:00", {
    node: "n3",
    maintenanceId: "m1",
    plannedFrom: "2026-03-10T00:00:00Z",
    plannedTo: "2026-03-10T12:00:00Z",
    rolloutId: "fw",
  }),
];

/** Told as it happened. */
export const march: readonly GoldenFact[] = [
  alpha("JobStarted", "03-01T06:00", { job: "llm.1", nodes: ["n[1-4]"], gpus: 16 }),
  alpha("JobCheckpointed", "03-02T06:00", { job: "llm.1", checkpointId: "c1", durationMs: 60_000 }),
  alpha("NodeFailed", "03-02T08:00", {
    node: "n1",
    faultId: "f1",
    category: "hardware",
    component: "gpu",
    codes: ["79"],
    detectedAt: "2026-03-02T08:05:00Z",
  }),
  alpha("JobInterrupted", "03-02T08:00", {
    job: "llm.1",
    cause: { kind: "fault", faultId: "f1", node: "n1" },
  }),
  alpha("NodeRepairStarted", "03-02T09:00", { node: "n1", faultId: "f1", phase: "diagnose" }),
  alpha("NodeRepairStarted", "03-02T10:00", { node: "n1", faultId: "f1", phase: "repair" }),
  alpha("JobResumed", "03-02T11:00", {
    job: "llm.1",
    from: { checkpointId: "c1" },
    nodes: ["n[2-5]"],
  }),
  alpha("NodeReturned", "03-03T08:00", { node: "n1", faultIds: ["f1"], how: "manual" }),
  alpha("JobPaused", "03-04T00:00", { job: "llm.1" }),
  alpha("JobUnpaused", "03-04T06:00", { job: "llm.1" }),
  alpha("JobNodesChanged", "03-05T00:00", { job: "llm.1", nodes: ["n[1-5]"] }),
  alpha("NodeMaintenanceStarted", "03-10T01:00", { node: "n3", maintenanceId: "m1" }),
  alpha("NodeMaintenanceEnded", "03-10T11:00", { node: "n3", maintenanceId: "m1" }),
  alpha("NodeObservationLost", "03-12T00:00", { node: "n6", observer: "dcgm" }),
  alpha("NodeObservationRestored", "03-12T05:00", { node: "n6", observer: "dcgm" }),
  alpha("NodeScaleDenied", "03-12T06:00", { node: "n6", request: "s1", reasons: ["unknown"] }),
  alpha("NodeScaleAllowed", "03-12T07:00", { node: "n6", request: "s1" }),
  fact("CoTestPassed", "03-13T00:00", { coTest: "ct1", cluster: "alpha", updates }),
  fact("CoTestFailed", "03-13T00:00", { coTest: "ct2", updates }),
  alpha("RolloutSubmitted", "03-16T14:00", {
    rollout: "fw",
    targets: { racks: ["r1"] },
    updates,
    impact: { kind: "impactful", secondsPerNode: 900.25 },
    urgency: "security",
    deadline: "2026-04-01T00:00:00+02:00",
  }),
  alpha("RolloutBlocked", "03-16T15:30", { rollout: "fw", nfzIds: ["keynote"] }),
  alpha(
    "RolloutOverrideGranted",
    "03-16T16:00",
    { rollout: "fw", role: "site-lead", nfzIds: ["keynote"], expiresAt: "2026-03-17T00:00:00Z" },
    lead,
  ),
  alpha("RolloutStarted", "03-16T16:10", { rollout: "fw" }),
  alpha("RolloutProgressed", "03-16T17:00", { rollout: "fw", nodesDone: 1, nodesTotal: 3 }),
  alpha("RolloutPaused", "03-16T17:10", { rollout: "fw" }),
  alpha("NfzExtended", "03-16T19:00", {
    nfz: "keynote",
    occurrence: "2026-03-16T15:00:00Z",
    to: "2026-03-16T21:00:00Z",
  }),
  alpha("RolloutResumed", "03-16T21:00", { rollout: "fw" }),
  alpha("RolloutCompleted", "03-16T22:00", { rollout: "fw" }),
  // The returned node's clock is four minutes behind: within the tolerance.
  alpha("NodeReturned", "03-21T10:00", { node: "n5", faultIds: ["f4"] }),
  alpha("NodeFailed", "03-21T10:04", { node: "n5", faultId: "f4", category: "human" }),
  alpha("NfzShortened", "03-22T00:00", {
    nfz: "keynote",
    occurrence: "2026-03-23T15:00:00Z",
    to: "2026-03-23T18:00:00Z",
  }),
  alpha("NfzLifted", "03-23T17:00", { nfz: "keynote" }),
  ...["a", "b", "c", "d"].map((name) =>
    alpha("RolloutSubmitted", "03-25T00:00", {
      rollout: name,
      updates,
      impact: { kind: "impactless" },
      urgency: "routine",
    }),
  ),
  alpha("RolloutBlocked", "03-28T01:00", { rollout: "a", nfzIds: ["freeze"] }),
  alpha("NfzCancelled", "03-29T00:00", { nfz: "freeze" }),
  alpha("RolloutUnblocked", "03-29T00:01", { rollout: "a" }),
  alpha("RolloutStarted", "03-29T00:02", { rollout: "a" }),
  alpha("RolloutFailed", "03-29T01:00", { rollout: "a" }),
  alpha("RolloutRolledBack", "03-29T02:00", { rollout: "a" }),
  alpha("RolloutCancelled", "03-29T03:00", { rollout: "b" }),
  alpha("RolloutSuperseded", "03-29T04:00", { rollout: "c", supersededBy: "d" }),
  alpha("JobFinished", "03-30T00:00", { job: "llm.1", outcome: "completed" }),
  alpha("NodeFailed", "03-31T12:00", { node: "n2", faultId: "f2", category: "network" }),
  alpha("NodeDecommissioned", "03-31T18:00", { node: "n6" }),
  berlin("NodeFailed", "03-28T22:00", { node: "b1", faultId: "f1", category: "facility" }),
  // Across the hour that the clocks of Berlin leave out.
  berlin("NodeReturned", "03-29T03:00", { node: "b1", faultIds: ["f1"], how: "automatic" }),
  berlin("JobStarted", "03-28T00:00", { job: "sim", nodes: ["b[1-2]"] }),
  berlin("JobFinished", "03-28T22:00", {
    job: "sim",
    outcome: "failed",
    cause: { kind: "fault", faultId: "f1", node: "b1" },
  }),
  // Within a day of a failed finish: the same run goes on.
  berlin("JobStarted", "03-29T10:00", { job: "sim", nodes: ["b[1-2]"] }),
];

const idOf = (type: string, at: string): string => {
  const found = march.find(
    (each) => each.type === type && each.occurredAt.startsWith(`2026-${at}`),
  );
  if (found === undefined) throw new Error(`nothing in March is a ${type} of ${at}`);
  return found.id;
};

const lateFailure = alpha("NodeFailed", "03-20T00:00", {
  node: "n4",
  faultId: "f3",
  category: "software",
});
const mistake = fact(
  "FactRetracted",
  "04-08T00:00",
  { eventId: idOf("NodeObservationLost", "03-12") },
  eva,
);

/** Told after March's reports: late facts and what was wrong about March. */
export const april: readonly GoldenFact[] = [
  lateFailure,
  alpha("NodeReturned", "03-20T09:00", { node: "n4", faultIds: ["f3"] }),
  fact(
    "FactCorrected",
    "04-07T00:00",
    { eventId: idOf("NodeReturned", "03-03"), occurredAt: "2026-03-03T05:00:00Z" },
    eva,
  ),
  fact(
    "FactCorrected",
    "04-07T01:00",
    {
      eventId: idOf("JobInterrupted", "03-02"),
      data: { cluster: "alpha", job: "llm.1", cause: { kind: "software" } },
    },
    eva,
  ),
  fact("FactRetracted", "04-07T02:00", { eventId: idOf("RolloutFailed", "03-29") }, eva),
  mistake,
  fact("FactRetracted", "04-08T01:00", { eventId: mistake.id }, eva),
];

/** Told after the last seal. */
export const unsealed: readonly GoldenFact[] = [
  alpha("NodeReturned", "04-09T00:00", { node: "n2", faultIds: ["f2"] }),
  fact(
    "FactCorrected",
    "04-09T01:00",
    { eventId: lateFailure.id, occurredAt: "2026-03-20T03:00:00Z" },
    eva,
  ),
];

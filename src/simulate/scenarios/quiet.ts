/** A small cluster to which little happens. */
import type { Scenario } from "../setting/scenario.ts";

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

export const quiet: Scenario = {
  name: "quiet",
  purpose: "one cluster of 16 nodes with few events, reported faithfully",
  clusters: [
    {
      cluster: "calm",
      nodes: 16,
      nodesPerRack: 4,
      zone: "UTC",
      region: "eu-north",
      softwareCrashesPerDay: 0.3,
    },
  ],
  tickMs: 1_000,
  fleet: { lateShare: 0, leaveShare: 0, comeBackShare: 0 },
  policy: {
    noticeHours: 24,
    monthlyAllowanceNodeHours: 40,
    excludeUnknown: false,
    excludeDownInMaintenance: false,
    changes: 0,
    changeTargets: false,
  },
  faults: {
    perNodeDay: 0.01,
    lemonShare: 0,
    lemonFactor: 1,
    automaticShare: 0.5,
    automaticMeanMs: hour,
    manualMeanMs: day,
    rackOutagesPerDay: 0,
    rackOutageMeanMs: hour,
    earlyReturnShare: 0,
    sharedReturnShare: 0,
  },
  maintenance: {
    batchesPerDay: 0.1,
    batchNodes: 2,
    meanMs: 2 * hour,
    lateShare: 0.1,
    missingShare: 0,
    movedShare: 0,
    rebootShare: 0,
  },
  observation: { lossesPerNodeDay: 0.005, meanMs: hour },
  nfz: { perDay: 1 / 10, meanMs: 2 * day },
  rollouts: {
    perDay: 0.3,
    impactfulShare: 0.3,
    falselyImpactlessShare: 0,
    breakageShare: 0,
    lostWakeUpShare: 0,
  },
  jobs: {
    mainDays: 7,
    checkpointEveryMs: hour,
    checkpointMs: minute,
    crashMinMs: 10 * minute,
    crashMaxMs: 20 * minute,
    userStopsPerDay: 0.05,
    pausesPerDay: 0.05,
    pauseMeanMs: hour,
    requeueShare: 0,
    olderCheckpointShare: 0,
    fromStartShare: 0,
    smallJobNodes: 0,
    smallJobsPerDay: 0,
    smallJobMeanMs: hour,
    smallJobCrashesPerDay: 0,
  },
  reporting: {
    meanDelayMs: 2_000,
    lateShare: 0,
    lateMeanMs: hour,
    duplicateShare: 0,
    echoShare: 0,
  },
  corrections: { wrongShare: 0, mistakenShare: 0, inventedShare: 0 },
};

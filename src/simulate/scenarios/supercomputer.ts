/** A real fleet's figures: NIS near 95 %, job uptime near 90 %, mean repair near 2 days, 10–15 crashes a day and main job. */
import type { Scenario } from "../scenario.ts";

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

export const supercomputer: Scenario = {
  name: "supercomputer",
  purpose: "3 clusters, 1,200 nodes, with the figures of a real fleet of training clusters",
  clusters: [
    {
      cluster: "aurora",
      nodes: 480,
      nodesPerRack: 16,
      zone: "UTC",
      region: "eu-north",
      softwareCrashesPerDay: 4.7,
    },
    {
      cluster: "borealis",
      nodes: 400,
      nodesPerRack: 16,
      zone: "America/Denver",
      region: "us-west",
      softwareCrashesPerDay: 5.6,
    },
    {
      cluster: "corona",
      nodes: 320,
      nodesPerRack: 16,
      zone: "Europe/Berlin",
      region: "eu-central",
      softwareCrashesPerDay: 7.1,
    },
  ],
  tickMs: 1,
  fleet: { lateShare: 0.02, leaveShare: 0.02, comeBackShare: 0.5 },
  policy: {
    noticeHours: 24,
    monthlyAllowanceNodeHours: 1_500,
    excludeUnknown: true,
    changes: 1,
  },
  faults: {
    perNodeDay: 0.0155,
    lemonShare: 0.02,
    lemonFactor: 10,
    automaticShare: 0.3,
    automaticMeanMs: 2 * hour,
    manualMeanMs: 3.45 * day,
    rackOutagesPerDay: 0.05,
    rackOutageMeanMs: 8 * hour,
    earlyReturnShare: 0.002,
    sharedReturnShare: 0.2,
  },
  maintenance: {
    batchesPerDay: 1.6,
    batchNodes: 8,
    meanMs: 4 * hour,
    lateShare: 0.15,
    missingShare: 0.1,
    movedShare: 0.1,
  },
  observation: { lossesPerNodeDay: 0.01, meanMs: 3 * hour },
  nfz: { perDay: 1 / 12, meanMs: 4 * day },
  rollouts: {
    perDay: 0.5,
    impactfulShare: 0.4,
    falselyImpactlessShare: 0.2,
    breakageShare: 0.02,
    lostWakeUpShare: 0.03,
  },
  jobs: {
    mainDays: 35,
    checkpointEveryMs: 30 * minute,
    checkpointMs: 45_000,
    crashMinMs: 10 * minute,
    crashMaxMs: 20 * minute,
    userStopsPerDay: 0.2,
    pausesPerDay: 0.08,
    pauseMeanMs: 2 * hour,
    requeueShare: 0.05,
    olderCheckpointShare: 0.04,
    fromStartShare: 0,
    smallJobNodes: 8,
    smallJobsPerDay: 1.5,
    smallJobMeanMs: 9 * hour,
    smallJobCrashesPerDay: 0.5,
  },
  reporting: {
    meanDelayMs: 4_000,
    lateShare: 0.02,
    lateMeanMs: 9 * hour,
    duplicateShare: 0.004,
    echoShare: 0.002,
  },
  corrections: { wrongShare: 0.002, mistakenShare: 0.0005, inventedShare: 0.0005 },
};

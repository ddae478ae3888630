/** The columns of the lists about rollouts as CSV. */

export const rolloutColumns = [
  "cluster",
  "rollout",
  "state",
  "submittedAt",
  "urgency",
  "deadline",
  "impact",
  "updates",
  "targets",
  "nodesDone",
  "nodesTotal",
];

export const queueColumns = [
  "cluster",
  "rollout",
  "state",
  "since",
  "ageMs",
  "nfzIds",
  "refusedBy",
  "nextRelease",
  "releaseOverdue",
  "nextStart",
  "urgency",
  "deadline",
  "deadlineOverdue",
  "declared",
  "measured",
  "coTest.passed",
  "coTest.failed",
  "coTest.never",
  "coTest.conflict",
  "nodes",
  "nodesDone",
  "nodesTotal",
  "blockedMs",
];

export const queueStepColumns = ["at", "length", "oldestAgeMs"];

export const violationColumns = [
  "kind",
  "cluster",
  "rollout",
  "node",
  "at",
  "event",
  "nfzs",
  "reported",
  "seen",
];

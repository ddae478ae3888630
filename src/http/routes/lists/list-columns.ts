/** The columns of the lists as CSV; `interruption.since` is a member of a member. */

export const nodeColumns = [
  "cluster",
  "node",
  "rack",
  "sku",
  "state",
  "since",
  "openFaults",
  "faults",
  "boundExceeded",
];

export const faultColumns = [
  "cluster",
  "node",
  "faultId",
  "category",
  "component",
  "rack",
  "sku",
  "since",
  "until",
  "outcome",
  "durationMs",
  "targetMs",
  "overTarget",
  "eventId",
];

export const faultGroupColumns = [
  "cluster",
  "group",
  "faults",
  "open",
  "overTarget",
  "repaired",
  "censored",
  "meanMs",
  "medianMs",
  "p90Ms",
];

export const jobColumns = [
  "cluster",
  "job",
  "state",
  "nodes",
  "startedAt",
  "endedAt",
  "outcome",
  "interruption.since",
  "interruption.kind",
  "interruption.faultId",
  "interruption.node",
  "interruption.eventId",
  "uptime",
  "ettr",
  "runningMs",
  "interruptedMs",
  "pausedMs",
  "keptMs",
  "checkpointingMs",
  "lostMs",
  "interruptions",
  "crashes",
];

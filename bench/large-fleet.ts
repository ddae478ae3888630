/**
 * A year of a large fleet, a day at a time: 4 clusters of 2,500 nodes with failures, maintenance and lost observation,
 * one large job over each cluster, twenty that last for days and many short ones, some 27,000 events a day, 2 % of them
 * recorded hours late. It is made for its size; what such a fleet's figures are like, the simulator says.
 */
import { randomOf } from "./node-history.ts";

const dayMs = 86_400_000;
const hourMs = 3_600_000;
const minuteMs = 60_000;
const checkpointEveryMs = 15 * minuteMs;
const nodesPerRack = 16;

export interface FleetSize {
  readonly days: number;
  readonly clusters: number;
  readonly nodesPerCluster: number;
  /** Jobs of a cluster that last for days, at a time. */
  readonly longJobs: number;
  /** Short jobs of a cluster and day. */
  readonly shortJobsPerDay: number;
  readonly lateShare: number;
  /** When its first day begins, milliseconds since the epoch. Default: the start of 2025. */
  readonly begins?: number;
}

export const largeFleet: FleetSize = {
  days: 365,
  clusters: 4,
  nodesPerCluster: 2_500,
  longJobs: 20,
  shortJobsPerDay: 110,
  lateShare: 0.02,
};

export interface FleetEvent {
  readonly id: string;
  readonly type: string;
  readonly occurredAt: string;
  readonly recordedAt: string;
  readonly data: object;
}

interface Stated {
  readonly type: string;
  readonly at: number;
  readonly recordedAt: number;
  readonly data: object;
}

export const fleetBegins = Date.UTC(2025, 0, 1);

function beginsOf({ begins = fleetBegins }: FleetSize): number {
  return begins;
}

/** The events of each day, by when they are recorded. */
export function* fleetDays(size: FleetSize): Generator<FleetEvent[]> {
  const random = randomOf(7);
  let waiting: Stated[] = [];
  const state = (type: string, at: number, data: object): void => {
    const isLate = random() < size.lateShare;
    const delayMs = Math.floor((isLate ? 12 * hourMs : 2 * minuteMs) * random());
    waiting.push({ type, at: Math.floor(at), recordedAt: Math.floor(at) + delayMs, data });
  };
  for (let cluster = 0; cluster < size.clusters; cluster++) begin(size, nameOf(cluster), state);
  for (let day = 0; day < size.days; day++) {
    const from = beginsOf(size) + (day + 1) * dayMs;
    for (let cluster = 0; cluster < size.clusters; cluster++) {
      nodesOfDay(size, nameOf(cluster), from, random, state);
      shortJobsOfDay(size, nameOf(cluster), from, random, state);
      longJobsOfDay(size, nameOf(cluster), from, random, state);
      largeJobOfDay(size, nameOf(cluster), from, random, state);
    }
    // What is recorded later than this day ends may be overtaken by the next one's.
    const until = from + dayMs;
    const due = waiting.filter(({ recordedAt }) => recordedAt < until);
    waiting = waiting.filter(({ recordedAt }) => recordedAt >= until);
    yield due.sort((a, b) => a.recordedAt - b.recordedAt).map((each) => eventOf(each, random));
  }
}

type State = (type: string, at: number, data: object) => void;

function begin(size: FleetSize, cluster: string, state: State): void {
  state("ClusterRegistered", beginsOf(size), { cluster, zone: "UTC" });
  state("SlaPolicySet", beginsOf(size), {
    cluster,
    nisTarget: 0.95,
    jobUptimeTarget: 0.9,
    mttrTargetMs: 2 * dayMs,
    noticeHours: 24,
    monthlyAllowanceNodeHours: 10_000,
    excludeUnknown: true,
    zone: "UTC",
  });
  for (let i = 0; i < size.nodesPerCluster; i++)
    state("NodeCommissioned", beginsOf(size) + i, {
      cluster,
      node: nodeOf(i),
      rack: `r${String(Math.floor(i / nodesPerRack) + 1).padStart(3, "0")}`,
      sku: "gpu-8",
    });
}

/** Each of these, so many times a node and day. */
function nodesOfDay(
  size: FleetSize,
  cluster: string,
  from: number,
  random: () => number,
  state: State,
): void {
  const times = (perNode: number): number => Math.round(size.nodesPerCluster * perNode);
  const anyNode = (): string => nodeOf(Math.floor(random() * size.nodesPerCluster));
  for (let i = 0; i < times(0.2); i++) {
    const [node, at] = [anyNode(), from + random() * dayMs];
    state("NodeObservationLost", at, { cluster, node, observer: "scraper" });
    state("NodeObservationRestored", at + random() * hourMs, { cluster, node });
  }
  for (let i = 0; i < times(0.05); i++) {
    const [node, at, faultId] = [anyNode(), from + random() * dayMs, `f-${uuidOf(random)}`];
    const hardware = { category: "hardware", component: "gpu" };
    state("NodeFailed", at, { cluster, node, faultId, ...hardware });
    state("NodeRepairStarted", at + hourMs, { cluster, node, faultId, phase: "repair" });
    const returned = at + (2 + 60 * random()) * hourMs;
    state("NodeReturned", returned, { cluster, node, faultIds: [faultId], how: "manual" });
  }
  for (let i = 0; i < times(0.1); i++) {
    const [node, at] = [anyNode(), from + 30 * hourMs + random() * dayMs];
    const maintenanceId = `m-${uuidOf(random)}`;
    const plannedFrom = new Date(at).toISOString();
    const plannedTo = new Date(at + 4 * hourMs).toISOString();
    const announced = { cluster, node, maintenanceId, plannedFrom, plannedTo };
    state("NodeMaintenanceAnnounced", at - 30 * hourMs, announced);
    state("NodeMaintenanceStarted", at, { cluster, node, maintenanceId });
    state("NodeMaintenanceEnded", at + 3 * hourMs, { cluster, node, maintenanceId });
  }
}

function shortJobsOfDay(
  size: FleetSize,
  cluster: string,
  from: number,
  random: () => number,
  state: State,
): void {
  for (let i = 0; i < size.shortJobsPerDay; i++) {
    const job = `job-${uuidOf(random).slice(0, 13)}`;
    const start = from + random() * dayMs;
    const first = Math.floor(random() * (size.nodesPerCluster - 8));
    const nodes = Array.from({ length: 8 }, (_, node) => nodeOf(first + node));
    state("JobStarted", start, { cluster, job, nodes });
    for (let each = 1; each <= 4; each++) {
      const checkpointId = `${job}-${each}`;
      const at = start + each * 40 * minuteMs;
      state("JobCheckpointed", at, { cluster, job, checkpointId, durationMs: 30_000 });
    }
    state("JobFinished", start + 3 * hourMs, { cluster, job, outcome: "completed" });
  }
}

/** Four begin a day and last for five days, with a checkpoint every eight minutes. */
function longJobsOfDay(
  size: FleetSize,
  cluster: string,
  from: number,
  random: () => number,
  state: State,
): void {
  for (let slot = 0; slot < size.longJobs; slot++) {
    const day = Math.floor((from - beginsOf(size)) / dayMs);
    const age = (day + slot) % 5;
    const job = `long-${slot}-${day - age}`;
    const first = 80 * slot;
    const nodes = [`n[${nodeOf(first).slice(1)}-${nodeOf(first + 79).slice(1)}]`];
    if (age === 0 || day === 1) state("JobStarted", from, { cluster, job, nodes });
    for (let at = 8 * minuteMs; at < dayMs; at += 8 * minuteMs) {
      const checkpointId = `${job}-${day}-${at / minuteMs}`;
      const taken = {
        cluster,
        job,
        checkpointId,
        durationMs: 20_000 + Math.floor(10_000 * random()),
      };
      state("JobCheckpointed", from + at, taken);
    }
    if (age === 4) state("JobFinished", from + dayMs - 1, { cluster, job, outcome: "completed" });
  }
}

/** One job over the whole cluster for a month, which crashes twelve times a day. */
function largeJobOfDay(
  size: FleetSize,
  cluster: string,
  from: number,
  random: () => number,
  state: State,
): void {
  const month = Math.floor((from - beginsOf(size)) / (30 * dayMs));
  const day = Math.floor(((from - beginsOf(size)) % (30 * dayMs)) / dayMs);
  const job = `train-${month}`;
  if (day === 0 || from === beginsOf(size) + dayMs) {
    const nodes = [`n[${nodeOf(0).slice(1)}-${nodeOf(size.nodesPerCluster - 1).slice(1)}]`];
    state("JobStarted", from, { cluster, job, nodes });
  }
  const crashes = Array.from({ length: 12 }, () => random() * 0.96 * dayMs).sort((a, b) => a - b);
  let latest = "";
  for (let at = checkpointEveryMs; at < dayMs; at += checkpointEveryMs) {
    const crash = crashes[0] ?? Infinity;
    if (crash < at) {
      crashes.shift();
      const fault = { kind: "fault", node: nodeOf(Math.floor(random() * size.nodesPerCluster)) };
      state("JobInterrupted", from + crash, { cluster, job, cause: fault });
      const restored = latest === "" ? {} : { from: { checkpointId: latest } };
      state("JobResumed", from + Math.max(crash, at - 1), { cluster, job, ...restored });
    }
    latest = `${job}-${from + at}`;
    state("JobCheckpointed", from + at, {
      cluster,
      job,
      checkpointId: latest,
      durationMs: 45_000,
    });
  }
  if (day === 29) state("JobFinished", from + dayMs - 1, { cluster, job, outcome: "completed" });
}

function eventOf({ type, at, recordedAt, data }: Stated, random: () => number): FleetEvent {
  return {
    id: uuidOf(random),
    type,
    occurredAt: new Date(at).toISOString(),
    recordedAt: new Date(recordedAt).toISOString(),
    data,
  };
}

function nameOf(cluster: number): string {
  return `cluster-${cluster + 1}`;
}

function nodeOf(index: number): string {
  return `n${String(index + 1).padStart(4, "0")}`;
}

function uuidOf(random: () => number): string {
  let hex = "";
  for (let i = 0; i < 4; i++)
    hex += Math.floor(random() * 0x1_0000_0000)
      .toString(16)
      .padStart(8, "0");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20)}`;
}

/** Figures per piece of a window: each is the figure of the piece as a window of its own. */
import { at, doubleAt } from "../arithmetic/invariants.ts";
import { BucketSums, pieceOf } from "../arithmetic/bucket-sums.ts";
import { ratio } from "../arithmetic/ratio.ts";
import type { NodeState } from "../nodes/packed-segments.ts";
import type { ZoneTable } from "../time/zone-table.ts";
import type { Interval } from "../arithmetic/intervals.ts";
import { zoneNamed } from "../time/period.ts";
import type { ClusterView } from "../view.ts";
import { excludedParts, exclusionsInSteps, monthsAround } from "./exclusions/exclusions.ts";
import { isCrash } from "./jobs/job-uptime.ts";
import { asPolicy, policyFactOf } from "./exclusions/policy.ts";

/** One figure per piece. */
type Values = readonly number[];

interface NodeSeries {
  readonly memberNodeMs: Values;
  readonly inServiceNodeMs: Values;
  readonly downNodeMs: Values;
  readonly maintenanceNodeMs: Values;
  readonly unknownNodeMs: Values;
  readonly excludedNodeMs: Values;
  readonly faultsOpened: Values;
}

interface JobSeries {
  readonly runningNodeMs: Values;
  readonly interruptedNodeMs: Values;
  readonly userInterruptedNodeMs: Values;
  readonly keptNodeMs: Values;
  readonly lostNodeMs: Values;
  readonly crashes: Values;
}

/** The inputs of the figures; only what the figures need is there. */
interface Parts {
  readonly nodes: () => NodeSeries;
  readonly jobs: () => JobSeries;
}

type SeriesFigure = (parts: Parts) => readonly (number | null)[];

const quotients = (numerators: Values, denominatorOf: (i: number) => number) =>
  numerators.map((numerator, i) => ratio(numerator, denominatorOf(i)));

/** The figures by name. */
export const seriesFigures = {
  "nis.contractual": ({ nodes }) =>
    quotients(
      nodes().inServiceNodeMs,
      (i) => at(nodes().memberNodeMs, i) - at(nodes().excludedNodeMs, i),
    ),
  "nis.raw": ({ nodes }) => quotients(nodes().inServiceNodeMs, (i) => at(nodes().memberNodeMs, i)),
  "nis.memberNodeMs": ({ nodes }) => nodes().memberNodeMs,
  "nis.inServiceNodeMs": ({ nodes }) => nodes().inServiceNodeMs,
  "nis.downNodeMs": ({ nodes }) => nodes().downNodeMs,
  "nis.maintenanceNodeMs": ({ nodes }) => nodes().maintenanceNodeMs,
  "nis.unknownNodeMs": ({ nodes }) => nodes().unknownNodeMs,
  "nis.excludedNodeMs": ({ nodes }) => nodes().excludedNodeMs,
  "mttr.faultsOpened": ({ nodes }) => nodes().faultsOpened,
  "jobUptime.contractual": ({ jobs }) =>
    quotients(jobs().runningNodeMs, (i) => wallOf(jobs(), i) - at(jobs().userInterruptedNodeMs, i)),
  "jobUptime.uptime": ({ jobs }) => quotients(jobs().runningNodeMs, (i) => wallOf(jobs(), i)),
  "jobUptime.runningNodeMs": ({ jobs }) => jobs().runningNodeMs,
  "jobUptime.interruptedNodeMs": ({ jobs }) => jobs().interruptedNodeMs,
  "jobUptime.keptNodeMs": ({ jobs }) => jobs().keptNodeMs,
  "jobUptime.lostNodeMs": ({ jobs }) => jobs().lostNodeMs,
  ettr: ({ jobs }) => quotients(jobs().keptNodeMs, (i) => wallOf(jobs(), i)),
  crashes: ({ jobs }) => jobs().crashes,
} as const satisfies Record<string, SeriesFigure>;

export type SeriesName = keyof typeof seriesFigures;

function wallOf({ runningNodeMs, interruptedNodeMs }: JobSeries, i: number): number {
  return at(runningNodeMs, i) + at(interruptedNodeMs, i);
}

/** The figures of each piece; `edges` are where the window begins, is cut, and ends. Throws FigureTooLarge past 2^53 - 1. */
export function* seriesInSteps(
  view: ClusterView,
  edges: readonly number[],
  names: readonly SeriesName[],
  zones: ZoneTable,
): Generator<undefined, Record<string, readonly (number | null)[]>> {
  const isOfJobs = (name: SeriesName) => jobFigures.has(name);
  const near = view.within(windowOf(edges));
  // Requested before anything is computed, because a view that is folded in turns starts again at each request.
  if (names.some(isOfJobs)) near.entities("job");
  const nodes = names.every(isOfJobs) ? null : yield* nodeSeries(view, edges, zones);
  const jobs = names.some(isOfJobs) ? yield* jobSeries(near, edges) : null;
  const parts: Parts = { nodes: () => needed(nodes), jobs: () => needed(jobs) };
  return Object.fromEntries(names.map((name) => [name, seriesFigures[name](parts)]));
}

/** Those that are computed from jobs. */
const jobFigures: ReadonlySet<SeriesName> = new Set(
  (Object.keys(seriesFigures) as SeriesName[]).filter((name) => !/^(nis|mttr)\./.test(name)),
);

function needed<T>(part: T | null): T {
  if (part === null) throw new RangeError("a figure needs inputs that were not computed");
  return part;
}

/** Nodes and jobs between two pauses. */
const perStep = 64;

function windowOf(edges: readonly number[]): Interval {
  return { from: at(edges, 0), to: at(edges, edges.length - 1) };
}

function* nodeSeries(
  view: ClusterView,
  edges: readonly number[],
  zones: ZoneTable,
): Generator<undefined, NodeSeries> {
  const runs = zoneRuns(view, edges);
  const reaches = runs.map(({ zone, ...run }) => monthsAround(run, zoneNamed(zone, zones)));
  const near = view.within({
    from: Math.min(...reaches.map(({ from }) => from)),
    to: Math.max(...reaches.map(({ to }) => to)),
  });
  const { from, to } = windowOf(edges);
  // What is not in service is little of the time, so in service is the rest.
  const out: Record<Exclude<NodeState, "in-service">, BucketSums> = {
    down: new BucketSums(edges),
    maintenance: new BucketSums(edges),
    unknown: new BucketSums(edges),
  };
  const member = new BucketSums(edges);
  const faultsOpened = edges.slice(1).map(() => 0);
  const ends = Float64Array.from(edges);
  let done = 0;
  for (const { memberships, segments, faults } of near.entities("node")) {
    if (++done % perStep === 0) yield;
    for (const membership of memberships) member.add(membership.from, membership.to);
    segments.eachIn({ from, to }, (state, begin, end) => {
      if (state !== "in-service") out[state].add(begin, end);
    });
    for (const fault of faults) countAt(faultsOpened, ends, fault.from);
  }
  const excluded = new BucketSums(edges);
  for (const { zone, ...run } of runs) {
    const part = { from: Math.max(run.from, from), to: Math.min(run.to, to) };
    const offsets = zoneNamed(zone, zones);
    yield* exclusionsInSteps(near, part, offsets);
    excludedParts(near, part, offsets, (begin, end) => excluded.add(begin, end));
    yield;
  }
  const memberNodeMs = member.values("member node-time");
  const downNodeMs = out.down.values("down node-time");
  const maintenanceNodeMs = out.maintenance.values("maintenance node-time");
  const unknownNodeMs = out.unknown.values("unknown node-time");
  return {
    memberNodeMs,
    inServiceNodeMs: memberNodeMs.map(
      (ms, i) => ms - at(downNodeMs, i) - at(maintenanceNodeMs, i) - at(unknownNodeMs, i),
    ),
    downNodeMs,
    maintenanceNodeMs,
    unknownNodeMs,
    excludedNodeMs: excluded.values("excluded node-time"),
    faultsOpened,
  };
}

/** Runs of neighbouring pieces whose policy has the same zone: the zone's months decide what is excluded. */
function zoneRuns(view: ClusterView, edges: readonly number[]): (Interval & { zone: string })[] {
  const runs: (Interval & { zone: string })[] = [];
  for (let i = 0; i + 1 < edges.length; i++) {
    const piece = { from: at(edges, i), to: at(edges, i + 1) };
    const { zone } = asPolicy(policyFactOf(view.policies, piece));
    const last = runs.at(-1);
    if (last?.zone === zone) runs[runs.length - 1] = { ...last, to: piece.to };
    else runs.push({ ...piece, zone });
  }
  return runs;
}

function* jobSeries(near: ClusterView, edges: readonly number[]): Generator<undefined, JobSeries> {
  const sums = () => new BucketSums(edges);
  const [running, interrupted, byUser, kept, lost] = [sums(), sums(), sums(), sums(), sums()];
  const crashes = edges.slice(1).map(() => 0);
  const ends = Float64Array.from(edges);
  const window = windowOf(edges);
  let done = 0;
  for (const job of near.entities("job")) {
    if (++done % perStep === 0) yield;
    for (const { from, to, nodeCount } of job.running) running.add(from, to, nodeCount);
    job.kept.eachIn(window, (from, to, nodeCount) => kept.add(from, to, nodeCount));
    for (const { from, to, nodeCount } of job.lost) lost.add(from, to, nodeCount);
    for (const { from, to, nodeCount, kind } of job.interruptions) {
      interrupted.add(from, to, nodeCount);
      if (kind === "user") byUser.add(from, to, nodeCount);
      if (isCrash(kind)) countAt(crashes, ends, from);
    }
  }
  return {
    runningNodeMs: running.values("running node-time"),
    interruptedNodeMs: interrupted.values("interrupted node-time"),
    userInterruptedNodeMs: byUser.values("node-time interrupted by users"),
    keptNodeMs: kept.values("kept node-time"),
    lostNodeMs: lost.values("lost node-time"),
    crashes,
  };
}

/** Counts one occurrence at an instant of the window. */
function countAt(counts: number[], ends: Float64Array, instant: number): void {
  if (instant < doubleAt(ends, 0) || instant >= doubleAt(ends, ends.length - 1)) return;
  const piece = pieceOf(ends, instant);
  counts[piece] = at(counts, piece) + 1;
}

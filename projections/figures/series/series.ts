/** Figures per piece of a window: each is the figure of the piece as a window of its own. */
import { at } from "../../arithmetic/invariants.ts";
import { BucketSums } from "../../arithmetic/bucket-sums.ts";
import type { Interval } from "../../arithmetic/intervals.ts";
import { mean, ratio } from "../../arithmetic/ratio.ts";
import { zoneNamed } from "../../time/period.ts";
import type { ZoneTable } from "../../time/zone-table.ts";
import type { ClusterView } from "../../view.ts";
import { excludedParts, exclusionsInSteps, monthsAround } from "../exclusions/exclusions.ts";
import { asPolicy, policyFactOf } from "../exclusions/policy.ts";
import { jobSeries } from "./job-series.ts";
import type { JobSeries } from "./job-series.ts";
import { seriesOfIntegers, seriesOfTimelines } from "./node-series.ts";
import type { NodeSeries } from "./node-sums.ts";
import { windowOf } from "./pieces.ts";
import type { Values } from "./pieces.ts";

/** The inputs of the figures; only what the figures need is there. */
interface Parts {
  readonly nodes: () => NodeSeries;
  readonly excludedNodeMs: () => Values;
  readonly jobs: () => JobSeries;
}

type SeriesFigure = (parts: Parts) => readonly (number | null)[];

const quotients = (numerators: Values, denominatorOf: (i: number) => number) =>
  numerators.map((numerator, i) => ratio(numerator, denominatorOf(i)));

/** The figures by name. */
export const seriesFigures = {
  "nis.contractual": ({ nodes, excludedNodeMs }) =>
    quotients(
      nodes().inServiceNodeMs,
      (i) => at(nodes().memberNodeMs, i) - at(excludedNodeMs(), i),
    ),
  "nis.raw": ({ nodes }) => quotients(nodes().inServiceNodeMs, (i) => at(nodes().memberNodeMs, i)),
  "nis.memberNodeMs": ({ nodes }) => nodes().memberNodeMs,
  "nis.inServiceNodeMs": ({ nodes }) => nodes().inServiceNodeMs,
  "nis.downNodeMs": ({ nodes }) => nodes().downNodeMs,
  "nis.maintenanceNodeMs": ({ nodes }) => nodes().maintenanceNodeMs,
  "nis.unknownNodeMs": ({ nodes }) => nodes().unknownNodeMs,
  "nis.excludedNodeMs": ({ excludedNodeMs }) => excludedNodeMs(),
  "mttr.faultsOpened": ({ nodes }) => nodes().faultsOpened,
  "mttr.faultsClosed": ({ nodes }) => nodes().faultsClosed,
  "mttr.meanMs": ({ nodes }) =>
    nodes().repairMs.map((ms, i) => mean(ms, at(nodes().faultsClosed, i), "mean repair time")),
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

/** Those that are computed from jobs. */
const jobFigures: ReadonlySet<SeriesName> = new Set(
  (Object.keys(seriesFigures) as SeriesName[]).filter((name) => !/^(nis|mttr)\./.test(name)),
);

/** Those for which it is known what is excluded. */
const excludingFigures: ReadonlySet<SeriesName> = new Set([
  "nis.contractual",
  "nis.excludedNodeMs",
]);

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
  const ofNodes = names.every(isOfJobs)
    ? null
    : names.some((name) => excludingFigures.has(name))
      ? yield* withExclusions(view, edges, zones)
      : yield* withoutExclusions(view, edges);
  const jobs = names.some(isOfJobs) ? yield* jobSeries(near, edges) : null;
  const parts: Parts = {
    nodes: () => needed(ofNodes).nodes,
    excludedNodeMs: () => needed(needed(ofNodes).excludedNodeMs),
    jobs: () => needed(jobs),
  };
  return Object.fromEntries(names.map((name) => [name, seriesFigures[name](parts)]));
}

function needed<T>(part: T | null): T {
  if (part === null) throw new RangeError("a figure needs inputs that were not computed");
  return part;
}

interface OfNodes {
  readonly nodes: NodeSeries;
  readonly excludedNodeMs: Values | null;
}

function* withoutExclusions(
  view: ClusterView,
  edges: readonly number[],
): Generator<undefined, OfNodes> {
  const integers = view.nodesAsIntegers(edges);
  const nodes =
    integers === null
      ? yield* seriesOfTimelines(view.within(windowOf(edges)).entities("node"), edges)
      : yield* seriesOfIntegers(integers, edges);
  return { nodes, excludedNodeMs: null };
}

function* withExclusions(
  view: ClusterView,
  edges: readonly number[],
  zones: ZoneTable,
): Generator<undefined, OfNodes> {
  const runs = zoneRuns(view, edges);
  const reaches = runs.map(({ zone, ...run }) => monthsAround(run, zoneNamed(zone, zones)));
  const near = view.within({
    from: Math.min(...reaches.map(({ from }) => from)),
    to: Math.max(...reaches.map(({ to }) => to)),
  });
  const { from, to } = windowOf(edges);
  const nodes = yield* seriesOfTimelines(near.entities("node"), edges);
  const excluded = new BucketSums(edges);
  for (const { zone, ...run } of runs) {
    const part = { from: Math.max(run.from, from), to: Math.min(run.to, to) };
    const offsets = zoneNamed(zone, zones);
    yield* exclusionsInSteps(near, part, offsets);
    excludedParts(near, part, offsets, (begin, end) => excluded.add(begin, end));
    yield;
  }
  return { nodes, excludedNodeMs: excluded.values("excluded node-time") };
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

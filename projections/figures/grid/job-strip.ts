/** A job's time as a strip of cells, one state each, with the breaks in it. */
import { EvenCells } from "../../arithmetic/even-cells.ts";
import { doubleAt } from "../../arithmetic/invariants.ts";
import type { Interval } from "../../arithmetic/intervals.ts";
import type { Interruption, JobTimeline } from "../../jobs/timeline.ts";
import { interruptionKinds } from "../../jobs/timeline.ts";
import { CellSums } from "./cell-sums.ts";

/** By the number of a cell. */
export const stripStates = [
  "not-held",
  "kept",
  "checkpointing",
  "paused",
  "lost",
  "interrupted",
] as const;

type StripState = (typeof stripStates)[number];

/** An interruption, or several that are merged. */
export interface Break {
  readonly at: number;
  /** Infinity: it lasts. */
  readonly until: number;
  /** Of several, the commonest. */
  readonly kind: Interruption["kind"];
  readonly count: number;
  /** Of several, what they have in common, else `null`. */
  readonly faultId: string | null;
  readonly rolloutId: string | null;
  readonly maintenanceId: string | null;
  readonly node: string | null;
  /** Of several, that of the first. */
  readonly eventId: string;
}

interface JobStrip extends StripBreaks {
  readonly cells: EvenCells;
  /** The index in `stripStates` of each cell's state. */
  readonly states: readonly number[];
}

export interface StripBreaks {
  /** By time. */
  readonly breaks: readonly Break[];
  readonly isMerged: boolean;
  /** Breaks before any were merged. */
  readonly total: number;
}

/**
 * The strip of a window, up to where it is known. A cell is interrupted if the job was interrupted at any time of it, else
 * lost, else paused in the same way; else kept or checkpointing, whichever took longer.
 */
export function jobStrip(
  job: JobTimeline,
  window: Interval,
  knownUntil: number,
  { columns, mostBreaks }: { readonly columns: number; readonly mostBreaks: number },
): JobStrip {
  const cells = new EvenCells(window, columns);
  const end = Math.min(window.to, knownUntil);
  return {
    cells,
    states: statesOf(job, cells, end),
    ...stripBreaks(job, window, knownUntil, mostBreaks),
  };
}

/**
 * The breaks in a window, up to where it is known. If there are more than `mostBreaks`, the window is cut into so many
 * cells, and the breaks that begin in the same one are merged.
 */
export function stripBreaks(
  job: JobTimeline,
  window: Interval,
  knownUntil: number,
  mostBreaks: number,
): StripBreaks {
  const end = Math.min(window.to, knownUntil);
  const breaks = job.interruptions.filter(
    ({ from, to }) => from < end && (to > window.from || from >= window.from),
  );
  const isMerged = breaks.length > mostBreaks;
  const groups = isMerged ? groupsOf(breaks, new EvenCells(window, mostBreaks)) : breaks.map(alone);
  return { breaks: groups.map(breakOf), isMerged, total: breaks.length };
}

function statesOf(job: JobTimeline, cells: EvenCells, end: number): number[] {
  const sumsOf = (pieces: Iterable<Interval>): Float64Array => {
    const sums = new CellSums(cells);
    for (const { from, to } of pieces) sums.add(from, to, end);
    const sumsMs = new Float64Array(cells.count);
    sums.takeInto(sumsMs);
    return sumsMs;
  };
  const [kept, checkpointing] = [sumsOf(job.kept), sumsOf(job.checkpointing)];
  const worse = [
    ["interrupted", sumsOf(job.interruptions)],
    ["lost", sumsOf(job.lost)],
    ["paused", sumsOf(job.paused)],
  ] as const;
  return Array.from({ length: cells.count }, (_, i) => {
    const [keptMs, checkpointingMs] = [doubleAt(kept, i), doubleAt(checkpointing, i)];
    const rest: StripState =
      keptMs + checkpointingMs === 0
        ? "not-held"
        : keptMs >= checkpointingMs
          ? "kept"
          : "checkpointing";
    const found = worse.find(([, sumsMs]) => doubleAt(sumsMs, i) > 0);
    return stripStates.indexOf(found?.[0] ?? rest);
  });
}

type Group = readonly [Interruption, ...Interruption[]];

function alone(each: Interruption): Group {
  return [each];
}

/** The breaks that begin in the same cell; those from before the window are in the first one. */
function groupsOf(breaks: readonly Interruption[], cells: EvenCells): Group[] {
  const groups = Map.groupBy(breaks, ({ from }) => cells.indexOf(Math.max(from, cells.from)));
  return [...groups.values()].flatMap(([first, ...others]) =>
    first === undefined ? [] : [[first, ...others]],
  );
}

function breakOf(group: Group): Break {
  const [first, ...others] = group;
  const same = <T>(of: (each: Interruption) => T): T | null =>
    others.every((each) => of(each) === of(first)) ? of(first) : null;
  return {
    at: first.from,
    until: Math.max(...group.map(({ to }) => to)),
    kind: commonest(group),
    count: group.length,
    faultId: same(({ faultId }) => faultId),
    rolloutId: same(({ rolloutId }) => rolloutId),
    maintenanceId: same(({ maintenanceId }) => maintenanceId),
    node: same(({ node }) => node),
    eventId: first.eventId,
  };
}

/** Of kinds that are equally common, the one that is listed first. */
function commonest(group: Group): Interruption["kind"] {
  const count = (kind: Interruption["kind"]) => group.filter((each) => each.kind === kind).length;
  return interruptionKinds.reduce(
    (best, kind) => (count(kind) > count(best) ? kind : best),
    interruptionKinds[0],
  );
}

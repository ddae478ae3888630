/** What a job's strip is drawn from: its time in a window by what became of it, and its breaks. Bounded, however much happened. */
import { clip, overlapMs } from "../../arithmetic/intervals.ts";
import type { Interval } from "../../arithmetic/intervals.ts";
import { at } from "../../arithmetic/invariants.ts";
import type { Interruption, InterruptionKind, JobTimeline } from "../../jobs/timeline.ts";
import { interruptionKinds } from "../../jobs/timeline.ts";

/** An interruption that began in the window, or several of nearly the same time. */
interface StripBreak {
  readonly at: number;
  /** Of several, the commonest. */
  readonly kind: InterruptionKind;
  readonly count: number;
}

type ByCause = Readonly<Record<InterruptionKind, readonly Interval[]>>;

export interface StripPieces {
  readonly job: string;
  /** From start to finish of each run; what is in no other list is kept. */
  readonly runs: readonly Interval[];
  readonly checkpointing: readonly Interval[];
  readonly paused: readonly Interval[];
  readonly lost: ByCause;
  readonly interrupted: ByCause;
  /** By time. */
  readonly breaks: readonly StripBreak[];
  /** Breaks before any were merged. */
  readonly breaksTotal: number;
}

export interface StripBounds {
  /** Pieces of one kind that begin in the same of so many equal parts of the window are drawn as one of their total length. */
  readonly cells: number;
  /** If more breaks than this began in the window, those that began in the same of so many equal parts are one. */
  readonly mostBreaks: number;
}

/** The strip of a window that ends at ledger time at the latest. */
export function stripPieces(job: JobTimeline, window: Interval, bounds: StripBounds): StripPieces {
  const { cells, mostBreaks } = bounds;
  const drawn = (pieces: readonly Interval[]) =>
    joined(clip(pieces, window.from, window.to), window, cells);
  const byCause = <P extends Interval>(pieces: readonly P[], kindOf: (piece: P) => string) =>
    Object.fromEntries(
      interruptionKinds.map((kind) => [
        kind,
        drawn(pieces.filter((each) => kindOf(each) === kind)),
      ]),
    ) as unknown as ByCause;
  const begun = job.interruptions.filter(({ from }) => from >= window.from && from < window.to);
  return {
    job: job.job,
    runs: clip(job.runs, window.from, window.to),
    checkpointing: drawn(job.checkpointing),
    paused: drawn(job.paused),
    lost: byCause(job.lost, ({ interruption }) => at(job.interruptions, interruption).kind),
    interrupted: byCause(job.interruptions, ({ kind }) => kind),
    breaks: begun.length > mostBreaks ? merged(begun, window, mostBreaks) : begun.map(alone),
    breaksTotal: begun.length,
  };
}

/** Running and interrupted node-time of a job in a window. */
export function jobNodeMs({ running, interruptions }: JobTimeline, { from, to }: Interval): number {
  return [...running, ...interruptions].reduce(
    (sum, piece) => sum + overlapMs(piece, from, to) * piece.nodeCount,
    0,
  );
}

function cellOf(instant: number, { from, to }: Interval, cells: number): number {
  return Math.floor(((instant - from) / (to - from)) * cells);
}

/** Total length is kept; a place is off by less than a cell. */
function joined(pieces: readonly Interval[], window: Interval, cells: number): Interval[] {
  const result: { from: number; to: number }[] = [];
  for (const { from, to } of pieces) {
    const last = result.at(-1);
    if (last !== undefined && cellOf(last.from, window, cells) === cellOf(from, window, cells))
      last.to += to - from;
    else result.push({ from, to });
  }
  return result;
}

function alone({ from, kind }: Interruption): StripBreak {
  return { at: from, kind, count: 1 };
}

function merged(begun: readonly Interruption[], window: Interval, cells: number): StripBreak[] {
  const groups = Map.groupBy(begun, ({ from }) => cellOf(from, window, cells));
  return [...groups.values()].map((group) => ({
    at: at(group, 0).from,
    kind: commonest(group),
    count: group.length,
  }));
}

/** Of kinds that are equally common, the one that is listed first. */
function commonest(group: readonly Interruption[]): InterruptionKind {
  const count = (kind: InterruptionKind) => group.filter((each) => each.kind === kind).length;
  return interruptionKinds.reduce((best, kind) => (count(kind) > count(best) ? kind : best));
}

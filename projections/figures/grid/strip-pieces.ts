/** What a job's strip is drawn from: its time in a window by what became of it, and its breaks. Bounded, however much happened. */
import type { Interval } from "../../arithmetic/intervals.ts";
import { clip, overlapMs } from "../../arithmetic/intervals.ts";
import { at } from "../../arithmetic/invariants.ts";
import type { InterruptionKind, JobTimeline } from "../../jobs/timeline.ts";
import { interruptionKinds } from "../../jobs/timeline.ts";
import type { StripBreaks } from "./job-strip.ts";
import { stripBreaks } from "./job-strip.ts";

type ByCause = Readonly<Record<InterruptionKind, readonly Interval[]>>;

export interface StripPieces extends StripBreaks {
  readonly job: string;
  /** From start to finish of each run; what is in no other list is kept. */
  readonly runs: readonly Interval[];
  readonly checkpointing: readonly Interval[];
  readonly paused: readonly Interval[];
  readonly lost: ByCause;
  readonly interrupted: ByCause;
}

interface StripBounds {
  /** Pieces of one kind that begin in the same of so many equal parts of the window are drawn as one of their total length. */
  readonly cells: number;
  readonly mostBreaks: number;
}

/** The strip of a window, up to where it is known. */
export function stripPieces(
  job: JobTimeline,
  window: Interval,
  knownUntil: number,
  { cells, mostBreaks }: StripBounds,
): StripPieces {
  const end = Math.min(window.to, knownUntil);
  const drawn = (pieces: readonly Interval[]) =>
    joined(clip(pieces, window.from, end), window, cells);
  const byCause = <P extends Interval>(pieces: readonly P[], kindOf: (piece: P) => string) =>
    Object.fromEntries(
      interruptionKinds.map((kind) => [
        kind,
        drawn(pieces.filter((each) => kindOf(each) === kind)),
      ]),
    ) as unknown as ByCause;
  return {
    job: job.job,
    runs: clip(job.runs, window.from, end),
    checkpointing: drawn(job.checkpointing.touching({ from: window.from, to: end })),
    paused: drawn(job.paused),
    lost: byCause(job.lost, ({ interruption }) => at(job.interruptions, interruption).kind),
    interrupted: byCause(job.interruptions, ({ kind }) => kind),
    ...stripBreaks(job, window, knownUntil, mostBreaks),
  };
}

/** Running and interrupted node-time of a job in a window. */
export function jobNodeMs({ running, interruptions }: JobTimeline, { from, to }: Interval): number {
  return [...running, ...interruptions].reduce(
    (sum, piece) => sum + overlapMs(piece, from, to) * piece.nodeCount,
    0,
  );
}

/** Total length is kept; a place is off by less than a cell. */
function joined(pieces: readonly Interval[], window: Interval, cells: number): Interval[] {
  const cellOf = (instant: number) =>
    Math.floor(((instant - window.from) / (window.to - window.from)) * cells);
  const result: { from: number; to: number }[] = [];
  for (const { from, to } of pieces) {
    const last = result.at(-1);
    if (last !== undefined && cellOf(last.from) === cellOf(from)) last.to += to - from;
    else result.push({ from, to });
  }
  return result;
}

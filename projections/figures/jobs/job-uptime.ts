/** Job uptime and effective training time of a window, per job and weighted by the nodes held. */
import { at } from "../../arithmetic/invariants.ts";
import { type Interval, firstEndingAfter } from "../../arithmetic/intervals.ts";
import {
  exact,
  fraction,
  mean,
  meetsAtLeast,
  percentile,
  ratio,
  roundAtNinth,
} from "../../arithmetic/ratio.ts";
import {
  type Interruption,
  type InterruptionKind,
  interruptionKinds,
  type JobTimeline,
} from "../../jobs/timeline.ts";
import type { JobPiece, PackedPieces } from "../../jobs/pieces.ts";

export interface JobRow {
  readonly job: string;
  readonly uptime: number | null;
  readonly ettr: number | null;
  readonly runningMs: number;
  readonly interruptedMs: number;
  readonly pausedMs: number;
  readonly keptMs: number;
  readonly checkpointingMs: number;
  readonly lostMs: number;
  readonly interruptions: number;
  readonly crashes: number;
}

interface OpenInterruption {
  readonly job: string;
  readonly since: number;
  readonly ageMs: number;
  readonly kind: InterruptionKind;
}

type Attribution = Record<InterruptionKind, { interruptedNodeMs: number; lostNodeMs: number }>;

/** Node-time of jobs in milliseconds. */
interface JobNodeTime {
  runningNodeMs: number;
  interruptedNodeMs: number;
  pausedNodeMs: number;
  keptNodeMs: number;
  checkpointingNodeMs: number;
  lostNodeMs: number;
}

export interface JobUptimeFigure extends Readonly<JobNodeTime> {
  readonly target: number;
  /** Whether the contractual figure, before rounding, reaches the target. */
  readonly met: boolean | null;
  readonly uptime: number | null;
  /** Leaves out interruptions by the user. */
  readonly contractual: number | null;
  readonly ettr: number | null;
  readonly interruptions: number;
  readonly crashes: number;
  readonly crashesUnresumed: number;
  readonly crashesPerDay: number | null;
  readonly crashMeanMs: number | null;
  readonly crashMedianMs: number | null;
  readonly crashP90Ms: number | null;
  /** Running time of the jobs divided by the interruptions that began in the window. */
  readonly meanTimeBetweenInterruptionsMs: number | null;
  readonly attribution: Attribution;
  readonly open: readonly OpenInterruption[];
  readonly jobs: readonly JobRow[];
}

/** Sums over the jobs of a window while they are gathered. */
interface Tally extends JobNodeTime {
  runningMs: number;
  interruptions: number;
  crashes: number;
  crashesUnresumed: number;
  readonly crashDurationsMs: number[];
  readonly attribution: Attribution;
  readonly open: OpenInterruption[];
  readonly jobs: JobRow[];
}

/** Interruptions that count as crashes. */
export function isCrash(kind: InterruptionKind): boolean {
  return kind === "fault" || kind === "software" || kind === "unknown";
}

/** Job uptime over a window; `target` is the target of the contractual figure, as a ratio. */
export function jobUptimeIn(
  jobs: Iterable<JobTimeline>,
  window: Interval,
  target: number,
): JobUptimeFigure {
  const tally = emptyTally();
  for (const job of jobs) addJob(tally, job, window);
  for (const kind of interruptionKinds) {
    exact(tally.attribution[kind].interruptedNodeMs, "interrupted node-time");
    exact(tally.attribution[kind].lostNodeMs, "lost node-time");
  }
  tally.open.sort((a, b) => a.since - b.since || (a.job < b.job ? -1 : a.job > b.job ? 1 : 0));
  const { crashDurationsMs, runningMs, ...sums } = tally;
  crashDurationsMs.sort((a, b) => a - b);
  const { runningNodeMs, interruptedNodeMs, keptNodeMs, attribution, crashes, interruptions } =
    tally;
  const wallNodeMs = exact(runningNodeMs + interruptedNodeMs, "running and interrupted node-time");
  const contractualNodeMs = wallNodeMs - attribution.user.interruptedNodeMs;
  const durationsMs = crashDurationsMs.reduce(
    (total, ms) => exact(total + ms, "crash durations"),
    0,
  );
  return {
    ...sums,
    target,
    met: meetsAtLeast(runningNodeMs, contractualNodeMs, target),
    uptime: ratio(runningNodeMs, wallNodeMs),
    contractual: ratio(runningNodeMs, contractualNodeMs),
    ettr: ratio(keptNodeMs, wallNodeMs),
    crashesPerDay: tally.jobs.length === 0 ? null : crashesPerDay(crashes, window),
    crashMeanMs: mean(durationsMs, crashDurationsMs.length, "mean crash duration"),
    crashMedianMs: percentile(crashDurationsMs, 50),
    crashP90Ms: percentile(crashDurationsMs, 90),
    meanTimeBetweenInterruptionsMs: mean(
      runningMs,
      interruptions,
      "mean time between interruptions",
    ),
  };
}

function crashesPerDay(crashes: number, { from, to }: Interval): number {
  return roundAtNinth(fraction(BigInt(crashes) * 86_400_000n, to - from));
}

function emptyTally(): Tally {
  const none = () => ({ interruptedNodeMs: 0, lostNodeMs: 0 });
  return {
    runningNodeMs: 0,
    interruptedNodeMs: 0,
    pausedNodeMs: 0,
    keptNodeMs: 0,
    checkpointingNodeMs: 0,
    lostNodeMs: 0,
    runningMs: 0,
    interruptions: 0,
    crashes: 0,
    crashesUnresumed: 0,
    crashDurationsMs: [],
    attribution: {
      fault: none(),
      rollout: none(),
      maintenance: none(),
      software: none(),
      user: none(),
      unknown: none(),
    },
    open: [],
    jobs: [],
  };
}

interface Sum {
  ms: number;
  nodeMs: number;
}

/** Sums the time and node-time of the pieces within the window; `each` is called with each piece's part. */
function sumIn<P extends JobPiece>(
  pieces: readonly P[],
  window: Interval,
  each?: (piece: P, nodeMs: number) => void,
): Sum {
  const sum = { ms: 0, nodeMs: 0 };
  for (let i = firstEndingAfter(pieces, window.from); i < pieces.length; i++) {
    const piece = pieces[i];
    if (piece === undefined || piece.from >= window.to) break;
    const ms = Math.min(piece.to, window.to) - Math.max(piece.from, window.from);
    const nodeMs = ms * piece.nodeCount;
    sum.ms += ms;
    sum.nodeMs += nodeMs;
    each?.(piece, nodeMs);
  }
  exact(sum.nodeMs, "node-time of a job");
  return sum;
}

function sumPacked(pieces: PackedPieces, window: Interval): Sum {
  const sum = { ms: 0, nodeMs: 0 };
  pieces.eachIn(window, (from, to, nodeCount) => {
    const ms = Math.min(to, window.to) - Math.max(from, window.from);
    sum.ms += ms;
    sum.nodeMs += ms * nodeCount;
  });
  exact(sum.nodeMs, "node-time of a job");
  return sum;
}

function addJob(tally: Tally, job: JobTimeline, window: Interval): void {
  const alive = job.runs.some((run) => isAliveIn(run, window));
  const begun = job.interruptions.filter(
    (each) => each.from >= window.from && each.from < window.to,
  );
  if (alive || begun.length > 0) {
    tally.jobs.push(addTimes(tally, job, window, begun));
  }
  for (const each of begun) {
    tally.interruptions++;
    if (!isCrash(each.kind)) continue;
    tally.crashes++;
    if (each.resumedAt === null || each.resumedAt >= window.to) tally.crashesUnresumed++;
  }
  for (const each of job.interruptions) {
    if (each.from >= window.to) break;
    addEnding(tally, job.job, each, window);
  }
}

function isAliveIn(run: { from: number; to: number }, window: Interval): boolean {
  if (run.from === run.to) return window.from <= run.from && run.from < window.to;
  return run.from < window.to && run.to > window.from;
}

function addEnding(tally: Tally, job: string, each: Interruption, window: Interval): void {
  const { resumedAt, from, to, kind } = each;
  if (to >= window.to) tally.open.push({ job, since: from, ageMs: window.to - from, kind });
  const resumedHere = resumedAt !== null && window.from <= resumedAt && resumedAt < window.to;
  if (resumedHere && isCrash(kind)) tally.crashDurationsMs.push(resumedAt - from);
}

function addTimes(
  tally: Tally,
  job: JobTimeline,
  window: Interval,
  begun: readonly Interruption[],
): JobRow {
  const running = sumIn(job.running, window);
  const paused = sumIn(job.paused, window);
  const kept = sumPacked(job.kept, window);
  const checkpointing = sumPacked(job.checkpointing, window);
  const interrupted = sumIn(job.interruptions, window, (piece, nodeMs) => {
    tally.attribution[piece.kind].interruptedNodeMs += nodeMs;
  });
  const lost = sumIn(job.lost, window, (piece, nodeMs) => {
    const kind = at(job.interruptions, piece.interruption).kind;
    tally.attribution[kind].lostNodeMs += nodeMs;
  });
  tally.runningMs = exact(tally.runningMs + running.ms, "running time");
  tally.runningNodeMs = exact(tally.runningNodeMs + running.nodeMs, "running node-time");
  tally.interruptedNodeMs = exact(
    tally.interruptedNodeMs + interrupted.nodeMs,
    "interrupted node-time",
  );
  tally.pausedNodeMs = exact(tally.pausedNodeMs + paused.nodeMs, "paused node-time");
  tally.keptNodeMs += kept.nodeMs;
  tally.checkpointingNodeMs += checkpointing.nodeMs;
  tally.lostNodeMs += lost.nodeMs;
  const wallMs = running.ms + interrupted.ms;
  return {
    job: job.job,
    uptime: ratio(running.ms, wallMs),
    ettr: ratio(kept.ms, wallMs),
    runningMs: running.ms,
    interruptedMs: interrupted.ms,
    pausedMs: paused.ms,
    keptMs: kept.ms,
    checkpointingMs: checkpointing.ms,
    lostMs: lost.ms,
    interruptions: begun.length,
    crashes: begun.filter((each) => isCrash(each.kind)).length,
  };
}

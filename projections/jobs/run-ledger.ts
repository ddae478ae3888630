/**
 * Accounts for a job's running time while it is folded: what ran, what of it was lost, and the checkpoints. Running
 * time that is not lost is kept on a stack by time, so that each piece is lost at most once and many interruptions cost
 * no more than their facts.
 */
import { at as elementAt } from "../arithmetic/invariants.ts";
import { type Interval, unionSorted } from "../arithmetic/intervals.ts";
import { CheckpointPacker } from "./checkpoints.ts";
import type { JobPiece } from "./pieces.ts";
import { PiecePacker } from "./pieces.ts";
import type { JobTimeline, LostPiece } from "./timeline.ts";

type Piece = { -readonly [K in keyof JobPiece]: JobPiece[K] };

interface RunBounds {
  readonly from: number;
  /** Index of the run's first checkpoint in the list of all. */
  readonly firstCheckpoint: number;
}

export class RunLedger {
  private readonly running: Piece[] = [];
  private readonly paused: Piece[] = [];
  /** Running time not lost, by time. */
  private readonly alive: Piece[] = [];
  private readonly lost: LostPiece[] = [];
  private readonly checkpoints = new CheckpointPacker();
  /** Wall-clock intervals of checkpoints, cut at the start of their run. */
  private readonly checkpointing: { from: number; to: number }[] = [];
  private run: RunBounds = { from: -Infinity, firstCheckpoint: 0 };
  /** When the run's checkpoints were complete, by id; made when one is first asked for, which few jobs do. */
  private completions: Map<string, number> | null = null;
  private open: { state: "running" | "paused"; piece: Piece } | null = null;

  /** Begins a run, which has no checkpoints of the one before. */
  beginRun(at: number): void {
    this.run = { from: at, firstCheckpoint: this.checkpoints.length };
    this.completions = null;
  }

  /** The job is running or paused from here on, with that number of nodes. */
  go(state: "running" | "paused", at: number, nodeCount: number): void {
    this.open = { state, piece: { from: at, to: Infinity, nodeCount } };
  }

  /** The job is neither running nor paused from here on; what was open is booked. */
  stop(at: number): void {
    if (this.open === null) return;
    const { state, piece } = this.open;
    this.open = null;
    if (piece.from >= at) return;
    append(state === "running" ? this.running : this.paused, piece.from, at, piece.nodeCount);
    if (state === "running") append(this.alive, piece.from, at, piece.nodeCount);
  }

  checkpoint(checkpointId: string, at: number, durationMs: number): void {
    const hasOneBefore = this.checkpoints.length > this.run.firstCheckpoint;
    const sinceLastMs = hasOneBefore ? at - this.latestCheckpointAt() : null;
    this.checkpoints.add({ checkpointId, at, durationMs, sinceLastMs });
    this.completions?.set(checkpointId, at);
    const from = Math.max(at - durationMs, this.run.from);
    if (from < at) this.checkpointing.push({ from, to: at });
  }

  /** Completion time of the run's latest checkpoint; the run's start if there is none. */
  latestCheckpointAt(): number {
    if (this.checkpoints.length === this.run.firstCheckpoint) return this.run.from;
    return this.checkpoints.lastAt ?? this.run.from;
  }

  /** Completion time of the run's latest checkpoint of that id; `null` if there is none. */
  checkpointAt(checkpointId: string): number | null {
    this.completions ??= this.checkpoints.completions(this.run.firstCheckpoint);
    return this.completions.get(checkpointId) ?? null;
  }

  /** Marks the run's running time from `since` on, as far as it is not lost yet, as lost by that interruption. */
  loseSince(since: number, interruption: number): void {
    const begin = Math.max(since, this.run.from);
    for (;;) {
      const last = this.alive.at(-1);
      if (last === undefined || last.to <= begin) return;
      const from = Math.max(last.from, begin);
      this.lost.push({ from, to: last.to, nodeCount: last.nodeCount, interruption });
      if (from > last.from) last.to = from;
      else this.alive.pop();
    }
  }

  /** The timeline, assuming that what is open now never ends. */
  pieces(): Pick<
    JobTimeline,
    "running" | "paused" | "kept" | "checkpointing" | "lost" | "checkpoints"
  > {
    const running = [...this.running];
    const paused = [...this.paused];
    const alive = [...this.alive];
    if (this.open !== null) {
      const { state, piece } = this.open;
      for (const pieces of state === "running" ? [running, alive] : [paused]) {
        const last = pieces.pop();
        if (last !== undefined) pieces.push({ ...last });
        append(pieces, piece.from, Infinity, piece.nodeCount);
      }
    }
    const lost = this.lost.toSorted((a, b) => a.from - b.from);
    const busy = unionSorted(this.checkpointing.toSorted((a, b) => a.from - b.from));
    const checkpoints = this.checkpoints.packed();
    return { running, paused, ...split(alive, busy), lost, checkpoints };
  }
}

/** Splits running time that is not lost: checkpointing during a checkpoint, otherwise kept. */
function split(
  alive: readonly JobPiece[],
  busy: readonly Interval[],
): Pick<JobTimeline, "kept" | "checkpointing"> {
  const checkpointing = new PiecePacker();
  const kept = new PiecePacker();
  let next = 0;
  for (const piece of alive) {
    while ((busy[next]?.to ?? Infinity) <= piece.from) next++;
    let from = piece.from;
    for (let i = next; i < busy.length; i++) {
      const each = elementAt(busy, i);
      if (each.from >= piece.to) break;
      const [begin, end] = [Math.max(each.from, piece.from), Math.min(each.to, piece.to)];
      kept.add(from, begin, piece.nodeCount);
      checkpointing.add(begin, end, piece.nodeCount);
      from = end;
    }
    kept.add(from, piece.to, piece.nodeCount);
  }
  return { kept: kept.packed(), checkpointing: checkpointing.packed() };
}

/** Appends a piece; extends the one before it if they touch and hold the same number of nodes. */
function append(pieces: Piece[], from: number, to: number, nodeCount: number): void {
  if (from >= to) return;
  const last = pieces.at(-1);
  if (last !== undefined && last.to === from && last.nodeCount === nodeCount) last.to = to;
  else pieces.push({ from, to, nodeCount });
}

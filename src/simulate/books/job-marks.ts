/** The books about one job: every running instant marked as kept, checkpointing or lost, once. */
import { cutAt, sharedPart, without } from "./arithmetic/marks.ts";
import type {
  HeldInterval,
  Interval,
  JobTruth,
  RunTruth,
  StopKind,
  StopTruth,
} from "../setting/history.ts";

interface MarkedPiece extends HeldInterval {
  readonly mark: "kept" | "checkpointing" | "lost";
  /** The kind of the interruption that lost this time. */
  readonly lostBy: StopKind | null;
}

export interface JobBook {
  readonly job: string;
  readonly runs: readonly Interval[];
  readonly running: readonly MarkedPiece[];
  readonly paused: readonly HeldInterval[];
  readonly stops: readonly StopTruth[];
}

export function bookOfJob({ job, runs }: JobTruth): JobBook {
  return {
    job,
    runs,
    running: runs.flatMap(markRun),
    paused: runs.flatMap((run) => run.paused),
    stops: runs.flatMap((run) => run.stops),
  };
}

function markRun(run: RunTruth): MarkedPiece[] {
  const lost = lossesOf(run);
  const writing = run.checkpoints.map(({ at, durationMs }) => ({ from: at - durationMs, to: at }));
  const instants = [...lost, ...writing].flatMap(({ from, to }) => [from, to]);
  return run.running.flatMap((interval) => {
    const near = <T extends Interval>(all: readonly T[]) =>
      all.filter((each) => sharedPart(each, interval) !== null);
    const [nearLost, nearWriting] = [near(lost), near(writing)];
    const inside = instants.filter((at) => interval.from < at && at < interval.to);
    return cutAt(interval, inside).map((piece): MarkedPiece => {
      const held = { ...piece, nodeCount: interval.nodeCount };
      const loss = nearLost.find((each) => sharedPart(each, piece) !== null);
      if (loss !== undefined) return { ...held, mark: "lost", lostBy: loss.kind };
      const isWriting = nearWriting.some((each) => sharedPart(each, piece) !== null);
      return { ...held, mark: isWriting ? "checkpointing" : "kept", lostBy: null };
    });
  });
}

interface Loss extends Interval {
  readonly kind: StopKind;
  readonly stop: StopTruth;
}

/** Several figures ask for the losses of each run. */
const kept = new WeakMap<RunTruth, readonly Loss[]>();

/** What each interruption lost that none before it had: back to the last checkpoint, or as far as the resume went. */
export function lossesOf(run: RunTruth): readonly Loss[] {
  const known = kept.get(run) ?? findLosses(run);
  kept.set(run, known);
  return known;
}

function findLosses(run: RunTruth): Loss[] {
  const losses: Loss[] = [];
  for (const stop of run.stops) {
    const reach = [{ from: stop.lostSince, to: stop.at }];
    if (stop.restoredTo !== null && stop.resumedAt !== null) {
      reach.push({ from: stop.restoredTo, to: stop.resumedAt });
    }
    for (const interval of reach) {
      const fresh = without(interval, losses);
      losses.push(...fresh.map((piece) => ({ ...piece, kind: stop.kind, stop })));
    }
  }
  return losses;
}

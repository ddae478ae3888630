/** The books' job uptime. */
import { isAtLeast, meanMs, nineDecimals, sum } from "./arithmetic/exact.ts";
import type { JobBook } from "./job-marks.ts";
import { sharedMs } from "./arithmetic/marks.ts";
import type { HeldInterval, Interval, StopKind, StopTruth } from "../setting/history.ts";
import { dayMs } from "../setting/setting.ts";

const kinds: readonly StopKind[] = [
  "fault",
  "rollout",
  "maintenance",
  "software",
  "user",
  "unknown",
];

const isCrash = ({ kind }: StopTruth) =>
  kind === "fault" || kind === "software" || kind === "unknown";

type Weigh = (interval: HeldInterval, window: Interval) => number;
const nodeMs: Weigh = (interval, window) => sharedMs(interval, window) * interval.nodeCount;
const plainMs: Weigh = (interval, window) => sharedMs(interval, window);

export function jobUptimeOf(all: readonly JobBook[], window: Interval, target: number) {
  const isInside = (at: number) => window.from <= at && at < window.to;
  const books = all.filter(
    (book) =>
      book.runs.some(
        (run) => sharedMs(run, window) > 0 || (run.from === run.to && isInside(run.from)),
      ) || book.stops.some((stop) => isInside(stop.at)),
  );
  const sums = sumsOf(books, window, nodeMs);
  const stops = all.flatMap((book) => book.stops);
  const crashes = stops.filter((stop) => isCrash(stop) && isInside(stop.at));
  const resumed = stops.filter((s) => isCrash(s) && s.resumedAt !== null && isInside(s.resumedAt));
  const activeNodeMs = sums.runningMs + sums.interruptedMs;
  const contractNodeMs = activeNodeMs - sums.interruptedBy("user");
  return {
    target,
    met: isAtLeast(sums.runningMs, contractNodeMs, target),
    uptime: nineDecimals(sums.runningMs, activeNodeMs),
    contractual: nineDecimals(sums.runningMs, contractNodeMs),
    ettr: nineDecimals(sums.keptMs, activeNodeMs),
    runningNodeMs: sums.runningMs,
    interruptedNodeMs: sums.interruptedMs,
    pausedNodeMs: sums.pausedMs,
    keptNodeMs: sums.keptMs,
    checkpointingNodeMs: sums.checkpointingMs,
    lostNodeMs: sums.lostMs,
    interruptions: stops.filter((stop) => isInside(stop.at)).length,
    crashes: crashes.length,
    crashesUnresumed: crashes.filter((s) => (s.resumedAt ?? Infinity) >= window.to).length,
    crashesPerDay:
      books.length === 0 ? null : nineDecimals(crashes.length * dayMs, window.to - window.from),
    crashMeanMs: meanMs(sum(resumed.map((s) => (s.resumedAt ?? s.at) - s.at)), resumed.length),
    attribution: Object.fromEntries(
      kinds.map((kind) => [
        kind,
        { interruptedNodeMs: sums.interruptedBy(kind), lostNodeMs: sums.lostBy(kind) },
      ]),
    ),
    open: openAt(all, window.to),
    jobs: books.map((book) => rowOf(book, window)).sort((a, b) => (a.job < b.job ? -1 : 1)),
  };
}

function sumsOf(books: readonly JobBook[], window: Interval, weigh: Weigh) {
  const total = (intervals: readonly HeldInterval[]) => sum(intervals.map((s) => weigh(s, window)));
  const running = books.flatMap((book) => book.running);
  const stopped = books
    .flatMap((book) => book.stops)
    .map(({ at, until, nodeCount, kind }) => ({ from: at, to: until, nodeCount, kind }));
  const marked = (mark: string) => total(running.filter((piece) => piece.mark === mark));
  return {
    runningMs: total(running),
    interruptedMs: total(stopped),
    pausedMs: total(books.flatMap((book) => book.paused)),
    keptMs: marked("kept"),
    checkpointingMs: marked("checkpointing"),
    lostMs: marked("lost"),
    interruptedBy: (kind: StopKind) => total(stopped.filter((stop) => stop.kind === kind)),
    lostBy: (kind: StopKind) => total(running.filter((piece) => piece.lostBy === kind)),
  };
}

function rowOf(book: JobBook, window: Interval) {
  const begun = book.stops.filter(({ at }) => window.from <= at && at < window.to);
  const { interruptedBy: _by, lostBy: _lost, ...sums } = sumsOf([book], window, plainMs);
  const activeMs = sums.runningMs + sums.interruptedMs;
  return {
    job: book.job,
    uptime: nineDecimals(sums.runningMs, activeMs),
    ettr: nineDecimals(sums.keptMs, activeMs),
    ...sums,
    interruptions: begun.length,
    crashes: begun.filter(isCrash).length,
  };
}

function openAt(books: readonly JobBook[], to: number) {
  return books
    .flatMap(({ job, stops }) =>
      stops.filter(({ at, until }) => at < to && until >= to).map((stop) => ({ job, stop })),
    )
    .sort((a, b) => a.stop.at - b.stop.at || (a.job < b.job ? -1 : 1))
    .map(({ job, stop }) => ({
      job,
      since: new Date(stop.at).toISOString(),
      ageMs: to - stop.at,
      kind: stop.kind,
    }));
}

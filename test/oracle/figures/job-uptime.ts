import type { Interruption, Run } from "./jobs.ts";
import { mean } from "./mttr.ts";
import { compareText, elementaryIntervals, groupBy, instantText } from "../facts/oracle-event.ts";
import { contains } from "../facts/period.ts";
import type { Window } from "../facts/period.ts";
import type { OraclePolicy } from "./policies.ts";
import { compare, decimal, fraction, ninthDecimal, ratio, wholeMs } from "../facts/rational.ts";
import type { Rational } from "../facts/rational.ts";

const KINDS = ["fault", "rollout", "maintenance", "software", "user", "unknown"];
const CRASHES = new Set(["fault", "software", "unknown"]);
const DAY = 86_400_000;

interface CauseTime {
  readonly interruptedNodeMs: number;
  readonly lostNodeMs: number;
}

export interface OracleJob {
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

export interface OracleJobUptime {
  readonly target: number;
  readonly met: boolean | null;
  readonly uptime: number | null;
  readonly contractual: number | null;
  readonly ettr: number | null;
  readonly runningNodeMs: number;
  readonly interruptedNodeMs: number;
  readonly pausedNodeMs: number;
  readonly keptNodeMs: number;
  readonly checkpointingNodeMs: number;
  readonly lostNodeMs: number;
  readonly interruptions: number;
  readonly crashes: number;
  readonly crashesUnresumed: number;
  readonly crashesPerDay: number | null;
  readonly crashMeanMs: number | null;
  readonly attribution: Readonly<Record<string, CauseTime>>;
  readonly open: readonly { job: string; since: string; ageMs: number; kind: string }[];
  readonly jobs: readonly OracleJob[];
}

/** What one elementary interval of a run is: exactly one of these. */
interface Piece {
  readonly job: string;
  readonly ms: number;
  readonly weight: number;
  readonly is: "interrupted" | "paused" | "lost" | "checkpointing" | "kept";
  /** The kind of the interruption, of what is interrupted or lost. */
  readonly kind: string | null;
}

function pieceAt(run: Run, interval: Window): Piece[] {
  const stretch = run.stretches.find((one) => contains(one, interval.from));
  if (!stretch) return [];
  const piece = { job: run.job, ms: interval.to - interval.from, weight: stretch.weight };
  if (stretch.state === "paused") return [{ ...piece, is: "paused", kind: null }];
  if (stretch.state === "interrupted") {
    return [{ ...piece, is: "interrupted", kind: stretch.interruption?.kind ?? null }];
  }
  const loss = run.losses.find((one) => one.since <= interval.from && interval.from < one.until);
  if (loss) return [{ ...piece, is: "lost", kind: loss.interruption.kind }];
  const checkpointing = run.checkpoints.some(
    (one) => one.at - one.durationMs <= interval.from && interval.from < one.at,
  );
  return [{ ...piece, is: checkpointing ? "checkpointing" : "kept", kind: null }];
}

function piecesOf(run: Run, window: Window): Piece[] {
  const instants = [
    ...run.stretches.flatMap((one) => [one.from, one.to]),
    ...run.losses.flatMap((one) => [one.since, one.until]),
    ...run.checkpoints.flatMap((one) => [one.at - one.durationMs, one.at]),
  ];
  const inside = instants.filter((instant) => contains(window, instant));
  return elementaryIntervals([window.from, window.to, ...inside]).flatMap((interval) =>
    pieceAt(run, interval),
  );
}

type Sum = (is: readonly Piece["is"][], kind?: string) => number;

function sumOf(pieces: readonly Piece[], timeOf: (piece: Piece) => number): Sum {
  return (is, kind) =>
    pieces
      .filter((piece) => is.includes(piece.is) && (kind === undefined || piece.kind === kind))
      .reduce((sum, piece) => sum + timeOf(piece), 0);
}

const RUNNING = ["lost", "checkpointing", "kept"] as const;
const isCrash = (interruption: Interruption): boolean => CRASHES.has(interruption.kind);

function isAlive(run: Run, window: Window): boolean {
  return run.from === run.to
    ? contains(window, run.from)
    : run.from < window.to && run.to > window.from;
}

function rounded(value: Rational | null): number | null {
  return value && ninthDecimal(value);
}

function jobFigures(job: string, runs: readonly Run[], window: Window): OracleJob {
  const time = sumOf(
    runs.flatMap((run) => piecesOf(run, window)),
    (piece) => piece.ms,
  );
  const began = runs
    .flatMap((run) => run.interruptions)
    .filter((one) => contains(window, one.from));
  const [runningMs, interruptedMs, keptMs] = [time(RUNNING), time(["interrupted"]), time(["kept"])];
  return {
    job,
    uptime: rounded(ratio(runningMs, runningMs + interruptedMs)),
    ettr: rounded(ratio(keptMs, runningMs + interruptedMs)),
    runningMs,
    interruptedMs,
    pausedMs: time(["paused"]),
    keptMs,
    checkpointingMs: time(["checkpointing"]),
    lostMs: time(["lost"]),
    interruptions: began.length,
    crashes: began.filter(isCrash).length,
  };
}

function openInterruptions(runs: readonly Run[], window: Window): OracleJobUptime["open"] {
  return runs
    .flatMap((run) => run.interruptions.map((one) => ({ job: run.job, one })))
    .filter(({ one }) => one.from < window.to && one.to >= window.to)
    .sort((a, b) => a.one.from - b.one.from || compareText(a.job, b.job))
    .map(({ job, one }) => ({
      job,
      since: instantText(one.from),
      ageMs: window.to - one.from,
      kind: one.kind,
    }));
}

/** measures.md, "Jobs": all runs of a cluster, weighted by the nodes that they hold. */
export function jobUptimeSection(
  runs: readonly Run[],
  window: Window,
  policy: OraclePolicy,
): OracleJobUptime {
  const time = sumOf(
    runs.flatMap((run) => piecesOf(run, window)),
    (piece) => piece.ms * piece.weight,
  );
  const all = runs.flatMap((run) => run.interruptions);
  const began = all.filter((one) => contains(window, one.from));
  const crashes = began.filter(isCrash);
  const resumed = all.filter((one) => isCrash(one) && contains(window, one.resumedAt));
  const crashMean = mean(resumed.map((one) => one.resumedAt - one.from));
  const jobs = [...groupBy(runs, (run) => run.job)]
    .filter(([, mine]) =>
      mine.some(
        (run) =>
          isAlive(run, window) || run.interruptions.some((one) => contains(window, one.from)),
      ),
    )
    .sort(([a], [b]) => compareText(a, b))
    .map(([job, mine]) => jobFigures(job, mine, window));

  const [runningNodeMs, interruptedNodeMs, keptNodeMs] = [
    time(RUNNING),
    time(["interrupted"]),
    time(["kept"]),
  ];
  const whole = runningNodeMs + interruptedNodeMs;
  const contractual = ratio(runningNodeMs, whole - time(["interrupted"], "user"));
  const perDay = fraction(BigInt(crashes.length) * BigInt(DAY), window.to - window.from);
  return {
    target: policy.jobUptimeTarget,
    met: contractual && compare(contractual, decimal(policy.jobUptimeTarget)) >= 0,
    uptime: rounded(ratio(runningNodeMs, whole)),
    contractual: rounded(contractual),
    ettr: rounded(ratio(keptNodeMs, whole)),
    runningNodeMs,
    interruptedNodeMs,
    pausedNodeMs: time(["paused"]),
    keptNodeMs,
    checkpointingNodeMs: time(["checkpointing"]),
    lostNodeMs: time(["lost"]),
    interruptions: began.length,
    crashes: crashes.length,
    crashesUnresumed: crashes.filter((one) => one.resumedAt >= window.to).length,
    crashesPerDay: jobs.length === 0 ? null : ninthDecimal(perDay),
    crashMeanMs: crashMean && wholeMs(crashMean),
    attribution: Object.fromEntries(
      KINDS.map((kind) => [
        kind,
        { interruptedNodeMs: time(["interrupted"], kind), lostNodeMs: time(["lost"], kind) },
      ]),
    ),
    open: openInterruptions(runs, window),
    jobs,
  };
}

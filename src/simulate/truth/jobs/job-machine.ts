/** One job as it goes: every step is kept as ground truth and stated as a fact. Steps come in rising time. */
import type { DataOf } from "../../../events/catalogue.ts";
import type { JobTruth, RunTruth, StopTruth } from "../../setting/history.ts";
import { compressNames } from "../fleet/hostlist.ts";
import type { Reporter } from "../../setting/reporter.ts";

export type Cause = DataOf<"JobInterrupted">["cause"];
/** `null`: nothing is said, so the latest complete checkpoint. */
export type Restore = "start" | { readonly checkpointId: string } | null;

type State = "none" | "running" | "paused" | "interrupted" | "failed";

export class JobMachine {
  readonly truth: JobTruth;
  readonly #reporter: Reporter;
  readonly #who: { readonly cluster: string; readonly job: string };
  #state: State = "none";
  #held: readonly string[] = [];
  /** A change of nodes that waits for the resume. */
  #waiting: readonly string[] | null = null;
  #since = 0;

  constructor(reporter: Reporter, cluster: string, job: string) {
    this.#reporter = reporter;
    this.#who = { cluster, job };
    this.truth = { job, runs: [] };
  }

  get state(): State {
    return this.#state;
  }

  get held(): readonly string[] {
    return this.#held;
  }

  /** When the present state began. */
  get since(): number {
    return this.#since;
  }

  get run(): RunTruth {
    const run = this.truth.runs.at(-1);
    if (run === undefined) throw new Error(`job ${this.#who.job} has not started`);
    return run;
  }

  /** A new run, or after a failed finish within 24 h (`isRequeue`) the same one going on. */
  start(at: number, nodes: readonly string[], isRequeue: boolean, from: Restore = null): void {
    const gpus = nodes.length * 8;
    const data = { ...this.#who, nodes: compressNames(nodes), gpus, ...fromField(from) };
    this.#reporter.say("JobStarted", at, data);
    this.#held = nodes;
    if (isRequeue) {
      this.#restore(at, from);
    } else {
      const empty = { running: [], paused: [], stops: [], checkpoints: [] };
      this.truth.runs.push({ from: at, to: Infinity, ...empty });
    }
    this.#enter("running", at);
  }

  checkpoint(at: number, checkpointId: string, durationMs: number): void {
    this.#reporter.say("JobCheckpointed", at, { ...this.#who, checkpointId, durationMs });
    this.run.checkpoints.push({ checkpointId, at, durationMs });
  }

  interrupt(at: number, cause: Cause): void {
    this.#reporter.say("JobInterrupted", at, { ...this.#who, cause });
    this.#stop(at, cause);
    this.#enter("interrupted", at);
  }

  /** The scheduler says once more that the job is down; nothing has happened. */
  repeatInterruption(at: number, cause: Cause): void {
    this.#reporter.say("JobInterrupted", at, { ...this.#who, cause });
  }

  /** `nodes` of `null` names none: those held, or the change that waits. */
  resume(at: number, nodes: readonly string[] | null, from: Restore): void {
    const named = nodes === null ? {} : { nodes: compressNames(nodes) };
    this.#reporter.say("JobResumed", at, { ...this.#who, ...fromField(from), ...named });
    this.#held = nodes ?? this.#waiting ?? this.#held;
    this.#restore(at, from);
    this.#enter("running", at);
  }

  pause(at: number): void {
    this.#reporter.say("JobPaused", at, this.#who);
    this.#close(at);
    this.#enter("paused", at);
  }

  unpause(at: number): void {
    this.#reporter.say("JobUnpaused", at, this.#who);
    this.#close(at);
    this.#enter("running", at);
  }

  changeNodes(at: number, nodes: readonly string[]): void {
    this.#reporter.say("JobNodesChanged", at, { ...this.#who, nodes: compressNames(nodes) });
    if (this.#state === "interrupted") {
      this.#waiting = nodes;
      return;
    }
    this.#close(at);
    this.#held = nodes;
    // The state goes on; only its nodeCount is another.
    this.#since = at;
  }

  /** The run is over for good. */
  finish(at: number, outcome: "completed" | "cancelled"): void {
    this.#reporter.say("JobFinished", at, { ...this.#who, outcome });
    this.#close(at);
    this.#endStop(at);
    this.run.to = at;
    this.#state = "none";
  }

  /** Down until a requeue, or for good: `endFailed` says so. */
  fail(at: number, cause: Cause | null): void {
    const why = cause === null ? {} : { cause };
    this.#reporter.say("JobFinished", at, { ...this.#who, outcome: "failed", ...why });
    if (this.#state !== "interrupted") this.#stop(at, cause ?? { kind: "unknown" });
    this.#enter("failed", at);
  }

  /** Nobody started it again in time: it ended with its failed finish. */
  endFailed(): void {
    this.#endStop(this.#since);
    this.run.to = this.#since;
    this.#state = "none";
  }

  /** The simulation is over; what is going on stays open. */
  leaveOpen(): void {
    if (this.#state === "failed") this.endFailed();
    if (this.#state !== "none") this.#close(Infinity);
  }

  #enter(state: State, at: number): void {
    this.#state = state;
    this.#since = at;
    this.#waiting = null;
  }

  #close(to: number): void {
    const interval = { from: this.#since, to, nodeCount: this.#held.length };
    if (this.#state === "running") this.run.running.push(interval);
    if (this.#state === "paused") this.run.paused.push(interval);
  }

  #stop(at: number, { kind, rolloutId }: Cause): void {
    this.#close(at);
    this.run.stops.push({
      at,
      kind,
      rolloutId: rolloutId ?? null,
      nodeCount: this.#held.length,
      lostSince: this.#latest(at),
      until: Infinity,
      resumedAt: null,
      restoredTo: null,
    });
  }

  #openStop(): StopTruth | null {
    const stop = this.run.stops.at(-1);
    return stop !== undefined && stop.until === Infinity ? stop : null;
  }

  #endStop(at: number): void {
    const stop = this.#openStop();
    if (stop !== null) stop.until = at;
  }

  #restore(at: number, from: Restore): void {
    const stop = this.#openStop();
    if (stop === null) return;
    stop.until = at;
    stop.resumedAt = at;
    stop.restoredTo = this.#restorePoint(at, from);
  }

  #restorePoint(at: number, from: Restore): number {
    if (from === "start") return this.run.from;
    if (from === null) return this.#latest(at);
    const named = this.run.checkpoints.findLast((c) => c.checkpointId === from.checkpointId);
    return named?.at ?? this.#latest(at);
  }

  /** When the latest checkpoint by then was complete, else when the run began. */
  #latest(by: number): number {
    return this.run.checkpoints.findLast((checkpoint) => checkpoint.at <= by)?.at ?? this.run.from;
  }
}

function fromField(from: Restore): { from?: "start" | { checkpointId: string } } {
  return from === null ? {} : { from };
}

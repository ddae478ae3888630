/** One job's runs: when it ran, was interrupted or paused, and which of its running time was lost, checkpointing or kept. */
import type { Fact, FactOf } from "../facts/fact.ts";
import type { Finding } from "../facts/finding.ts";
import type { EntityKind } from "../facts/entity-kind.ts";
import { countNodes } from "../nodes/node-count.ts";
import { RunLedger } from "./run-ledger.ts";
import type { Interruption, InterruptionKind, JobRun, JobTimeline } from "./timeline.ts";

/** How long after a failed finish a start is still a resume of the same run. */
const requeueMs = 86_400_000;

const ranks: ReadonlyMap<string, number> = new Map(
  [
    "JobStarted",
    "JobNodesChanged",
    "JobCheckpointed",
    "JobInterrupted",
    "JobResumed",
    "JobPaused",
    "JobUnpaused",
    "JobFinished",
  ].map((type, rank) => [type, rank]),
);

type RestorePoint = FactOf<"JobResumed">["data"]["from"];
type Cause = FactOf<"JobInterrupted">["data"]["cause"];
type Draft = { -readonly [K in keyof JobRun]: JobRun[K] };
type InterruptionDraft = { -readonly [K in keyof Interruption]: Interruption[K] };

/** `failed`: after a failed finish, when only a start fits. */
type JobState = "none" | "running" | "interrupted" | "paused" | "failed";

const unknownCause: Cause = { kind: "unknown" };

export const jobKind: EntityKind<JobFold, JobTimeline> = {
  initial: (job) => new JobFold(job),
  rank: (fact) => ranks.get(fact.type) ?? ranks.size,
  once: (fact) =>
    fact.type === "JobCheckpointed" ? `${fact.type} ${fact.data.checkpointId}` : fact.type,
  fits: (fold, fact) => fold.fits(fact),
  evolve: (fold, fact) => {
    fold.apply(fact);
  },
  reject: (fold, fact) => {
    if (ranks.has(fact.type)) fold.report("job-does-not-fit", fact);
  },
  timeline: (fold) => fold.timeline(),
  open: (fold) => fold.open(),
  closing: { types: new Set(["JobFinished"]), lingersMs: requeueMs },
  carry: {
    // What an interruption loses may reach back to the run's start: a run is folded whole.
    facts: (fold) => (fold.state === "none" ? [] : null),
    resume: (job) => new JobFold(job),
  },
};

/** What is known of one job while its facts apply. */
class JobFold {
  readonly job: string;
  state: JobState = "none";
  readonly runs: Draft[] = [];
  readonly interruptions: InterruptionDraft[] = [];
  readonly findings: Finding[] = [];
  readonly ledger = new RunLedger();
  /** When the job last failed; -Infinity if it has not. */
  failedAt = -Infinity;
  /** Number of nodes held. */
  nodeCount = 0;
  /** A change of nodes during an interruption, which applies at the resume. */
  nodeCountAfter: number | null = null;

  constructor(job: string) {
    this.job = job;
  }

  report(kind: Finding["kind"], fact: Fact): void {
    this.findings.push({ kind, at: fact.occurredAt, factId: fact.id });
  }

  fits(fact: Fact): boolean {
    switch (fact.type) {
      case "JobStarted":
        return this.state === "none" || this.state === "failed";
      case "JobInterrupted":
        return this.state === "running" || this.state === "paused";
      case "JobResumed":
        return this.state === "interrupted";
      case "JobPaused":
        return this.state === "running";
      case "JobUnpaused":
        return this.state === "paused";
      case "JobNodesChanged":
      case "JobCheckpointed":
      case "JobFinished":
        return this.state !== "none" && this.state !== "failed";
      default:
        return false;
    }
  }

  apply(fact: Fact): void {
    const at = fact.occurredAt;
    if (fact.type === "JobStarted") this.start(fact);
    else if (fact.type === "JobNodesChanged") this.changeNodes(at, countNodes(fact.data.nodes));
    else if (fact.type === "JobCheckpointed")
      this.ledger.checkpoint(fact.data.checkpointId, at, fact.data.durationMs);
    else if (fact.type === "JobInterrupted") this.interrupt(at, fact.id, fact.data.cause);
    else if (fact.type === "JobResumed") this.resume(fact, fact.data.from, fact.data.nodes);
    else if (fact.type === "JobPaused") this.turn("paused", at);
    else if (fact.type === "JobUnpaused") this.turn("running", at);
    else if (fact.type === "JobFinished") this.finish(fact);
  }

  start(fact: FactOf<"JobStarted">): void {
    const at = fact.occurredAt;
    if (this.state === "failed" && at - this.failedAt <= requeueMs) {
      const run = this.runs.at(-1);
      if (run !== undefined) [run.to, run.finishId, run.outcome] = [Infinity, null, null];
      this.resume(fact, fact.data.from, fact.data.nodes);
      return;
    }
    this.runs.push({ from: at, to: Infinity, startId: fact.id, finishId: null, outcome: null });
    this.ledger.beginRun(at);
    this.nodeCount = countNodes(fact.data.nodes);
    this.nodeCountAfter = null;
    this.turn("running", at);
  }

  /** From one state of a run to running or paused. */
  turn(state: "running" | "paused", at: number): void {
    this.ledger.stop(at);
    this.state = state;
    this.ledger.go(state, at, this.nodeCount);
  }

  changeNodes(at: number, nodeCount: number): void {
    if (this.state === "interrupted") {
      this.nodeCountAfter = nodeCount;
    } else if (this.state === "running" || this.state === "paused") {
      this.nodeCount = nodeCount;
      this.turn(this.state, at);
    }
  }

  interrupt(at: number, eventId: string, cause: Cause): void {
    this.ledger.stop(at);
    this.interruptions.push(interruptionOf(at, eventId, cause, this.nodeCount));
    this.ledger.loseSince(this.ledger.latestCheckpointAt(), this.interruptions.length - 1);
    this.state = "interrupted";
    this.nodeCountAfter = null;
  }

  resume(fact: Fact, from: RestorePoint, nodes: readonly string[] | undefined): void {
    const at = fact.occurredAt;
    const last = this.interruptions.at(-1);
    if (last !== undefined) [last.to, last.resumedAt] = [at, at];
    this.ledger.loseSince(this.restorePointAt(from, fact), this.interruptions.length - 1);
    this.nodeCount =
      nodes === undefined ? (this.nodeCountAfter ?? this.nodeCount) : countNodes(nodes);
    this.nodeCountAfter = null;
    this.turn("running", at);
  }

  /** When the state that the resume goes back to was complete. */
  restorePointAt(from: RestorePoint, fact: Fact): number {
    if (from === "start") return -Infinity;
    if (from === undefined) return this.ledger.latestCheckpointAt();
    const at = this.ledger.checkpointAt(from.checkpointId);
    if (at === null) this.report("unknown-checkpoint", fact);
    return at ?? this.ledger.latestCheckpointAt();
  }

  finish(fact: FactOf<"JobFinished">): void {
    const at = fact.occurredAt;
    const { outcome, cause } = fact.data;
    const failed = outcome === "failed";
    if (failed && this.state !== "interrupted") this.interrupt(at, fact.id, cause ?? unknownCause);
    // Without a start within 24 h the job ended here; a resume sets the end anew.
    if (this.state === "interrupted") {
      const last = this.interruptions.at(-1);
      if (last !== undefined) last.to = at;
    }
    this.ledger.stop(at);
    const run = this.runs.at(-1);
    if (run !== undefined) [run.to, run.finishId, run.outcome] = [at, fact.id, outcome];
    this.state = failed ? "failed" : "none";
    if (failed) this.failedAt = at;
  }

  /** The run that has not ended, or has failed: what comes of it may lose what ran long before. */
  open(): string[] {
    const run = this.runs.at(-1);
    return this.state === "none" || run === undefined ? [] : [`run ${run.startId}`];
  }

  timeline(): JobTimeline {
    const { job, runs, interruptions, findings } = this;
    return {
      job,
      runs: runs.map((run) => ({ ...run })),
      interruptions: interruptions.map((each) => ({ ...each })),
      findings: [...findings],
      ...this.ledger.pieces(),
    };
  }
}

function interruptionOf(
  at: number,
  eventId: string,
  cause: Cause,
  nodeCount: number,
): InterruptionDraft {
  const kind: InterruptionKind = cause.kind;
  const { faultId = null, node = null, rolloutId = null, maintenanceId = null } = cause;
  return {
    from: at,
    to: Infinity,
    nodeCount,
    eventId,
    kind,
    faultId,
    node,
    rolloutId,
    maintenanceId,
    resumedAt: null,
  };
}

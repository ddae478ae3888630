/** The state of one job while its facts apply: its runs, its interruptions, and how its running time is spent. */
import type { EarlierFacts } from "../facts/entity-kind.ts";
import type { Fact, FactOf } from "../facts/fact.ts";
import type { Finding } from "../facts/finding.ts";
import { countNodes } from "../nodes/node-count.ts";
import { RunLedger } from "./run-ledger.ts";
import type { Interruption, InterruptionKind, JobHold, JobRun, JobTimeline } from "./timeline.ts";

/** How long after a failed finish a start is still a resume of the same run. */
export const requeueMs = 86_400_000;

type RestorePoint = FactOf<"JobResumed">["data"]["from"];
type Cause = FactOf<"JobInterrupted">["data"]["cause"];
type Draft = { -readonly [K in keyof JobRun]: JobRun[K] };
type InterruptionDraft = { -readonly [K in keyof Interruption]: Interruption[K] };

/** `failed`: after a failed finish; only a start fits. */
type JobState = "none" | "running" | "interrupted" | "paused" | "failed";

const unknownCause: Cause = { kind: "unknown" };

export class JobFold {
  readonly job: string;
  state: JobState = "none";
  readonly runs: Draft[] = [];
  readonly interruptions: InterruptionDraft[] = [];
  readonly findings: Finding[] = [];
  readonly holds: JobHold[] = [];
  readonly ledger = new RunLedger();
  /** When the job last failed; -Infinity if it has not. */
  failedAt = -Infinity;
  /** Number of nodes held. */
  nodeCount = 0;
  /** A change of nodes during an interruption, which applies at the resume. */
  nodeCountAfter: number | null = null;
  /** The facts that a state after the latest checkpoint is resumed from. */
  private startFact: FactOf<"JobStarted"> | null = null;
  private nodesFact: Fact | null = null;
  private nodesFactAfter: Fact | null = null;
  /** The fact that the last of `holds` was taken from. */
  private holdFact: Fact | null = null;
  private checkpointFact: FactOf<"JobCheckpointed"> | null = null;
  /** The end of the last run; `null` before the first run has ended. */
  private finishFact: FactOf<"JobFinished"> | null = null;
  /** Completion time of the checkpoint that the fold was resumed after; -Infinity for a fold from the first fact. */
  resumedAt = -Infinity;
  /**
   * The instant from which the facts must be known to tell which restore point was meant and what was lost; `null` if the
   * known ones suffice.
   */
  doubtfulSince: number | null = null;
  private readonly earlier: EarlierFacts | null;

  /** `earlier` is given to a fold that does not begin at the first fact. */
  constructor(job: string, earlier: EarlierFacts | null = null) {
    this.job = job;
    this.earlier = earlier;
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
    else if (fact.type === "JobNodesChanged") this.changeNodes(fact);
    else if (fact.type === "JobCheckpointed") this.completeCheckpoint(fact);
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
    this.beginRun(fact);
    this.setNodes(fact);
    this.turn("running", at);
  }

  beginRun(fact: FactOf<"JobStarted">): void {
    const at = fact.occurredAt;
    this.runs.push({ from: at, to: Infinity, startId: fact.id, finishId: null, outcome: null });
    this.ledger.beginRun(at);
    this.startFact = fact;
    this.checkpointFact = null;
  }

  /** Holds the nodes that a start, a resume or a change of nodes names. */
  setNodes(fact: Fact): void {
    this.nodeCount = countNodes(nodesOf(fact) ?? []);
    this.nodesFact = fact;
    [this.nodeCountAfter, this.nodesFactAfter] = [null, null];
  }

  completeCheckpoint(fact: FactOf<"JobCheckpointed">): void {
    this.ledger.checkpoint(fact.data.checkpointId, fact.occurredAt, fact.data.durationMs);
    this.checkpointFact = fact;
  }

  /** From one state of a run to running or paused. */
  turn(state: "running" | "paused", at: number): void {
    this.ledger.stop(at);
    this.state = state;
    this.ledger.go(state, at, this.nodeCount);
    if (this.nodesFact === null || this.nodesFact === this.holdFact) return;
    this.holdFact = this.nodesFact;
    this.holds.push({ from: at, nodes: nodesOf(this.nodesFact) ?? [] });
  }

  changeNodes(fact: FactOf<"JobNodesChanged">): void {
    if (this.state === "interrupted") {
      [this.nodeCountAfter, this.nodesFactAfter] = [countNodes(fact.data.nodes), fact];
    } else if (this.state === "running" || this.state === "paused") {
      this.setNodes(fact);
      this.turn(this.state, fact.occurredAt);
    }
  }

  interrupt(at: number, eventId: string, cause: Cause): void {
    this.ledger.stop(at);
    const held = this.nodesFact === null ? [] : (nodesOf(this.nodesFact) ?? []);
    const { nodeCount } = this;
    this.interruptions.push(interruptionOf(at, eventId, cause, { held, nodeCount }));
    this.lose(this.ledger.latestCheckpointAt());
    this.state = "interrupted";
    [this.nodeCountAfter, this.nodesFactAfter] = [null, null];
  }

  resume(fact: Fact, from: RestorePoint, nodes: readonly string[] | undefined): void {
    const at = fact.occurredAt;
    const last = this.interruptions.at(-1);
    if (last !== undefined) [last.to, last.resumedAt] = [at, at];
    this.lose(this.restorePointAt(from, fact));
    if (nodes !== undefined) this.setNodes(fact);
    else if (this.nodesFactAfter !== null) this.setNodes(this.nodesFactAfter);
    this.turn("running", at);
  }

  /** The running time since an instant, by the last interruption. */
  private lose(since: number): void {
    const from = Math.max(since, this.runFrom());
    // Of what ran before the state that the fold was resumed from, only a fold from before that instant knows.
    if (from < (this.earlier?.after ?? -Infinity)) this.doubt(from);
    this.ledger.loseSince(since, this.interruptions.length - 1);
  }

  private doubt(since: number): void {
    this.doubtfulSince = Math.min(this.doubtfulSince ?? Infinity, since);
  }

  /** The completion time of the state that the resume goes back to. */
  restorePointAt(from: RestorePoint, fact: Fact): number {
    if (from === "start") return -Infinity;
    if (from === undefined) return this.ledger.latestCheckpointAt();
    const at = this.ledger.checkpointAt(from.checkpointId);
    if (at === null) this.report("unknown-checkpoint", fact);
    if (at === null && this.mayHaveHad(from.checkpointId)) this.doubt(this.runFrom());
    return at ?? this.ledger.latestCheckpointAt();
  }

  /** Whether the run may have completed the checkpoint before the fold was resumed. */
  private mayHaveHad(checkpointId: string): boolean {
    const facts = this.earlier?.about("JobCheckpointed", checkpointId) ?? [];
    const from = this.runFrom();
    return facts.some(({ occurredAt }) => from <= occurredAt && occurredAt <= this.resumedAt);
  }

  private runFrom(): number {
    return this.runs.at(-1)?.from ?? -Infinity;
  }

  finish(fact: FactOf<"JobFinished">): void {
    const at = fact.occurredAt;
    const { outcome, cause } = fact.data;
    const failed = outcome === "failed";
    if (failed && this.state !== "interrupted") this.interrupt(at, fact.id, cause ?? unknownCause);
    // Unless it starts within 24 h, the job ended here; a resume sets the end anew.
    if (this.state === "interrupted") {
      const last = this.interruptions.at(-1);
      if (last !== undefined) last.to = at;
    }
    this.ledger.stop(at);
    this.endRun(fact);
    this.state = failed ? "failed" : "none";
    if (failed) this.failedAt = at;
  }

  endRun(fact: FactOf<"JobFinished">): void {
    const run = this.runs.at(-1);
    if (run === undefined) return;
    [run.to, run.finishId, run.outcome] = [fact.occurredAt, fact.id, fact.data.outcome];
    this.finishFact = fact;
  }

  /** The run, as long as a later fact of it may lose time before `end`. */
  open(end: number): string[] {
    const run = this.runs.at(-1);
    const isOpen = this.state !== "none" && this.ledger.latestCheckpointAt() < end;
    return isOpen && run !== undefined ? [`run ${run.startId}`] : [];
  }

  /**
   * Only for a run that continues, and for a job between two runs, which keeps the last one: what ran before the latest
   * checkpoint no longer matters.
   */
  carried(): readonly Fact[] | null {
    const { startFact, nodesFact, checkpointFact, finishFact } = this;
    if (this.state === "none")
      return startFact === null || finishFact === null ? [] : [startFact, finishFact];
    if (this.state !== "running" || startFact === null || nodesFact === null) return null;
    return [startFact, nodesFact, ...(checkpointFact === null ? [] : [checkpointFact])];
  }

  timeline(): JobTimeline {
    const { job, runs, interruptions, findings, holds } = this;
    return {
      job,
      runs: runs.map((run) => ({ ...run })),
      interruptions: interruptions.map((each) => ({ ...each })),
      findings: [...findings],
      holds: [...holds],
      ...this.ledger.pieces(),
    };
  }
}

function nodesOf(fact: Fact): readonly string[] | undefined {
  const hasNodes =
    fact.type === "JobStarted" || fact.type === "JobResumed" || fact.type === "JobNodesChanged";
  return hasNodes ? fact.data.nodes : undefined;
}

function interruptionOf(
  at: number,
  eventId: string,
  cause: Cause,
  nodes: Pick<Interruption, "held" | "nodeCount">,
): InterruptionDraft {
  const kind: InterruptionKind = cause.kind;
  const { faultId = null, node = null, rolloutId = null, maintenanceId = null } = cause;
  return {
    from: at,
    to: Infinity,
    ...nodes,
    eventId,
    kind,
    faultId,
    node,
    rolloutId,
    maintenanceId,
    resumedAt: null,
  };
}

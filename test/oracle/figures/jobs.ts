import { applyInTheOrderThatFits } from "../facts/fitting-order.ts";
import { expandNodes } from "../facts/hostlist.ts";
import { required } from "../facts/oracle-event.ts";
import type { OracleFact, OracleFinding } from "../facts/oracle-event.ts";
import { OPEN } from "./memberships.ts";

const DAY = 86_400_000;

export interface Interruption {
  readonly kind: string;
  readonly by: OracleFact;
  /** The nodes held when it began. */
  readonly nodes: ReadonlySet<string>;
  readonly from: number;
  /** The resume, or the end of the job; OPEN if neither is known. */
  to: number;
  /** The resume; OPEN if there is none. */
  resumedAt: number;
}

/** A time in one state with one set of nodes. */
export interface JobStretch {
  readonly state: "running" | "paused" | "interrupted";
  readonly from: number;
  to: number;
  /** How many nodes count: those held, or those held when the interruption began. */
  readonly weight: number;
  readonly nodes: ReadonlySet<string>;
  readonly interruption: Interruption | null;
}

/** What an interruption loses: every running instant of its run in [since, until) that was not lost before. */
export interface Loss {
  readonly interruption: Interruption;
  readonly since: number;
  readonly until: number;
}

export interface Checkpoint {
  readonly checkpointId: string;
  readonly at: number;
  readonly durationMs: number;
}

/** From a start to its finish, over all interruptions. */
export interface Run {
  readonly job: string;
  readonly from: number;
  to: number;
  readonly stretches: JobStretch[];
  readonly checkpoints: Checkpoint[];
  readonly interruptions: Interruption[];
  /** In the order in which they came. */
  readonly losses: Loss[];
}

type JobState = "no run" | "running" | "paused" | "interrupted" | "failed";

/** All runs of one job, by rules.md, "Jobs". */
export function jobRuns(
  job: string,
  facts: readonly OracleFact[],
): { runs: Run[]; findings: OracleFinding[] } {
  const fold = new JobFold(job);
  const misfits = applyInTheOrderThatFits(facts, fold);
  fold.endOfFacts();
  return {
    runs: fold.runs,
    findings: [
      ...misfits.map((fact) => ({ kind: "job-does-not-fit", fact })),
      ...fold.unknownCheckpoints.map((fact) => ({ kind: "unknown-checkpoint", fact })),
    ],
  };
}

class JobFold {
  readonly ranks = [
    "JobStarted",
    "JobNodesChanged",
    "JobCheckpointed",
    "JobInterrupted",
    "JobResumed",
    "JobPaused",
    "JobUnpaused",
    "JobFinished",
  ];
  readonly runs: Run[] = [];
  readonly unknownCheckpoints: OracleFact[] = [];
  readonly #job: string;
  #state: JobState = "no run";
  #run: Run | null = null;
  #interruption: Interruption | null = null;
  #failedAt = OPEN;
  #held: ReadonlySet<string> = new Set();
  /** A change of nodes that came during the interruption. */
  #heldAtResume: ReadonlySet<string> | null = null;

  constructor(job: string) {
    this.#job = job;
  }

  onceAtAnInstant(fact: OracleFact): string {
    return fact.type === "JobCheckpointed"
      ? `${fact.type} ${String(fact.data.checkpointId)}`
      : fact.type;
  }

  fits(fact: OracleFact): boolean {
    const state = this.#state;
    switch (fact.type) {
      case "JobStarted":
        return state === "no run" || state === "failed";
      case "JobInterrupted":
        return state === "running" || state === "paused";
      case "JobResumed":
        return state === "interrupted";
      case "JobPaused":
        return state === "running";
      case "JobUnpaused":
        return state === "paused";
      default:
        return state === "running" || state === "paused" || state === "interrupted";
    }
  }

  apply(fact: OracleFact): void {
    const { at, data } = fact;
    switch (fact.type) {
      case "JobStarted":
        return this.#start(fact);
      case "JobNodesChanged":
        return this.#changeNodes(at, nodesIn(data.nodes));
      case "JobCheckpointed": {
        const checkpointId = required(data.checkpointId, "checkpointId");
        const durationMs = required(data.durationMs, "durationMs");
        this.#current().checkpoints.push({ checkpointId, at, durationMs });
        return;
      }
      case "JobInterrupted":
        return this.#interrupt(fact, required(data.cause, "cause").kind, "interrupted");
      case "JobResumed":
        return this.#resume(fact);
      case "JobPaused":
        return this.#enter("paused", at);
      case "JobUnpaused":
        return this.#enter("running", at);
      default:
        return this.#finish(fact);
    }
  }

  /** Without a start within a day after a failed finish, by all facts, the job ended there. */
  endOfFacts(): void {
    if (this.#state === "failed") this.#endRun(this.#failedAt);
  }

  #current(): Run {
    return required(this.#run ?? undefined, "run");
  }

  #start(fact: OracleFact): void {
    if (this.#state === "failed") {
      if (fact.at - this.#failedAt <= DAY) return this.#resume(fact);
      this.#endRun(this.#failedAt);
    }
    this.#run = {
      job: this.#job,
      from: fact.at,
      to: OPEN,
      stretches: [],
      checkpoints: [],
      interruptions: [],
      losses: [],
    };
    this.runs.push(this.#run);
    this.#held = nodesIn(fact.data.nodes);
    this.#enter("running", fact.at);
  }

  #changeNodes(at: number, nodes: ReadonlySet<string>): void {
    if (this.#state === "interrupted") {
      this.#heldAtResume = nodes;
      return;
    }
    this.#held = nodes;
    this.#enter(this.#state === "paused" ? "paused" : "running", at);
  }

  #interrupt(by: OracleFact, kind: string, state: "interrupted" | "failed"): void {
    if (this.#interruption) {
      this.#state = state;
      return;
    }
    const run = this.#current();
    const { at } = by;
    const nodes = this.#held;
    const interruption: Interruption = { kind, by, nodes, from: at, to: OPEN, resumedAt: OPEN };
    this.#interruption = interruption;
    run.interruptions.push(interruption);
    const since = run.checkpoints.at(-1)?.at ?? run.from;
    run.losses.push({ interruption, since, until: at });
    this.#enter(state, at);
  }

  #resume(fact: OracleFact): void {
    const run = this.#current();
    const interruption = required(this.#interruption ?? undefined, "interruption");
    interruption.to = fact.at;
    interruption.resumedAt = fact.at;
    this.#interruption = null;
    const since = this.#resumedFrom(fact, run);
    if (since !== null) run.losses.push({ interruption, since, until: fact.at });
    this.#held = fact.data.nodes ? nodesIn(fact.data.nodes) : (this.#heldAtResume ?? this.#held);
    this.#heldAtResume = null;
    this.#enter("running", fact.at);
  }

  /** Where the resume goes back to; null if that is the latest checkpoint, after which all is lost already. */
  #resumedFrom(fact: OracleFact, run: Run): number | null {
    const { from } = fact.data;
    if (from === undefined) return null;
    if (from === "start") return run.from;
    const named = run.checkpoints.filter((one) => one.checkpointId === from.checkpointId).at(-1);
    if (!named) this.unknownCheckpoints.push(fact);
    return named?.at ?? null;
  }

  #finish(fact: OracleFact): void {
    if (fact.data.outcome === "failed") {
      this.#failedAt = fact.at;
      return this.#interrupt(fact, fact.data.cause?.kind ?? "unknown", "failed");
    }
    return this.#endRun(fact.at);
  }

  /** Ends the run, and what is open in it, at an instant; after a failed finish that lies before now. */
  #endRun(at: number): void {
    const run = this.#current();
    run.to = at;
    if (this.#interruption) this.#interruption.to = at;
    this.#interruption = null;
    for (const stretch of run.stretches) stretch.to = Math.min(stretch.to, at);
    this.#run = null;
    this.#heldAtResume = null;
    this.#state = "no run";
  }

  /** Ends the open stretch and begins the next one. */
  #enter(state: Exclude<JobState, "no run">, at: number): void {
    const { stretches } = this.#current();
    const last = stretches.at(-1);
    if (last) last.to = at;
    stretches.push({
      state: state === "failed" ? "interrupted" : state,
      from: at,
      to: OPEN,
      weight: this.#held.size,
      nodes: this.#held,
      interruption: this.#interruption,
    });
    this.#state = state;
  }
}

function nodesIn(nodes: readonly string[] | undefined): ReadonlySet<string> {
  return expandNodes(required(nodes, "nodes"));
}

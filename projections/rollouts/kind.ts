/** The fold of rollouts: one rollout's intervals in the blocked queue, and a cluster's queue at an instant. */
import type { Fact, FactOf } from "../facts/fact.ts";
import type { Finding } from "../facts/finding.ts";
import type { EntityKind } from "../facts/entity-kind.ts";
import { type RolloutStatus, noStatus, statusAfter } from "./status.ts";
import type { BlockedInterval, RolloutTimeline } from "./timeline.ts";

const ranks: ReadonlyMap<string, number> = new Map(
  [
    "RolloutSubmitted",
    "RolloutBlocked",
    "RolloutUnblocked",
    "RolloutRefused",
    "RolloutOverrideGranted",
    "RolloutOverrideRevoked",
    "RolloutStarted",
    "RolloutProgressed",
    "RolloutPaused",
    "RolloutResumed",
    "RolloutVerificationStarted",
    "RolloutRollbackOrdered",
    "RolloutCompleted",
    "RolloutFailed",
    "RolloutRolledBack",
    "RolloutCancelled",
    "RolloutSuperseded",
  ].map((type, rank) => [type, rank]),
);

const terminal: ReadonlySet<string> = new Set([
  "RolloutCompleted",
  "RolloutFailed",
  "RolloutRolledBack",
  "RolloutCancelled",
  "RolloutSuperseded",
]);

/** Facts of these types all apply, even several at one instant. */
const repeated: ReadonlySet<string> = new Set([
  "RolloutBlocked",
  "RolloutRefused",
  "RolloutOverrideGranted",
  "RolloutOverrideRevoked",
]);

type OpenInterval = { -readonly [K in keyof BlockedInterval]: BlockedInterval[K] } & {
  refusals: BlockedInterval["refusals"][number][];
};

export const rolloutKind: EntityKind<RolloutFold, RolloutTimeline> = {
  initial: (rollout) => new RolloutFold(rollout),
  rank: (fact) => ranks.get(fact.type) ?? ranks.size,
  once: (fact) => (repeated.has(fact.type) ? null : fact.type),
  fits: (fold, fact) => fold.fits(fact),
  evolve: (fold, fact) => {
    fold.apply(fact);
  },
  reject: ({ findings }, fact) => {
    if (ranks.has(fact.type))
      findings.push({ kind: "rollout-does-not-fit", at: fact.occurredAt, factId: fact.id });
  },
  timeline: (fold) => fold.timeline(),
  closing: { types: terminal, lingersMs: 0 },
  open: ({ over, rollout }) => (over ? [] : [rollout]),
};

/** The state of one rollout while its facts are applied. */
class RolloutFold {
  readonly rollout: string;
  submission: FactOf<"RolloutSubmitted"> | null = null;
  readonly blocked: OpenInterval[] = [];
  readonly overrides: FactOf<"RolloutOverrideGranted">[] = [];
  readonly progress: RolloutTimeline["progress"][number][] = [];
  readonly applied: Fact[] = [];
  status: RolloutStatus = noStatus;
  readonly findings: Finding[] = [];
  over = false;
  /** The interval in the queue that has not ended yet. */
  open: OpenInterval | null = null;

  constructor(rollout: string) {
    this.rollout = rollout;
  }

  fits(fact: Fact): boolean {
    if (this.over || !ranks.has(fact.type)) return false;
    if (fact.type === "RolloutSubmitted") return this.submission === null;
    return fact.type !== "RolloutUnblocked" || this.open !== null;
  }

  apply(fact: Fact): void {
    const at = fact.occurredAt;
    this.applied.push(fact);
    this.status = statusAfter(this.status, fact);
    if (fact.type === "RolloutSubmitted") this.submission = fact;
    else if (fact.type === "RolloutBlocked") this.block(fact);
    else if (fact.type === "RolloutOverrideGranted") this.overrides.push(fact);
    else if (fact.type === "RolloutProgressed") {
      this.progress.push({ at, nodesDone: fact.data.nodesDone, nodesTotal: fact.data.nodesTotal });
    } else if (fact.type === "RolloutUnblocked" || fact.type === "RolloutStarted")
      this.release(fact);
    else if (terminal.has(fact.type)) {
      this.release(fact);
      this.over = true;
    }
  }

  block(fact: FactOf<"RolloutBlocked">): void {
    if (this.open === null) {
      this.open = { from: fact.occurredAt, to: Infinity, endId: null, refusals: [] };
      this.blocked.push(this.open);
    }
    this.open.refusals.push({ at: fact.occurredAt, eventId: fact.id, nfzIds: fact.data.nfzIds });
  }

  release(fact: Fact): void {
    if (this.open !== null) [this.open.to, this.open.endId] = [fact.occurredAt, fact.id];
    this.open = null;
  }

  timeline(): RolloutTimeline {
    return {
      rollout: this.rollout,
      submission: this.submission,
      status: this.status,
      blocked: this.blocked.map((stay) => ({ ...stay, refusals: [...stay.refusals] })),
      overrides: [...this.overrides],
      progress: [...this.progress],
      applied: [...this.applied],
      findings: [...this.findings],
    };
  }
}

/** The status after the facts before an instant. */
export function statusBefore({ status, applied }: RolloutTimeline, instant: number): RolloutStatus {
  const last = applied.at(-1);
  if (last === undefined || last.occurredAt < instant) return status;
  return applied.filter(({ occurredAt }) => occurredAt < instant).reduce(statusAfter, noStatus);
}

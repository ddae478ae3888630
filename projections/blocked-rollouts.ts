/** One rollout's stays in the blocked queue, and the queue of a cluster at an instant. */
import type { Fact, FactOf } from "./fact.ts";
import type { Finding } from "./finding.ts";
import { applyInOrderThatFits } from "./order.ts";
import type { BlockedStretch, RolloutTimeline } from "./timelines.ts";

const ranks: ReadonlyMap<string, number> = new Map(
  [
    "RolloutSubmitted",
    "RolloutBlocked",
    "RolloutUnblocked",
    "RolloutOverrideGranted",
    "RolloutStarted",
    "RolloutProgressed",
    "RolloutPaused",
    "RolloutResumed",
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

type Stretch = { -readonly [K in keyof BlockedStretch]: BlockedStretch[K] } & {
  refusals: BlockedStretch["refusals"][number][];
};

/** The timeline of one rollout; `facts` are those of that rollout, by `compareFacts`. */
export function foldRollout(rollout: string, facts: readonly Fact[]): RolloutTimeline {
  const fold = new RolloutFold();
  applyInOrderThatFits(facts, {
    rank: (fact) => ranks.get(fact.type) ?? 0,
    once: (fact) =>
      fact.type === "RolloutBlocked" || fact.type === "RolloutOverrideGranted" ? null : fact.type,
    fits: (fact) => fold.fits(fact),
    apply: (fact) => {
      fold.apply(fact);
    },
    reject: (fact) => {
      if (ranks.has(fact.type)) {
        fold.findings.push({ kind: "rollout-does-not-fit", at: fact.occurredAt, factId: fact.id });
      }
    },
  });
  const { submission, blocked, overrides, progress, applied, findings } = fold;
  return { rollout, submission, blocked, overrides, progress, applied, findings };
}

class RolloutFold {
  submission: FactOf<"RolloutSubmitted"> | null = null;
  readonly blocked: Stretch[] = [];
  readonly overrides: FactOf<"RolloutOverrideGranted">[] = [];
  readonly progress: RolloutTimeline["progress"][number][] = [];
  readonly applied: RolloutTimeline["applied"][number][] = [];
  readonly findings: Finding[] = [];
  over = false;
  /** The stay in the queue that has not ended. */
  open: Stretch | null = null;

  fits(fact: Fact): boolean {
    if (this.over || !ranks.has(fact.type)) return false;
    if (fact.type === "RolloutSubmitted") return this.submission === null;
    return fact.type !== "RolloutUnblocked" || this.open !== null;
  }

  apply(fact: Fact): void {
    const at = fact.occurredAt;
    this.applied.push({ type: fact.type, at, eventId: fact.id });
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
}

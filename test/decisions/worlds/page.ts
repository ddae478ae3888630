/** What the policy says of NFZs and rollouts, written from its text over plain lists of facts, without any code of the product. */
import type { Fact, FactOf } from "../../../projections/facts/fact.ts";

interface Span {
  readonly from: number;
  readonly to: number;
}

export interface PageNfz {
  readonly name: string;
  readonly declaredAt: number;
  readonly inFlight: "finish" | "pause" | "rollback";
  readonly scope: { readonly racks?: readonly string[]; readonly nodes?: readonly string[] } | null;
  occurrences: Span[];
}

export interface PageGrant {
  readonly id: string;
  readonly from: number;
  to: number;
  readonly names: readonly string[];
  readonly isDecided: boolean;
}

export interface PageRollout {
  state: string;
  submission: FactOf<"RolloutSubmitted"> | null;
  blocked: FactOf<"RolloutBlocked"> | null;
  hasStarted: boolean;
  /** The last start or resume. */
  run: Fact | null;
  /** The last progress since then. */
  step: number;
  grants: PageGrant[];
  isOver: boolean;
}

const ms = (text: string): number => Date.parse(text);

/** Instant by instant: again and again the first, by rank and id, that fits and whose like has not applied. */
export function applied(
  facts: readonly Fact[],
  types: readonly string[],
  fits: (fact: Fact) => boolean,
  once: (fact: Fact) => string | null,
  apply: (fact: Fact) => void,
): void {
  const byTime = Map.groupBy(facts, ({ occurredAt }) => occurredAt);
  for (const at of [...byTime.keys()].sort((a, b) => a - b)) {
    const waiting = (byTime.get(at) ?? []).toSorted(
      (a, b) => types.indexOf(a.type) - types.indexOf(b.type) || (a.id < b.id ? -1 : 1),
    );
    const had = new Set<string | null>();
    for (;;) {
      const next = waiting.findIndex((fact) => !had.has(once(fact)) && fits(fact));
      const [fact] = next < 0 ? [] : waiting.splice(next, 1);
      if (fact === undefined) break;
      if (once(fact) !== null) had.add(once(fact));
      apply(fact);
    }
  }
}

const nfzTypes = ["NfzDeclared", "NfzExtended", "NfzShortened", "NfzLifted", "NfzCancelled"];

/** The NFZs that are declared by an instant, by name. */
export function nfzsBy(facts: readonly Fact[], t: number): PageNfz[] {
  const mine = facts.filter((fact) => nfzTypes.includes(fact.type) && fact.occurredAt <= t);
  const nfzs: PageNfz[] = [];
  const byName = Map.groupBy(mine, ({ data }) => ("nfz" in data ? data.nfz : ""));
  for (const name of [...byName.keys()].sort()) {
    const nfz = nfzOf(name, byName.get(name) ?? []);
    if (nfz !== null) nfzs.push(nfz);
  }
  return nfzs;
}

function nfzOf(name: string, facts: readonly Fact[]): PageNfz | null {
  let nfz = null as PageNfz | null;
  const runs = (each: Span, at: number) => each.from <= at && at < each.to;
  const fits = (fact: Fact): boolean => {
    const at = fact.occurredAt;
    if (fact.type === "NfzDeclared") return nfz === null;
    const those = nfz?.occurrences ?? [];
    if (fact.type === "NfzExtended" || fact.type === "NfzShortened")
      return those.some(({ from }) => from === ms(fact.data.occurrence));
    if (fact.type === "NfzLifted") return those.some((each) => runs(each, at));
    return those.some((each) => runs(each, at) || each.from > at);
  };
  const once = (fact: Fact): string =>
    "occurrence" in fact.data ? `${fact.type} ${fact.data.occurrence}` : fact.type;
  applied(facts, nfzTypes, fits, once, (fact) => {
    const at = fact.occurredAt;
    if (fact.type === "NfzDeclared") {
      const { inFlight, scope, occurrences } = fact.data;
      const those = occurrences.map(({ from, to }) => ({ from: ms(from), to: ms(to) }));
      nfz = { name, declaredAt: at, inFlight, scope: scope ?? null, occurrences: those } as PageNfz;
      return;
    }
    if (nfz === null) return;
    const ended = nfz.occurrences.map((each) => (runs(each, at) ? { ...each, to: at } : each));
    if (fact.type === "NfzExtended" || fact.type === "NfzShortened") {
      const from = ms(fact.data.occurrence);
      const to = ms(fact.data.to);
      nfz.occurrences = nfz.occurrences.map((each) => (each.from === from ? { from, to } : each));
    } else if (fact.type === "NfzLifted") nfz.occurrences = ended;
    else nfz.occurrences = ended.filter(({ from }) => from <= at);
  });
  return nfz;
}

const rolloutTypes = (
  "Submitted Blocked Unblocked Refused OverrideGranted OverrideRevoked Started Progressed Paused Resumed " +
  "VerificationStarted RollbackOrdered Completed Failed RolledBack Cancelled Superseded"
)
  .split(" ")
  .map((word) => `Rollout${word}`);

const many = [
  "RolloutBlocked",
  "RolloutRefused",
  "RolloutOverrideGranted",
  "RolloutOverrideRevoked",
];

const setsState: Readonly<Record<string, string>> = {
  RolloutPaused: "paused",
  RolloutVerificationStarted: "verifying",
  RolloutRollbackOrdered: "rolling-back",
  RolloutCompleted: "completed",
  RolloutFailed: "failed",
  RolloutRolledBack: "rolled-back",
  RolloutCancelled: "cancelled",
  RolloutSuperseded: "superseded",
};

/** How a rollout stands after its facts. */
export function rolloutOf(facts: readonly Fact[]): PageRollout {
  const rollout: PageRollout = {
    state: "unknown",
    submission: null,
    blocked: null,
    hasStarted: false,
    run: null,
    step: -Infinity,
    grants: [],
    isOver: false,
  };
  const fits = ({ type }: Fact): boolean => {
    if (rollout.isOver) return false;
    if (type === "RolloutSubmitted") return rollout.submission === null;
    return type !== "RolloutUnblocked" || rollout.blocked !== null;
  };
  const once = ({ type }: Fact): string | null => (many.includes(type) ? null : type);
  applied(facts, rolloutTypes, fits, once, (fact) => {
    tell(rollout, fact);
    rollout.state = stateAfter(rollout, fact);
    if (["RolloutStarted", "RolloutResumed", "RolloutProgressed"].includes(fact.type))
      rollout.hasStarted = true;
  });
  return rollout;
}

function tell(rollout: PageRollout, fact: Fact): void {
  if (fact.type === "RolloutSubmitted") rollout.submission = fact;
  else if (fact.type === "RolloutBlocked") rollout.blocked = fact;
  else if (fact.type === "RolloutUnblocked" || fact.type === "RolloutStarted")
    rollout.blocked = null;
  else if (fact.type === "RolloutProgressed") rollout.step = fact.occurredAt;
  else if (fact.type === "RolloutOverrideGranted") {
    const { nfzIds: names, expiresAt } = fact.data;
    const from = fact.occurredAt;
    // A correction is no decision: what it says of a grant was only reported.
    const isDecided = fact.decision !== undefined && fact.amendedBy.length === 0;
    rollout.grants.push({ id: fact.id, from, to: ms(expiresAt), names, isDecided });
  } else if (fact.type === "RolloutOverrideRevoked") {
    for (const grant of rollout.grants)
      if (grant.id === fact.data.override) grant.to = Math.min(grant.to, fact.occurredAt);
  }
  if (fact.type === "RolloutStarted" || fact.type === "RolloutResumed") {
    rollout.run = fact;
    rollout.step = -Infinity;
  }
}

function stateAfter(rollout: PageRollout, { type }: Fact): string {
  const { state, hasStarted } = rollout;
  if (type === "RolloutSubmitted") return state === "unknown" ? "submitted" : state;
  if (type === "RolloutBlocked") return hasStarted ? state : "blocked";
  if (type === "RolloutUnblocked") return hasStarted ? state : "releasable";
  if (type === "RolloutStarted" || type === "RolloutResumed") return "in-progress";
  if (type === "RolloutProgressed") return hasStarted ? state : "in-progress";
  const set = setsState[type];
  if (set === undefined) return state;
  if (!["paused", "verifying", "rolling-back"].includes(set)) {
    rollout.isOver = true;
    rollout.blocked = null;
  }
  return set;
}

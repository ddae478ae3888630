import { applyInTheOrderThatFits } from "../facts/fitting-order.ts";
import { OPEN } from "./memberships.ts";
import { nfzCalendars } from "./nfz.ts";
import { compareText, groupBy, instantText, required } from "../facts/oracle-event.ts";
import type { OracleFact, OracleFinding } from "../facts/oracle-event.ts";
import { contains, overlapMs } from "../facts/period.ts";
import type { Window } from "../facts/period.ts";

const TERMINAL = [
  "RolloutCompleted",
  "RolloutFailed",
  "RolloutRolledBack",
  "RolloutCancelled",
  "RolloutSuperseded",
];
const RANKS = [
  "RolloutSubmitted",
  "RolloutBlocked",
  "RolloutUnblocked",
  "RolloutOverrideGranted",
  "RolloutStarted",
  "RolloutProgressed",
  "RolloutPaused",
  "RolloutResumed",
  ...TERMINAL,
];
const APPLY_EACH = new Set(["RolloutBlocked", "RolloutOverrideGranted"]);

interface BlockedSpan {
  readonly from: number;
  to: number;
}

export interface OracleBlocked {
  readonly rollout: string;
  readonly since: string;
  readonly ageMs: number;
  readonly nfzIds: readonly string[];
  readonly nextRelease: string;
  readonly releaseOverdue: boolean;
  readonly nodesDone: number | null;
  readonly nodesTotal: number | null;
}

export interface OracleRollouts {
  readonly blocked: readonly OracleBlocked[];
  readonly blockedMs: number;
  readonly refusals: number;
  readonly overrides: number;
}

interface RolloutHistory {
  readonly rollout: string;
  readonly blocked: readonly BlockedSpan[];
  readonly nfzIds: readonly string[];
  readonly progress: OracleFact | null;
  readonly refusals: readonly OracleFact[];
  readonly overrides: readonly OracleFact[];
  readonly findings: readonly OracleFinding[];
}

function historyOf(rollout: string, facts: readonly OracleFact[]): RolloutHistory {
  const blocked: BlockedSpan[] = [];
  const applied: OracleFact[] = [];
  const hasApplied = (types: readonly string[]): boolean =>
    applied.some((fact) => types.includes(fact.type));
  const openBlock = (): BlockedSpan | null => {
    const last = blocked.at(-1);
    return last?.to === OPEN ? last : null;
  };
  const misfits = applyInTheOrderThatFits(facts, {
    ranks: RANKS,
    onceAtAnInstant: (fact) => (APPLY_EACH.has(fact.type) ? null : fact.type),
    fits: (fact) => {
      if (hasApplied(TERMINAL)) return false;
      if (fact.type === "RolloutSubmitted") return !hasApplied(["RolloutSubmitted"]);
      return fact.type !== "RolloutUnblocked" || openBlock() !== null;
    },
    apply: (fact) => {
      applied.push(fact);
      const block = openBlock();
      const releases = ["RolloutUnblocked", "RolloutStarted", ...TERMINAL].includes(fact.type);
      if (block && releases) block.to = fact.at;
      if (!block && fact.type === "RolloutBlocked") blocked.push({ from: fact.at, to: OPEN });
    },
  });
  const refusals = applied.filter((fact) => fact.type === "RolloutBlocked");
  return {
    rollout,
    blocked,
    nfzIds: refusals.at(-1)?.data.nfzIds ?? [],
    progress: applied.filter((fact) => fact.type === "RolloutProgressed").at(-1) ?? null,
    refusals,
    overrides: applied.filter((fact) => fact.type === "RolloutOverrideGranted"),
    findings: misfits.map((fact) => ({ kind: "rollout-does-not-fit", fact })),
  };
}

function histories(facts: readonly OracleFact[]): RolloutHistory[] {
  const ofRollouts = facts.filter((fact) => fact.type.startsWith("Rollout"));
  return [...groupBy(ofRollouts, (fact) => required(fact.data.rollout, "rollout"))].map(
    ([rollout, mine]) => historyOf(rollout, mine),
  );
}

/** The earliest instant from `instant` on at which none of the occurrences is in force. */
function earliestFree(occurrences: readonly Window[], instant: number): number {
  const ends = occurrences.map((one) => one.to).filter((to) => to > instant);
  const free = [instant, ...ends]
    .sort((a, b) => a - b)
    .find((candidate) => !occurrences.some((one) => contains(one, candidate)));
  return required(free, "end of the last occurrence");
}

/** Those blocked at the window's end, as the facts before that instant tell. */
function blockedAtEnd(facts: readonly OracleFact[], window: Window): OracleBlocked[] {
  const seen = facts.filter((fact) => fact.at < window.to);
  const calendars = nfzCalendars(seen);
  return histories(seen)
    .flatMap((history) => {
      const block = history.blocked.at(-1);
      return block?.to === OPEN ? [{ history, since: block.from }] : [];
    })
    .sort((a, b) => a.since - b.since || compareText(a.history.rollout, b.history.rollout))
    .map(({ history, since }) => {
      const occurrences = calendars
        .filter((calendar) => history.nfzIds.includes(calendar.nfz))
        .flatMap((calendar) => calendar.occurrences);
      const inForce = (instant: number): boolean =>
        occurrences.some((one) => contains(one, instant));
      return {
        rollout: history.rollout,
        since: instantText(since),
        ageMs: window.to - since,
        nfzIds: history.nfzIds,
        nextRelease: instantText(earliestFree(occurrences, window.to)),
        releaseOverdue: !inForce(window.to) && !inForce(window.to - 1),
        nodesDone: history.progress?.data.nodesDone ?? null,
        nodesTotal: history.progress?.data.nodesTotal ?? null,
      };
    });
}

export function rolloutsSection(facts: readonly OracleFact[], window: Window): OracleRollouts {
  const all = histories(facts);
  const inside = (list: readonly OracleFact[]): number =>
    list.filter((fact) => contains(window, fact.at)).length;
  return {
    blocked: blockedAtEnd(facts, window),
    blockedMs: all
      .flatMap((history) => history.blocked)
      .reduce((sum, span) => sum + overlapMs(span, window), 0),
    refusals: all.reduce((sum, history) => sum + inside(history.refusals), 0),
    overrides: all.reduce((sum, history) => sum + inside(history.overrides), 0),
  };
}

export function rolloutFindings(facts: readonly OracleFact[]): OracleFinding[] {
  return histories(facts).flatMap((history) => history.findings);
}

/** What no-fly zones cost in a window: how long they held rollouts, what became overdue, and what came when they ended. */
import {
  type Interval,
  clip,
  intersect,
  length,
  overlapMs,
  unionSorted,
} from "../../arithmetic/intervals.ts";
import { exact, ratio } from "../../arithmetic/ratio.ts";
import { intervalsInForce } from "../../nfz/over-time.ts";
import { isAsDecided } from "../../rollouts/status.ts";
import type { RolloutTimeline } from "../../rollouts/timeline.ts";
import { instantMs } from "../../time/instant.ts";
import type { ClusterView } from "../../view.ts";
import { nfzTimelines } from "../queue/near.ts";
import { type Thaw, thawsIn } from "./thaws.ts";

/** One NFZ that was in force in the window. */
interface CostOfNfz {
  readonly nfz: string;
  readonly inForceMs: number;
  /** Time for which rollouts waited for it: their latest refusal named it, and it was in force. */
  readonly blockedMs: number;
  /** The part of it in which no other zone that the refusal named was in force. */
  readonly aloneMs: number;
}

/** A security or emergency update that was blocked at its deadline. */
interface MissedDeadline {
  readonly rollout: string;
  readonly deadline: number;
  /** For how long it was blocked after its deadline, up to the end of the window. */
  readonly blockedAfterMs: number;
}

export interface NfzCost {
  /** Time in which any zone was in force. */
  readonly inForceMs: number;
  /** By name. */
  readonly nfzs: readonly CostOfNfz[];
  readonly blockedMs: number;
  /** In days, rounded at the 9th decimal. */
  readonly blockedDays: number;
  /** The part of it in which no zone that held the rollout was in force any more. */
  readonly wakeUpMs: number;
  /** By deadline, then rollout. */
  readonly deadlinesMissed: readonly MissedDeadline[];
  readonly overrides: number;
  /** Starts and resumes that only the fast path let pass. */
  readonly fastPathStarts: number;
  /** By instant. */
  readonly thaws: readonly Thaw[];
}

const dayMs = 86_400_000;

/** `rollouts` are all of the cluster, whole. */
export function nfzCostIn(
  view: ClusterView,
  rollouts: readonly RolloutTimeline[],
  window: Interval,
): NfzCost {
  const inForce = new Map(
    Array.from(nfzTimelines(view), (each) => [each.nfz, intervalsInForce(each)] as const),
  );
  const all = union([...inForce.values()].flat());
  const waits = rollouts.flatMap((each) => waitsOf(each, window));
  const { held, wakeUpMs } = heldTimes(waits, inForce);
  const blockedMs = waits.reduce((sum, { from, to }) => exact(sum + to - from, "blocked time"), 0);
  return {
    inForceMs: length(clip(all, window.from, window.to)),
    nfzs: [...inForce]
      .map(([nfz, intervals]) => ({
        nfz,
        inForceMs: length(clip(intervals, window.from, window.to)),
        ...(held.get(nfz) ?? { blockedMs: 0, aloneMs: 0 }),
      }))
      .filter(({ inForceMs }) => inForceMs > 0),
    blockedMs,
    blockedDays: ratio(blockedMs, dayMs) ?? 0,
    wakeUpMs,
    deadlinesMissed: rollouts
      .flatMap((each) => missedDeadline(each, window))
      .sort((a, b) => a.deadline - b.deadline || (a.rollout < b.rollout ? -1 : 1)),
    ...lettingPass(rollouts, window),
    thaws: thawsIn(view, rollouts, all, window),
  };
}

function union(intervals: readonly Interval[]): Interval[] {
  return unionSorted(intervals.toSorted((a, b) => a.from - b.from));
}

/** A part of a stay in the queue, from one refusal to the next. */
interface Wait extends Interval {
  readonly nfzIds: readonly string[];
}

function waitsOf({ blocked }: RolloutTimeline, window: Interval): Wait[] {
  return blocked.flatMap((stay) =>
    stay.refusals.flatMap(({ at, nfzIds }, i) => {
      const from = Math.max(at, window.from);
      const to = Math.min(stay.refusals[i + 1]?.at ?? stay.to, window.to);
      return from < to ? [{ from, to, nfzIds: [...new Set(nfzIds)] }] : [];
    }),
  );
}

/** Sums by NFZ over all waits, and the time in which no zone that a refusal named was in force. */
function heldTimes(waits: readonly Wait[], inForce: ReadonlyMap<string, readonly Interval[]>) {
  const held = new Map<string, { blockedMs: number; aloneMs: number }>();
  let wakeUpMs = 0;
  for (const { from, to, nfzIds } of waits) {
    const sets = nfzIds.flatMap((nfz) => {
      const set = clip(inForce.get(nfz) ?? [], from, to);
      return set.length === 0 ? [] : [{ nfz, set }];
    });
    for (const { nfz, set } of sets) {
      const others = union(sets.filter((each) => each.nfz !== nfz).flatMap((each) => each.set));
      const blockedMs = length(set);
      const sums = held.get(nfz) ?? { blockedMs: 0, aloneMs: 0 };
      held.set(nfz, sums);
      sums.blockedMs = exact(sums.blockedMs + blockedMs, "time blocked by a no-fly zone");
      sums.aloneMs += blockedMs - length(intersect(set, others));
    }
    wakeUpMs += to - from - length(union(sets.flatMap(({ set }) => set)));
  }
  return { held, wakeUpMs };
}

/** As it stands at its deadline: by the facts before it. */
function missedDeadline(
  { rollout, submission, blocked }: RolloutTimeline,
  { from, to }: Interval,
): MissedDeadline[] {
  const { urgency, deadline: text } = submission?.data ?? {};
  const isFix = urgency === "security" || urgency === "emergency";
  if (!isFix || text === undefined) return [];
  const deadline = instantMs(text);
  if (deadline < from || deadline >= to) return [];
  if (!blocked.some((stay) => stay.from < deadline && deadline <= stay.to)) return [];
  const blockedAfterMs = blocked.reduce((sum, stay) => sum + overlapMs(stay, deadline, to), 0);
  return [{ rollout, deadline, blockedAfterMs }];
}

function lettingPass(
  rollouts: readonly RolloutTimeline[],
  { from, to }: Interval,
): Pick<NfzCost, "overrides" | "fastPathStarts"> {
  let [overrides, fastPathStarts] = [0, 0];
  for (const { applied } of rollouts) {
    for (const fact of applied) {
      if (fact.occurredAt < from || fact.occurredAt >= to) continue;
      if (fact.type === "RolloutOverrideGranted") overrides++;
      if (fact.type !== "RolloutStarted" && fact.type !== "RolloutResumed") continue;
      const { fastPath = [] } = fact.data;
      if (fastPath.length > 0 && isAsDecided(fact)) fastPathStarts++;
    }
  }
  return { overrides, fastPathStarts };
}

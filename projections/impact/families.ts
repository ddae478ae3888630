/** Families of updates: which have the impactless fast path, and which rollouts took it away or earned it back. */
import { compareFractions, decimal, fraction, mean } from "../arithmetic/ratio.ts";
import { familiesOf, familyOf, type Update } from "../rollouts/declared.ts";
import type { RolloutPolicy } from "../rollouts/policy.ts";
import type { RolloutTimeline } from "../rollouts/timeline.ts";
import type { Fleet } from "./fleet.ts";
import { type Impact, impactOf } from "./impact.ts";
import { type StandingRollout, standingOf } from "./treatment.ts";

/** A version of a component that missed what it declared: it never has the fast path again. */
interface MarkedVersion {
  readonly component: string;
  readonly version: string;
  /** The first rollout that marked it. */
  readonly rollout: string;
}

export interface FamilyStanding {
  readonly family: string;
  readonly hasFastPath: boolean;
  /** By component, then version. */
  readonly marked: readonly MarkedVersion[];
  /** Its started rollouts, by start, then id. */
  readonly rollouts: readonly Impact[];
  /** The last one that missed; `null` if none did. */
  readonly withdrawnBy: Impact | null;
  /** Those after it that count towards earning it back, or earned it back. */
  readonly passes: readonly Impact[];
}

type Terms = Pick<RolloutPolicy, "fastPathPasses" | "fastPathNodeDays" | "impactWindowMs">;

/** The families of all submitted rollouts, or only those named; by name. */
export function familiesAt(
  fleet: Fleet,
  rollouts: Iterable<RolloutTimeline>,
  terms: Terms,
  only: ReadonlySet<string> | null = null,
): FamilyStanding[] {
  const started = new Map<string, StandingRollout[]>();
  for (const timeline of rollouts) {
    const standing = standingOf(timeline, fleet);
    const { submission, startedBy } = standing.status;
    if (submission === null) continue;
    for (const family of familiesOf(submission.data)) {
      if (only?.has(family) === false) continue;
      const known = started.get(family) ?? [];
      started.set(family, known);
      if (startedBy !== null) known.push(standing);
    }
  }
  const measured = new Map<StandingRollout, Impact>();
  const impact = (each: StandingRollout): Impact => {
    const made = measured.get(each) ?? impactOf(fleet, each, terms.impactWindowMs);
    measured.set(each, made);
    return made;
  };
  return [...started]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([family, own]) => judged(family, own.sort(compareStarts).map(impact), terms));
}

function compareStarts(a: StandingRollout, b: StandingRollout): number {
  const [first, second] = [
    a.status.startedBy?.occurredAt ?? 0,
    b.status.startedBy?.occurredAt ?? 0,
  ];
  return first - second || (a.rollout < b.rollout ? -1 : 1);
}

function judged(family: string, rollouts: readonly Impact[], terms: Terms): FamilyStanding {
  const marked = new Map<string, MarkedVersion>();
  let withdrawnBy: Impact | null = null;
  let passes: Impact[] = [];
  for (const each of rollouts) {
    const updates = updatesIn(each, family);
    if (each.verdict === "missed") {
      withdrawnBy = each;
      passes = [];
      for (const { component, version } of updates) {
        const key = versionKey({ component, version });
        if (!marked.has(key)) marked.set(key, { component, version, rollout: each.rollout });
      }
    } else if (withdrawnBy !== null && passes.length < terms.fastPathPasses) {
      const isUnmarked = updates.every((update) => !marked.has(versionKey(update)));
      if (isUnmarked && isPass(each, terms)) passes.push(each);
    }
  }
  return {
    family,
    hasFastPath: withdrawnBy === null || passes.length >= terms.fastPathPasses,
    marked: [...marked.values()].sort(
      (a, b) => compareText(a.component, b.component) || compareText(a.version, b.version),
    ),
    rollouts,
    withdrawnBy,
    passes,
  };
}

function updatesIn({ status }: StandingRollout, family: string): Update[] {
  return (status.submission?.data.updates ?? []).filter((each) => familyOf(each) === family);
}

/** Whether it did as it declared, declared impactless, and its nodes were watched for long enough after it. */
function isPass({ verdict, status, after }: Impact, { fastPathNodeDays }: Terms): boolean {
  if (verdict !== "as-declared" || status.submission?.data.impact.kind !== "impactless")
    return false;
  return compareFractions(fraction(after.exposureMs, dayMs), decimal(fastPathNodeDays)) >= 0;
}

const dayMs = 86_400_000;

function versionKey({ component, version }: Pick<Update, "component" | "version">): string {
  return JSON.stringify([component, version]);
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Whether the family marked any version that the rollout installs. */
export function marksAny({ family, marked }: FamilyStanding, updates: readonly Update[]): boolean {
  const keys = new Set(marked.map(versionKey));
  return updates.some((each) => familyOf(each) === family && keys.has(versionKey(each)));
}

/** Whether a rollout with these updates, declared impactless, may pass no-fly zones: none of its families may object. */
export function haveFastPath(
  families: readonly FamilyStanding[],
  updates: readonly Update[],
): boolean {
  return families.every((each) => each.hasFastPath && !marksAny(each, updates));
}

/**
 * Milliseconds that a rollout which declares no impact is expected to take a node out of service: 0, or the largest mean
 * of the rollouts that missed, of those of its families that lack the fast path or marked its version.
 */
export function impactlessMs(
  submission: NonNullable<StandingRollout["status"]["submission"]>["data"],
  families: readonly FamilyStanding[],
): number {
  const own = new Set(familiesOf(submission));
  const means = families
    .filter(({ family }) => own.has(family))
    .filter((each) => !each.hasFastPath || marksAny(each, submission.updates))
    .flatMap(({ rollouts }) => rollouts)
    .filter(({ verdict }) => verdict === "missed")
    .map(
      ({ outOfService, treated }) => mean(outOfService.nodeMs, treated, "time out of service") ?? 0,
    );
  return Math.max(0, ...means);
}

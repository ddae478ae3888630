/** Which sets of updates passed together and which failed, by the last result of each set in each environment. */
import { decimal } from "../arithmetic/ratio.ts";
import type { RolloutPolicy } from "../rollouts/policy.ts";
import type { CoTestFact } from "../facts/co-test-fact.ts";
import { updateKey } from "./update-sets.ts";

type Policy = Pick<RolloutPolicy, "coTestEnvironments" | "coTestValidDays">;

export interface CoTestResults {
  /** Each set with its environment; a set may be there for several of them. */
  readonly passed: readonly CoTestFact[];
  readonly failed: readonly CoTestFact[];
}

/** An instant, and which facts are seen there: those that occurred before the second one. */
export interface Seen {
  readonly at: number;
  readonly factsBefore: number;
}

const dayMs = 86_400_000;

/**
 * `facts` are ordered by `occurredAt`, then id. A set passed if its last result is a pass that is younger than
 * `coTestValidDays`; it failed if that is a failure and no proper superset has a later pass as its last result there,
 * however old that is. A set without updates counts nowhere.
 */
export function coTestResults(
  facts: readonly CoTestFact[],
  { coTestEnvironments, coTestValidDays }: Policy,
  { at, factsBefore }: Seen,
): CoTestResults {
  const counted = coTestEnvironments === undefined ? null : new Set(coTestEnvironments);
  const environments = new Map<string, Map<string, Last>>();
  for (const [order, fact] of facts.entries()) {
    if (fact.occurredAt >= factsBefore) break;
    const { environment = "", updates } = fact.data;
    if (updates.length === 0 || counted?.has(environment) === false) continue;
    const ofEnvironment = environments.get(environment) ?? new Map<string, Last>();
    environments.set(environment, ofEnvironment);
    const keys = new Set(updates.map(updateKey));
    // As JSON: a version may contain any character, also one that would separate it from the next.
    ofEnvironment.set(JSON.stringify([...keys].sort()), { fact, order, keys });
  }
  const validMs = validFor(coTestValidDays);
  const all = [...environments.values()].map((lasts) => [...lasts.values()]);
  return {
    passed: all.flatMap((lasts) =>
      lasts
        .filter(({ fact }) => hasPassed(fact) && at - fact.occurredAt < validMs)
        .map(({ fact }) => fact),
    ),
    failed: all.flatMap((lasts) => failedOf(lasts)),
  };
}

/** The last result of a set in an environment. */
interface Last {
  readonly fact: CoTestFact;
  /** Its place among all results. */
  readonly order: number;
  readonly keys: ReadonlySet<string>;
}

function hasPassed({ type }: CoTestFact): boolean {
  return type === "CoTestPassed";
}

/** In whole milliseconds: an age below this is below the limit. */
function validFor(days: number | undefined): number {
  if (days === undefined) return Infinity;
  const { numerator, denominator } = decimal(days);
  return Number((numerator * BigInt(dayMs) + denominator - 1n) / denominator);
}

function failedOf(lasts: readonly Last[]): CoTestFact[] {
  const failures = lasts.filter(({ fact }) => !hasPassed(fact));
  if (failures.length === 0) return [];
  const passes = new Map<string, Last[]>();
  for (const last of lasts)
    if (hasPassed(last.fact))
      for (const key of last.keys) {
        const list = passes.get(key);
        if (list === undefined) passes.set(key, [last]);
        else list.push(last);
      }
  return failures.filter((each) => !hasLaterPass(each, passes)).map(({ fact }) => fact);
}

function hasLaterPass({ keys, order }: Last, passes: ReadonlyMap<string, Last[]>): boolean {
  let fewest: readonly Last[] | null = null;
  for (const key of keys) {
    const having = passes.get(key) ?? [];
    if (fewest === null || having.length < fewest.length) fewest = having;
  }
  return (fewest ?? []).some(
    (pass) =>
      pass.order > order &&
      pass.keys.size > keys.size &&
      [...keys].every((key) => pass.keys.has(key)),
  );
}

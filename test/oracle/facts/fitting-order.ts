import { compareFacts, compareIds } from "./oracle-event.ts";
import type { OracleFact } from "./oracle-event.ts";

/** The state of one node, job, rollout or NFZ, as facts change it. */
export interface Fitting {
  /** The types that apply, in the order of their ranks. */
  readonly ranks: readonly string[];
  fits(fact: OracleFact): boolean;
  apply(fact: OracleFact): void;
  /** What applies only once at an instant: the type, with its checkpoint id or occurrence; null if each applies. */
  onceAtAnInstant(fact: OracleFact): string | null;
}

/**
 * rules.md, "Order": facts apply in the order of their instants; those of one instant in the order that fits: again and
 * again the first, by rank and id, that fits and whose type has not applied at this instant, until none does.
 * Answers the facts that never fitted.
 */
export function applyInTheOrderThatFits(
  facts: readonly OracleFact[],
  fitting: Fitting,
): OracleFact[] {
  const misfits: OracleFact[] = [];
  const mine = facts.filter((fact) => fitting.ranks.includes(fact.type)).sort(compareFacts);
  for (const instant of new Set(mine.map((fact) => fact.at))) {
    const waiting = mine
      .filter((fact) => fact.at === instant)
      .sort(
        (a, b) =>
          fitting.ranks.indexOf(a.type) - fitting.ranks.indexOf(b.type) || compareIds(a.id, b.id),
      );
    const applied = new Set<string>();
    const mayApply = (fact: OracleFact): boolean => {
      const once = fitting.onceAtAnInstant(fact);
      return !(once !== null && applied.has(once)) && fitting.fits(fact);
    };
    for (let next = waiting.find(mayApply); next; next = waiting.find(mayApply)) {
      fitting.apply(next);
      const once = fitting.onceAtAnInstant(next);
      if (once !== null) applied.add(once);
      waiting.splice(waiting.indexOf(next), 1);
    }
    misfits.push(...waiting);
  }
  return misfits;
}

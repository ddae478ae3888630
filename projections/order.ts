/** The order that fits: how the facts of one instant apply, whatever order they arrived in. */
import type { Fact } from "./fact.ts";

/** How one kind of entity takes its facts. */
export interface Fitting {
  /** The place of a type among those of one instant. */
  rank(fact: Fact): number;
  /** Whether the fact fits the present state. */
  fits(fact: Fact): boolean;
  /** Takes a fact that fits. */
  apply(fact: Fact): void;
  /** What may apply only once at an instant; `null` for what applies each time. */
  once(fact: Fact): string | null;
  /** Takes a fact that never fitted at its instant. */
  reject(fact: Fact): void;
}

/**
 * Applies facts, given by `compareFacts`, instant by instant: again and again the first, by rank and id,
 * that fits the present state and whose like has not applied at this instant, until none does.
 */
export function applyInOrderThatFits(facts: readonly Fact[], fitting: Fitting): void {
  for (let begin = 0; begin < facts.length;) {
    const first = facts[begin];
    if (first === undefined) return;
    let end = begin + 1;
    while (end < facts.length && facts[end]?.occurredAt === first.occurredAt) end++;
    if (end - begin > 1) applyInstant(facts.slice(begin, end), fitting);
    else if (fitting.fits(first)) fitting.apply(first);
    else fitting.reject(first);
    begin = end;
  }
}

function applyInstant(facts: readonly Fact[], fitting: Fitting): void {
  const waiting = facts.toSorted(
    (a, b) => fitting.rank(a) - fitting.rank(b) || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0),
  );
  const applied = new Set<string>();
  for (;;) {
    const place = waiting.findIndex((fact) => {
      const key = fitting.once(fact);
      return (key === null || !applied.has(key)) && fitting.fits(fact);
    });
    const fact = waiting[place];
    if (fact === undefined) break;
    waiting.splice(place, 1);
    const key = fitting.once(fact);
    if (key !== null) applied.add(key);
    fitting.apply(fact);
  }
  for (const fact of waiting) fitting.reject(fact);
}

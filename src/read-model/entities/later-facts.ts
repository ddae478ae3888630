/** Facts from a window's end on that a fold of the window needs. */
import { applyFacts } from "../../../projections/facts/entity-kind.ts";
import type { EntityKind } from "../../../projections/facts/entity-kind.ts";
import type { FactsElsewhere } from "./earlier-facts.ts";
import type { EntityFacts } from "./entity-facts.ts";
import type { PositionsHeld } from "./positions-held.ts";

/** A fold that has come to the end of its window. */
interface FoldedToEnd<State> {
  readonly kind: EntityKind<State, unknown>;
  readonly facts: EntityFacts;
  readonly state: State;
  readonly held: PositionsHeld;
  /** The window's end. */
  readonly to: number;
}

/** Applies facts from an index on until nothing is open any more that was open at the window's end; `end` is the first that was not applied. */
export function applyWhileOpen<State>(
  { kind, facts, state, held, to }: FoldedToEnd<State>,
  begin: number,
): { readonly end: number; readonly isOpen: boolean } {
  let open = new Set(kind.open(state, to));
  let index = begin;
  while (index < facts.length && open.size > 0) {
    const next = facts.nextInstant(index);
    applyFacts(kind, state, facts.factsIn(index, next, held.P));
    index = next;
    const still = new Set(kind.open(state, to));
    open = new Set([...open].filter((key) => still.has(key)));
  }
  facts.noteChanges(begin, index, held);
  return { end: index, isOpen: open.size > 0 };
}

/**
 * Applies facts from an index on up to the last that changes anything before the window's end, however late that comes;
 * returns the first that was not applied.
 */
export function applyWhatReaches<State>(
  { kind, facts, state, held, to }: FoldedToEnd<State>,
  begin: number,
  elsewhere: FactsElsewhere,
): number {
  const { reach } = kind;
  let end = begin;
  if (reach === undefined) return end;
  for (let index = begin; index < facts.length; index++) {
    if (facts.isAmendedAt(index)) facts.noteChanges(index, index + 1, held);
    const type = facts.typeAt(index);
    if (!reach.types.has(type)) continue;
    if (reach.takeTime.has(type) && !facts.mayHaveBegunBefore(index, to)) continue;
    const fact = facts.factAt(index, held.P);
    // No fact as of P; but if one is stated later, it may reach back.
    if (fact === null) facts.noteChanges(index, index + 1, held);
    else if (reach.of(fact, elsewhere) < to) end = facts.nextInstant(index);
  }
  applyFacts(kind, state, facts.factsIn(begin, end, held.P));
  held.and(elsewhere.held);
  facts.noteChanges(begin, end, held);
  return end;
}

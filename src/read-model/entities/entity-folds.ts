/**
 * Folds one entity's facts: all of them, or those that affect a window. A fold of a window resumes from the last state
 * kept before the window, and goes on past its end until nothing is open any more that was open at the end.
 */
import { isDeepStrictEqual } from "node:util";
import { applyFacts } from "../../../projections/facts/entity-kind.ts";
import type { Carry, EntityKind } from "../../../projections/facts/entity-kind.ts";
import type { Subject } from "../../../projections/facts/subject.ts";
import type { Interval } from "../../../projections/arithmetic/intervals.ts";
import { factsPerState } from "../../limits/read-model.ts";
import type { FactLog } from "../columns/fact-log.ts";
import { applyWhatReaches, applyWhileOpen } from "./later-facts.ts";
import { FactsElsewhere } from "./earlier-facts.ts";
import type { EntityFacts } from "./entity-facts.ts";
import type { KeptState, KeptStates } from "./kept-states.ts";
import type { KeptTimeline, TimelineKeeper } from "./kept-timelines.ts";
import { PositionsHeld } from "./positions-held.ts";
import type { SequenceStore } from "./sequence-store.ts";
import { KeptWindows } from "./kept-windows.ts";

/**
 * What a window sees of an entity, or of everything, as of two positions: the same as of each position from one to the
 * other, the same as of both, or perhaps not the same (what is folded besides the window may differ).
 */
export type Sameness = "throughout" | "at both" | "unknown";

export interface FoldOptions {
  readonly keeper: TimelineKeeper;
  readonly sequences: SequenceStore;
  /** How many facts lie between two kept states. Default: as in limits.ts. */
  readonly perState?: number | undefined;
}

/** What is stored for one entity. */
interface FoldedEntity {
  readonly log: FactLog;
  readonly subject: Subject;
  readonly facts: EntityFacts;
  readonly states: KeptStates;
}

/** The timeline of a window, and what it depends on. */
interface FoldedWindow<Timeline> extends Pick<
  KeptTimeline,
  "until" | "hasEveryFact" | "staysOpen" | "asked"
> {
  readonly held: PositionsHeld;
  readonly timeline: Timeline | null;
}

export class EntityFolds<State, Timeline> {
  readonly #kind: EntityKind<State, Timeline>;
  readonly #entity: FoldedEntity;
  readonly #factsPerState: number;
  readonly #windows: KeptWindows;

  constructor(
    kind: EntityKind<State, Timeline>,
    entity: FoldedEntity,
    { keeper, perState = factsPerState }: FoldOptions,
  ) {
    this.#kind = kind;
    this.#entity = entity;
    this.#windows = new KeptWindows(keeper);
    this.#factsPerState = perState;
  }

  /** The whole timeline as of position P; `null` if there is no fact. */
  at(P: number): Timeline | null {
    const { facts, subject } = this.#entity;
    const all = facts.factsIn(0, facts.length, P);
    if (all.length === 0) return null;
    const state = this.#kind.initial(subject.name);
    applyFacts(this.#kind, state, all);
    return this.#kind.timeline(state);
  }

  /** The part of the timeline as of position P that touches the window, and possibly more; `null` if no fact comes before the window's end. */
  within(P: number, window: Interval): Timeline | null {
    const known = this.#windows.find(window, P);
    if (known === null) return this.#foldWithin(P, window, P);
    // The entity's own kind folded this timeline.
    return known.timeline as Timeline | null;
  }

  /** The part of the timeline as of position P from an instant on, and possibly more; `null` if there is no fact. It is not kept. */
  from(P: number, instant: number): Timeline | null {
    return this.#folded(P, { from: instant, to: Infinity }, P).timeline;
  }

  /** How many facts `from` folds at the head. */
  factCount(instant: number): number {
    const { facts, states } = this.#entity;
    const begun = this.#kind.carry === undefined ? null : states.before(instant, Infinity);
    return facts.length - (begun === null ? 0 : facts.indexAt(begun.after + 1));
  }

  /** How much alike the window sees it as of position `first` and the last of `changes`, the positions after it at which the entity changed. */
  samenessOf(first: number, changes: readonly number[], window: Interval): Sameness {
    const last = changes.at(-1);
    if (last === undefined || this.#windows.isOneThroughout(window, first, last))
      return "throughout";
    // Resumed from the same kept state, equal facts make equal timelines. Kept, they spare the next question the folding.
    const [before, after] = [first, last].map((P) => {
      const timeline = this.#foldWithin(P, window, first);
      return timeline === null ? null : (this.#kind.seenBefore?.(timeline, window.to) ?? timeline);
    });
    if (!isDeepStrictEqual(before, after)) return "unknown";
    return changes.length === 1 ? "throughout" : "at both";
  }

  /** Called for a new event of the entity: drops the kept timelines that it may affect. */
  added(sequence: number): void {
    if (this.#windows.isEmpty) return;
    const fact = this.#entity.log.unamendedFact(sequence);
    this.#windows.added(fact, this.#kind.reach, this.#elsewhere(Infinity));
  }

  /** Called when an event of the entity was amended. */
  amended(): void {
    this.#windows.forget(() => true);
  }

  /** Keeps states up to the head when a segment is full; returns the new ones. */
  seal(): KeptState[] {
    const { carry } = this.#kind;
    const { facts, states } = this.#entity;
    states.keepSealed();
    const begun = states.last;
    const begin = begun === null ? 0 : facts.indexAt(begun.after + 1);
    if (carry === undefined || facts.length - begin < this.#factsPerState) return [];
    const state = this.#resumed(carry, begun, this.#elsewhere(Infinity, begun));
    const made: KeptState[] = [];
    const held = heldBy(begun, Infinity);
    this.#apply(state, begin, facts.length, held, (after) => {
      const carried = carry.facts(state)?.map(({ sequence }) => sequence);
      if (carried === undefined) return false;
      const kept = { after, lastChange: held.since, carried, isSealed: true };
      states.add(kept);
      made.push(kept);
      return true;
    });
    return made;
  }

  /** Folds the window as of P, from a kept state that holds as of `resumable`, and keeps the timeline. */
  #foldWithin(P: number, window: Interval, resumable: number): Timeline | null {
    const { held, ...folded } = this.#folded(P, window, resumable);
    const { from, to } = window;
    this.#windows.add({ from, to, since: held.since, before: held.before, ...folded });
    return folded.timeline;
  }

  /** Folds the window as of P, from a kept state that holds as of `resumable`, which is not after P. */
  #folded(P: number, window: Interval, resumable: number): FoldedWindow<Timeline> {
    const { carry } = this.#kind;
    if (carry === undefined) {
      const held = new PositionsHeld(P);
      this.#entity.facts.noteChanges(0, this.#entity.facts.length, held);
      const asked = new Set<string>();
      const whole = { until: Infinity, hasEveryFact: true, staysOpen: true, asked };
      return { held, ...whole, timeline: this.at(P) };
    }
    for (let before = window.from; ;) {
      const begun = this.#entity.states.before(before, resumable);
      const elsewhere = this.#elsewhere(P, begun);
      const state = this.#resumed(carry, begun, elsewhere);
      const folded = this.#foldFrom(state, begun, P, window);
      const doubtful = begun === null ? null : (carry.doubtfulSince?.(state) ?? null);
      if (doubtful === null) {
        const { asked } = elsewhere;
        const { isEmpty, ...found } = folded;
        const timeline = begun === null && isEmpty ? null : this.#kind.timeline(state);
        found.held.and(elsewhere.held);
        return { ...found, asked, timeline };
      }
      before = Math.min(doubtful, begun?.after ?? -Infinity);
    }
  }

  #foldFrom(
    state: State,
    begun: KeptState | null,
    P: number,
    { to }: Interval,
  ): Omit<FoldedWindow<Timeline>, "asked" | "timeline"> & { readonly isEmpty: boolean } {
    const { facts, states } = this.#entity;
    const carry = this.#kind.carry;
    const begin = begun === null ? 0 : facts.indexAt(begun.after + 1);
    const end = facts.indexAt(to);
    const held = heldBy(begun, P);
    const isEmpty = this.#apply(state, begin, end, held, (after) => {
      if (held.isPast || (states.last?.after ?? -Infinity) >= after) return true;
      const carried = carry?.facts(state)?.map(({ sequence }) => sequence);
      if (carried === undefined) return false;
      states.add({ after, lastChange: held.since, carried, isSealed: false });
      return true;
    });
    const later = { kind: this.#kind, facts, state, held, to };
    const past = applyWhileOpen(later, end);
    const all = applyWhatReaches(later, past.end, this.#elsewhere(P));
    const isOpen = past.isOpen && all >= facts.length;
    const last = all === 0 ? -Infinity : facts.timeAt(all - 1);
    // Where no fact comes before the window's end there is no timeline, but a later end may see one.
    const hasEveryFact = all >= facts.length && (begun !== null || !isEmpty);
    const staysOpen = hasEveryFact && Array.from(this.#kind.open(state, Infinity)).length > 0;
    const until = isOpen ? Infinity : Math.max(last, to - 1);
    return { held, until, hasEveryFact, staysOpen, isEmpty };
  }

  #elsewhere(P: number, begun: KeptState | null = null): FactsElsewhere {
    const { log, subject } = this.#entity;
    return new FactsElsewhere(log, subject, begun?.after ?? -Infinity, P);
  }

  /** Resumes from the kept state; without one, from the state before the first fact. */
  #resumed(carry: Carry<State>, begun: KeptState | null, elsewhere: FactsElsewhere): State {
    const { log, subject } = this.#entity;
    const carried = (begun?.carried ?? []).map((sequence) => {
      const { P } = elsewhere.held;
      const fact = log.factAt(sequence, P);
      if (fact === null) throw new RangeError(`event ${sequence} states no fact as of ${P}`);
      return fact;
    });
    return carry.resume(subject.name, carried, elsewhere);
  }

  /**
   * Applies the facts from `begin` to `end`. Calls `keep` after every so many facts, and then after each fact until it
   * could keep a state. Returns whether there were no facts.
   */
  #apply(
    state: State,
    begin: number,
    end: number,
    held: PositionsHeld,
    keep: (after: number) => boolean,
  ): boolean {
    const { facts } = this.#entity;
    let isEmpty = true;
    let isDue = false;
    for (let index = begin; index < end;) {
      const step: number = isDue ? index + 1 : Math.min(index + this.#factsPerState, end);
      const next: number = step < end ? Math.min(facts.nextInstant(step - 1), end) : end;
      const found = facts.factsIn(index, next, held.P);
      isEmpty &&= found.length === 0;
      applyFacts(this.#kind, state, found);
      facts.noteChanges(index, next, held);
      isDue = (isDue || next - index >= this.#factsPerState) && !keep(facts.timeAt(next - 1));
      index = next;
    }
    return isEmpty;
  }
}

/** The positions for which a kept state holds: from its last change on. */
function heldBy(begun: KeptState | null, P: number): PositionsHeld {
  const held = new PositionsHeld(P);
  if (begun !== null) held.note(begun.lastChange);
  return held;
}

/**
 * How facts become the state of an entity: the only such mechanism. Each kind of entity defines its state, which facts
 * fit it, and what they change. The plain fold, live views, views of the past and views of a window all apply facts
 * through `applyFacts`, from `initial` or from a kept state.
 */
import type { EventType } from "../../src/events/catalogue.ts";
import type { Fact, FactOf } from "./fact.ts";

/** The facts of an entity from before the carried ones, and those that hold regardless of when they occurred. */
export interface EarlierFacts {
  /** The instant of the state that the fold was resumed from; -Infinity for a fold from the first fact. */
  readonly after: number;
  /**
   * Whether a fact of that type outside this fold names the episode (the id of a fault, a maintenance or a checkpoint).
   */
  names(type: EventType, episode: string): boolean;
  /** Every fact of that type that names the episode, whenever it occurred; by `compareFacts`. */
  about<T extends EventType>(type: T, episode: string): readonly FactOf<T>[];
}

export interface EntityKind<State, Timeline> {
  /** The state of an entity before its first fact. */
  initial(name: string): State;
  /** Rank of the fact's type among the facts of one instant; lower ranks apply first. */
  rank(fact: Fact): number;
  /** A key that may apply only once at one instant; `null` if every fact like this applies. */
  once(fact: Fact): string | null;
  /** Whether the fact fits the present state. */
  fits(state: State, fact: Fact): boolean;
  /** Applies a fact that fits; changes the state in place. */
  evolve(state: State, fact: Fact): void;
  /** Reports a fact that did not fit at its instant. */
  reject(state: State, fact: Fact): void;
  /** The result of the state if no more facts follow. The state can still be evolved afterwards. */
  timeline(state: State): Timeline;
  /**
   * What windows that end at `end` see of a timeline: a figure of such a window is the same of both. Absent if nothing is
   * left out.
   */
  seenBefore?(timeline: Timeline, end: number): Timeline;
  /**
   * Keys of what is open in a window that ends at `end`. Figures need to know how it ends, so the fold of a window
   * continues until everything that was open at the window's end is closed.
   */
  open(state: State, end: number): Iterable<string>;
  /** Absent if no fact can change what happened long before it. */
  readonly reach?: Reach;
  /**
   * If the last fact of an entity has one of these types, the entity ends at most `lingersMs` later, and windows that
   * begin after that can skip it. `null` if facts can say something about any window, whenever they occurred.
   */
  readonly closing: Closing | null;
  /** Absent for short-lived entities, which are always folded whole. */
  readonly carry?: Carry<State>;
}

/** Facts that change what happened before them. */
export interface Reach {
  readonly types: ReadonlySet<string>;
  /** The types that reach back only by the fact's own duration (lasting.ts). */
  readonly takeTime: ReadonlySet<string>;
  /** The earliest instant that the fact may change; its own time or later if it changes nothing before it. */
  of(fact: Fact, earlier: EarlierFacts): number;
}

export interface Closing {
  readonly types: ReadonlySet<string>;
  readonly lingersMs: number;
}

/** How a state is stored as the few facts that later facts depend on. */
export interface Carry<State> {
  /** The facts, in the order in which they applied; `null` if the state cannot be stored at this instant. */
  facts(state: State): readonly Fact[] | null;
  /** The state as it was when `carried` was taken, after the instant of the last applied fact. */
  resume(name: string, carried: readonly Fact[], earlier: EarlierFacts): State;
  /**
   * The instant before which a fold has to begin to be certain of the resumed state; `null` if it is certain already.
   * Absent if resumed states are always certain.
   */
  doubtfulSince?(state: State): number | null;
}

type Fitting<State> = Pick<
  EntityKind<State, unknown>,
  "rank" | "once" | "fits" | "evolve" | "reject"
>;

/**
 * Applies facts, sorted by `compareFacts`, instant by instant: repeatedly the first one, by rank and id, that fits the
 * present state and whose key has not applied at this instant, until none does. All facts of one instant must be given
 * in one call.
 */
export function applyFacts<State>(
  kind: Fitting<State>,
  state: State,
  facts: readonly Fact[],
): void {
  for (let begin = 0; begin < facts.length;) {
    const first = facts[begin];
    if (first === undefined) return;
    let end = begin + 1;
    while (end < facts.length && facts[end]?.occurredAt === first.occurredAt) end++;
    if (end - begin > 1) applyInstant(kind, state, facts.slice(begin, end));
    else if (kind.fits(state, first)) kind.evolve(state, first);
    else kind.reject(state, first);
    begin = end;
  }
}

function applyInstant<State>(kind: Fitting<State>, state: State, facts: readonly Fact[]): void {
  const waiting = facts.toSorted(
    (a, b) => kind.rank(a) - kind.rank(b) || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0),
  );
  const applied = new Set<string>();
  for (;;) {
    const index = waiting.findIndex((fact) => {
      const key = kind.once(fact);
      return (key === null || !applied.has(key)) && kind.fits(state, fact);
    });
    const fact = waiting[index];
    if (fact === undefined) break;
    waiting.splice(index, 1);
    const key = kind.once(fact);
    if (key !== null) applied.add(key);
    kind.evolve(state, fact);
  }
  for (const fact of waiting) kind.reject(state, fact);
}

/** The timeline of an entity; `facts` are all of its facts, sorted by `compareFacts`. */
export function foldEntity<State, Timeline>(
  kind: EntityKind<State, Timeline>,
  name: string,
  facts: readonly Fact[],
): Timeline {
  const state = kind.initial(name);
  applyFacts(kind, state, facts);
  return kind.timeline(state);
}

/**
 * The one mechanism by which facts become what is known of an entity. Each kind of entity says what its
 * state is, which facts fit it and what they change; the plain fold, live views, views of the past and
 * views of a window all apply facts through `applyFacts`, from `initial` or from a state that was kept.
 */
import type { EventType } from "../../src/events/catalogue.ts";
import type { Fact, FactOf } from "./fact.ts";

/** What an entity's facts before the carried ones say, and those of any time that hold whenever they occurred. */
export interface EarlierFacts {
  /** Whether a fact of the type that is not folded here names the episode (a fault, maintenance or checkpoint id). */
  names(type: EventType, episode: string): boolean;
  /** Every fact of the type that names the episode, at whatever time; by `compareFacts`. */
  about<T extends EventType>(type: T, episode: string): readonly FactOf<T>[];
}

export interface EntityKind<State, Timeline> {
  /** What is known of an entity before its first fact. */
  initial(name: string): State;
  /** Rank of the fact's type among those of one instant. */
  rank(fact: Fact): number;
  /** What may apply only once at an instant; `null` for what applies each time. */
  once(fact: Fact): string | null;
  /** Whether the fact fits the present state. */
  fits(state: State, fact: Fact): boolean;
  /** Applies a fact that fits; changes the state in place. */
  evolve(state: State, fact: Fact): void;
  /** Takes note of a fact that never fitted at its instant. */
  reject(state: State, fact: Fact): void;
  /** What the state comes to if no fact follows. The state can go on afterwards. */
  timeline(state: State): Timeline;
  /**
   * Keys of what is open, for a window that ends at `end`: its figures need to know how that ends, so that a fold of
   * a window goes on until nothing is open that was open at the window's end.
   */
  open(state: State, end: number): Iterable<string>;
  /** Absent where no fact changes what was long before it. */
  readonly reach?: Reach;
  /**
   * Types after which, where the last fact of an entity is one, nothing of it lasts longer than
   * `lingersMs`: a window that begins later has nothing of it. `null` where facts say something of any
   * window, whenever they occurred.
   */
  readonly closing: Closing | null;
  /** Absent for entities that are short-lived: these are folded whole. */
  readonly carry?: Carry<State>;
}

/** Facts that change what was before them. */
export interface Reach {
  readonly types: ReadonlySet<string>;
  /** Those of the types that reach back only by how long they took (lasting.ts). */
  readonly takeTime: ReadonlySet<string>;
  /** From which instant on it may do so; its own time or later for a fact that does not. */
  of(fact: Fact, earlier: EarlierFacts): number;
}

export interface Closing {
  readonly types: ReadonlySet<string>;
  readonly lingersMs: number;
}

/** How a state is kept as the few facts that later ones depend on. */
export interface Carry<State> {
  /** In the order in which they applied; `null` if the state cannot be kept at this instant. */
  facts(state: State): readonly Fact[] | null;
  /** The state after the instant of the last fact that had applied when `carried` were taken. */
  resume(name: string, carried: readonly Fact[], earlier: EarlierFacts): State;
  /**
   * The instant before whose facts a fold has to begin to be sure of what a resumed state was asked; `null` where it
   * is sure. Absent where it always is.
   */
  doubtfulSince?(state: State): number | null;
}

type Fitting<State> = Pick<
  EntityKind<State, unknown>,
  "rank" | "once" | "fits" | "evolve" | "reject"
>;

/**
 * Applies facts, given by `compareFacts`, instant by instant: again and again the first, by rank and id,
 * that fits the present state and whose like has not applied at this instant, until none does. All facts
 * of one instant must be given in one call.
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

/** The timeline of an entity; `facts` are all of its facts, by `compareFacts`. */
export function foldEntity<State, Timeline>(
  kind: EntityKind<State, Timeline>,
  name: string,
  facts: readonly Fact[],
): Timeline {
  const state = kind.initial(name);
  applyFacts(kind, state, facts);
  return kind.timeline(state);
}

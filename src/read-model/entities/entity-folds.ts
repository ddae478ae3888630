/**
 * Folds of one entity's facts: whole, or as far as they touch a window. A fold of a window begins at the
 * last state that was kept before it, and goes on past its end until nothing is open that was open there.
 */
import { applyFacts } from "../../../projections/facts/entity-kind.ts";
import type { Carry, EntityKind } from "../../../projections/facts/entity-kind.ts";
import type { Fact } from "../../../projections/facts/fact.ts";
import type { Window } from "../../../projections/time/period.ts";
import { factsPerSnapshot } from "../../limits/read-model.ts";
import { FactsElsewhere } from "./earlier-facts.ts";
import type { EntityFacts } from "./entity-facts.ts";
import type { KeptTimeline, KeptTimelines, Lookup } from "./kept-timelines.ts";

/** A state after the first facts of an entity. */
interface Snapshot {
  /** How many places of the entity's facts it is after. */
  readonly length: number;
  /** The largest sequence that says anything of these: it holds as of every position from there on. */
  readonly lastChange: number;
  /** Sequences of the facts that the state is resumed from, in the order in which they applied. */
  readonly carried: readonly number[];
}

export interface FoldOptions {
  readonly keeper: KeptTimelines;
  /** Facts between two states that are kept; left out: those of `limits/`. */
  readonly perSnapshot?: number | undefined;
}

export class EntityFolds<State, Timeline> {
  readonly #name: string;
  readonly #kind: EntityKind<State, Timeline>;
  readonly #factsPerSnapshot: number;
  #facts: EntityFacts;
  /** By length, and so by `lastChange`. */
  #snapshots: Snapshot[] = [];
  readonly #keeper: KeptTimelines;
  #windows: KeptTimeline[] = [];

  constructor(
    name: string,
    kind: EntityKind<State, Timeline>,
    facts: EntityFacts,
    { keeper, perSnapshot = factsPerSnapshot }: FoldOptions,
  ) {
    this.#name = name;
    this.#kind = kind;
    this.#facts = facts;
    this.#keeper = keeper;
    this.#factsPerSnapshot = perSnapshot;
  }

  /** Goes on with the facts as they are now: states after facts that are the same are kept. */
  follow(facts: EntityFacts): void {
    if (facts === this.#facts) return;
    this.#facts = facts;
    this.#snapshots = this.#snapshots.filter(
      ({ length, lastChange }) =>
        length <= facts.length && facts.lastChangeOf(length) === lastChange,
    );
    this.#windows = this.#windows.filter((kept) => {
      if (this.#stillHolds(kept)) return true;
      this.#keeper.drop(kept);
      return false;
    });
  }

  /** The whole timeline as of position P; `null` if there is no fact. */
  at(P: number): Timeline | null {
    const facts = this.#collect(0, this.#facts.length, P);
    if (facts.length === 0) return null;
    const state = this.#kind.initial(this.#name);
    applyFacts(this.#kind, state, facts);
    return this.#kind.timeline(state);
  }

  /** What of the timeline as of position P touches the window, and maybe more; `null` if there is no fact up to its end. */
  within(P: number, window: Window): Timeline | null {
    const { from, to } = window;
    const known = this.#windows.find(
      (kept) => kept.from === from && kept.to === to && holdsAsOf(kept, P),
    );
    if (known === undefined) return this.#foldWithin(P, window);
    this.#keeper.used(known);
    // What is kept under an entity was folded by its kind.
    return known.timeline as Timeline | null;
  }

  #foldWithin(P: number, window: Window): Timeline | null {
    const { carry } = this.#kind;
    const facts = this.#facts;
    if (carry === undefined) {
      const timeline = this.at(P);
      this.#keepWindow(window, P, { length: facts.length, isClosed: false, asked: [], timeline });
      return timeline;
    }
    const snapshot = this.#snapshotBefore(window.from, P);
    const begin = snapshot?.length ?? 0;
    const elsewhere = new FactsElsewhere(facts, begin, P);
    // Without a snapshot: before the first fact. What holds whenever it occurred is known to either.
    const carried = snapshot?.carried.map((sequence) => facts.factOf(sequence, P)) ?? [];
    const state = carry.resume(this.#name, carried, elsewhere);
    const end = facts.placeAt(window.to);
    const seen = this.#apply(state, carry, begin, end, P);
    const { length, isClosed } = this.#applyWhileOpen(state, end, P);
    const timeline = begin === 0 && seen === 0 ? null : this.#kind.timeline(state);
    this.#keepWindow(window, P, { length, isClosed, asked: elsewhere.asked, timeline });
    return timeline;
  }

  /** Keeps what would come out the same at the head. */
  #keepWindow(
    { from, to }: Window,
    P: number,
    folded: Pick<KeptTimeline, "length" | "isClosed" | "timeline"> & { asked: Iterable<number> },
  ): void {
    const { length, isClosed, timeline } = folded;
    const lookups = Array.from(folded.asked, (hash) => this.#lookUp(hash));
    const lastChange = this.#facts.lastChangeOf(length);
    const kept = { from, to, length, lastChange, isClosed, lookups, timeline };
    if (!holdsAsOf(kept, P)) return;
    this.#windows.push(kept);
    this.#keeper.add(kept, (gone) => {
      this.#windows = this.#windows.filter((each) => each !== gone);
    });
  }

  #lookUp(hash: number): Lookup {
    let [count, lastChange] = [0, 0];
    for (const place of this.#facts.placesOfEpisode(hash)) {
      count++;
      lastChange = Math.max(lastChange, this.#facts.lastChangeAt(place));
    }
    return { hash, count, lastChange };
  }

  /** Whether the facts as they are now give the same. */
  #stillHolds({ length, lastChange, isClosed, to, lookups }: KeptTimeline): boolean {
    const facts = this.#facts;
    if (length > facts.length || facts.lastChangeOf(length) !== lastChange) return false;
    if (facts.placeAt(to) > length || (!isClosed && facts.length > length)) return false;
    return lookups.every(({ hash, count, lastChange: last }) => {
      const now = this.#lookUp(hash);
      return now.count === count && now.lastChange === last;
    });
  }

  /** The last one that is wholly before the instant and holds as of P. */
  #snapshotBefore(instant: number, P: number): Snapshot | null {
    const isUsable = ({ length, lastChange }: Snapshot) =>
      lastChange <= P && this.#facts.timeAt(length - 1) < instant;
    return this.#snapshots.findLast(isUsable) ?? null;
  }

  /** Applies the places from `begin` to `end`, and keeps states on the way; returns how many facts there were. */
  #apply(state: State, carry: Carry<State>, begin: number, end: number, P: number): number {
    let count = 0;
    let isDue = false;
    for (let place = begin; place < end;) {
      // Where a state could not be kept, the next instant may be better.
      const step = isDue ? place + 1 : Math.min(place + this.#factsPerSnapshot, end);
      const next = step < end ? Math.min(this.#facts.nextInstant(step - 1), end) : end;
      const facts = this.#collect(place, next, P);
      count += facts.length;
      applyFacts(this.#kind, state, facts);
      place = next;
      isDue = place < end && !this.#keep(state, carry, place, P);
    }
    return count;
  }

  /** Whether a state after so many places is kept now, or no further one is wanted. */
  #keep(state: State, carry: Carry<State>, length: number, P: number): boolean {
    const lastChange = this.#facts.lastChangeOf(length);
    if (lastChange > P || (this.#snapshots.at(-1)?.length ?? 0) >= length) return true;
    const carried = carry.facts(state)?.map(({ sequence }) => sequence);
    if (carried === undefined) return false;
    this.#snapshots.push({ length, lastChange, carried });
    return true;
  }

  /** Returns up to which place it came, and whether nothing is open any more that was open at the beginning. */
  #applyWhileOpen(
    state: State,
    begin: number,
    P: number,
  ): Pick<KeptTimeline, "length" | "isClosed"> {
    let open = new Set(this.#kind.open(state));
    let place = begin;
    while (place < this.#facts.length && open.size > 0) {
      const next = this.#facts.nextInstant(place);
      applyFacts(this.#kind, state, this.#collect(place, next, P));
      place = next;
      const still = new Set(this.#kind.open(state));
      open = new Set([...open].filter((key) => still.has(key)));
    }
    return { length: place, isClosed: open.size === 0 };
  }

  #collect(begin: number, end: number, P: number): Fact[] {
    const facts: Fact[] = [];
    this.#facts.collect(begin, end, P, facts);
    return facts;
  }
}

/** From the last change of what went in on. */
function holdsAsOf({ lastChange, lookups }: KeptTimeline, P: number): boolean {
  return lastChange <= P && lookups.every((lookup) => lookup.lastChange <= P);
}

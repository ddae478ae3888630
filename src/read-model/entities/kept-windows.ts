/** The kept timelines of one entity's windows. */
import { episodeOf } from "../../../projections/facts/episodes.ts";
import type { EarlierFacts, Reach } from "../../../projections/facts/entity-kind.ts";
import type { Fact } from "../../../projections/facts/fact.ts";
import type { Interval } from "../../../projections/arithmetic/intervals.ts";
import type { KeptTimeline, KeptTimelines, TimelineKeeper } from "./kept-timelines.ts";

export class KeptWindows {
  readonly #keeper: TimelineKeeper;
  #windows: KeptTimeline[] = [];

  constructor(keeper: TimelineKeeper) {
    this.#keeper = keeper;
  }

  get isEmpty(): boolean {
    return this.#windows.length === 0;
  }

  /** A kept timeline of this window, or of one that shows all of it, that holds as of P. */
  find(window: Interval, P: number): KeptTimeline | null {
    return this.#used(window, ({ since, before }) => {
      return since <= P && (P < before || before === Infinity);
    });
  }

  /** Whether one kept timeline of this window, or of one that shows all of it, holds from one position to another. */
  isOneThroughout(window: Interval, first: number, last: number): boolean {
    return this.#used(window, ({ since, before }) => since <= first && last < before) !== null;
  }

  #used(window: Interval, holds: (kept: KeptTimeline) => boolean): KeptTimeline | null {
    const known = this.#windows.find((kept) => serves(kept, window) && holds(kept));
    if (known === undefined) return null;
    widen(known, window.to);
    this.#keeperOf(known).used(known);
    return known;
  }

  add(kept: KeptTimeline): void {
    // What the new one answers as well is kept no longer.
    this.forget((each) => {
      const isServed = serves(kept, each) && each.before === Infinity && kept.before === Infinity;
      if (isServed) widen(kept, each.to);
      return isServed || isAgain(kept, each);
    });
    this.#windows.push(kept);
    this.#keeperOf(kept).add(kept, () => {
      this.#windows = this.#windows.filter((each) => each !== kept);
    });
  }

  #keeperOf({ before }: KeptTimeline): KeptTimelines {
    return before === Infinity ? this.#keeper.ofHead : this.#keeper.ofPast;
  }

  /** Drops the timelines that a new fact may affect. */
  added(fact: Fact, reach: Reach | undefined, elsewhere: EarlierFacts): void {
    const at = fact.occurredAt;
    const episode = episodeOf(fact.type, fact.data) ?? "";
    const isReaching = reach?.types.has(fact.type) === true;
    const reached = isReaching ? reach.of(fact, elsewhere) : Infinity;
    this.forget(({ to, until, asked }) => {
      return at < to || at <= until || reached < to || asked.has(episode);
    });
    for (const kept of this.#windows) kept.hasEveryFact = false;
  }

  forget(isStale: (kept: KeptTimeline) => boolean): void {
    this.#windows = this.#windows.filter((kept) => {
      if (!isStale(kept)) return true;
      this.#keeperOf(kept).drop(kept);
      return false;
    });
  }
}

/** Whether it is the same, folded once more to be compared with another. */
function isAgain(kept: KeptTimeline, each: KeptTimeline): boolean {
  const isOfWindow = kept.from === each.from && kept.to === each.to;
  return isOfWindow && kept.since === each.since && kept.before === each.before;
}

function serves(kept: KeptTimeline, window: Interval): boolean {
  return kept.from <= window.from && (kept.hasEveryFact || kept.to >= window.to);
}

/** What it has served, it goes on serving when facts come that are later still. */
function widen(kept: KeptTimeline, to: number): void {
  if (to <= kept.to) return;
  kept.to = to;
  if (kept.staysOpen) kept.until = Infinity;
}

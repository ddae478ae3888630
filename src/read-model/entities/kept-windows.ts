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

  /**
   * A kept timeline that holds as of P, of this window or of one that contains it: it has what touches this one, and more, as
   * a whole timeline has. So a figure of a day needs no fold where its quarter was folded.
   */
  find({ from, to }: Interval, P: number): KeptTimeline | null {
    const known = this.#windows.find(
      (kept) =>
        kept.from <= from &&
        kept.to >= to &&
        kept.since <= P &&
        (P < kept.before || kept.before === Infinity),
    );
    if (known === undefined) return null;
    this.#keeperOf(known).used(known);
    return known;
  }

  add(kept: KeptTimeline): void {
    this.#windows.push(kept);
    this.#keeperOf(kept).add(kept, (gone) => {
      this.#windows = this.#windows.filter((each) => each !== gone);
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
  }

  forget(isStale: (kept: KeptTimeline) => boolean): void {
    this.#windows = this.#windows.filter((kept) => {
      if (!isStale(kept)) return true;
      this.#keeperOf(kept).drop(kept);
      return false;
    });
  }
}

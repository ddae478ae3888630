/** What an entity's facts say of fault and maintenance ids, for a fold that does not begin at the first of them. */
import type { EarlierFacts } from "../../../projections/facts/entity-kind.ts";
import type { Fact, FactOf } from "../../../projections/facts/fact.ts";
import { episodeOf } from "../../../projections/nodes/episodes.ts";
import type { EventType } from "../../events/catalogue.ts";
import type { EntityFacts } from "./entity-facts.ts";
import { episodeHash } from "../columns/event-columns.ts";

/** As of position P, for a fold that begins at the place `begin`; notes what was looked up at any time. */
export class FactsElsewhere implements EarlierFacts {
  readonly #facts: EntityFacts;
  readonly #begin: number;
  readonly #P: number;
  /** Hashes of the episodes that `about` was asked for. */
  readonly asked = new Set<number>();

  constructor(facts: EntityFacts, begin: number, P: number) {
    this.#facts = facts;
    this.#begin = begin;
    this.#P = P;
  }

  names(type: EventType, episode: string): boolean {
    for (const place of this.#facts.placesOfEpisode(episodeHash(episode))) {
      if (place >= this.#begin) return false;
      if (this.#factAbout(place, type, episode) !== null) return true;
    }
    return false;
  }

  about<T extends EventType>(type: T, episode: string): FactOf<T>[] {
    const hash = episodeHash(episode);
    this.asked.add(hash);
    const found: FactOf<T>[] = [];
    for (const place of this.#facts.placesOfEpisode(hash)) {
      const fact = this.#factAbout(place, type, episode);
      if (fact !== null && isOf(fact, type)) found.push(fact);
    }
    return found;
  }

  #factAbout(place: number, type: EventType, episode: string): Fact | null {
    const fact = this.#facts.factAt(place, this.#P);
    return fact?.type === type && episodeOf(type, fact.data) === episode ? fact : null;
  }
}

function isOf<T extends EventType>(fact: Fact, type: T): fact is Extract<Fact, FactOf<T>> {
  return fact.type === type;
}

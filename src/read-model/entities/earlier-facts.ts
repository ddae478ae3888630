/** What an entity's facts state about an id, for a fold that does not begin at the first fact. */
import type { EarlierFacts } from "../../../projections/facts/entity-kind.ts";
import { episodeOf } from "../../../projections/facts/episodes.ts";
import { compareFacts } from "../../../projections/facts/fact.ts";
import type { Fact, FactOf } from "../../../projections/facts/fact.ts";
import { subjectOf } from "../../../projections/facts/subject.ts";
import type { Subject } from "../../../projections/facts/subject.ts";
import type { EventType } from "../../events/catalogue.ts";
import type { FactLog } from "../columns/fact-log.ts";
import { PositionsHeld } from "./positions-held.ts";

/** Looks facts up as of position P, for a fold that begins after an instant, and notes the ids it looked up. */
export class FactsElsewhere implements EarlierFacts {
  readonly #log: FactLog;
  readonly #subject: Subject;
  readonly after: number;
  readonly held: PositionsHeld;
  /** The ids that were looked up. */
  readonly asked = new Set<string>();

  constructor(log: FactLog, subject: Subject, after: number, P: number) {
    this.#log = log;
    this.#subject = subject;
    this.after = after;
    this.held = new PositionsHeld(P);
  }

  names(type: EventType, episode: string): boolean {
    return this.#factsOf(type, episode, this.after).next().done !== true;
  }

  about<T extends EventType>(type: T, episode: string): FactOf<T>[] {
    this.asked.add(episode);
    const found = new Map<string, FactOf<T>>();
    for (const fact of this.#factsOf(type, episode, Infinity))
      if (isOf(fact, type)) found.set(fact.id, fact);
    return [...found.values()].sort(compareFacts);
  }

  *#factsOf(type: EventType, episode: string, upTo: number): Generator<Fact> {
    const { cluster, kind, name } = this.#subject;
    for (const sequence of this.#log.statingEpisode(name, episode)) {
      // A correction never changes an event's type.
      if (this.#log.typeOf(sequence) !== type) continue;
      const corrected = this.#log.correctedAt(sequence);
      if (corrected === null && this.#log.occurredAtOf(sequence) > upTo) continue;
      this.held.note(sequence);
      for (const { since } of corrected?.versions.all ?? []) this.held.note(since);
      const fact = this.#log.factAt(sequence, this.held.P);
      if (fact === null || fact.occurredAt > upTo) continue;
      if (episodeOf(type, fact.data) !== episode) continue;
      const subject = subjectOf(type, fact.data);
      if (subject?.name === name && subject.cluster === cluster && subject.kind === kind)
        yield fact;
    }
  }
}

function isOf<T extends EventType>(fact: Fact, type: T): fact is Extract<Fact, FactOf<T>> {
  return fact.type === type;
}

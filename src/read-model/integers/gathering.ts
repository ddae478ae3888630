/**
 * Gathers facts as integers from the columns of segments. The facts of one node lie all over the ledger, so those of many
 * nodes are taken at once, segment by segment: then memory and file are read in their order.
 */
import { byteAt, wordAt } from "../../../projections/arithmetic/invariants.ts";
import {
  FactIntegers,
  namesIds,
  notTold,
} from "../../../projections/node-integers/node-integers.ts";
import type { Steps } from "../../turns.ts";
import type { Instants } from "../columns/instants.ts";
import type { NamedIds } from "../columns/named-ids.ts";
import { FactsBySegment } from "./facts-by-segment.ts";
import { WantedEvents } from "./wanted-events.ts";

/** Facts that are cleared between two pauses. */
const factsPerStep = 65_536;

/** What a segment says of its events. */
export interface IntegerColumns {
  readonly types: Uint8Array;
  readonly instants: Instants;
  /** The ids that facts of the cluster's nodes name. */
  readonly named: NamedIds;
}

export interface SequenceList {
  readonly sequences: Uint32Array;
  /** How many events a segment has. */
  readonly segmentEvents: number;
}

/** The memory is used again: to be given new pages takes as long as the rest of the work. */
export class Gathering {
  readonly #stateCodeOf: Uint8Array;
  readonly #list = new FactsBySegment();
  readonly #wanted = new WantedEvents();
  #facts = new FactIntegers(0);
  #room = 0;

  /** `stateCodeOf` is the integer of each type, by the type's code in the columns. */
  constructor(stateCodeOf: Uint8Array) {
    this.#stateCodeOf = stateCodeOf;
  }

  /** Takes a list of sequences, which is gathered next. */
  *begin({ sequences, segmentEvents }: SequenceList): Steps<void> {
    this.#reserve(sequences.length);
    for (let from = 0; from < sequences.length; from += factsPerStep) {
      this.#facts.clear(from, Math.min(sequences.length, from + factsPerStep));
      yield;
    }
    yield* this.#list.sort(sequences, segmentEvents);
  }

  /** The fact of each sequence, in the order of the list; they hold until the next list. */
  *gather(columnsOf: (segment: number) => IntegerColumns): Steps<FactIntegers> {
    for (const segment of this.#list.segments()) {
      this.#take(segment, columnsOf(segment));
      yield;
    }
    return this.#facts;
  }

  #reserve(count: number): void {
    if (this.#room >= count) return;
    this.#room = roomFor(count);
    this.#list.reserve(this.#room);
    this.#facts = new FactIntegers(this.#room);
  }

  /** Takes the facts that lie in a segment, in the order of the ledger: so the columns lie in memory. */
  #take(segment: number, { types, instants, named: { indexes, words } }: IntegerColumns): void {
    const wanted = this.#wanted;
    wanted.reserve(types.length);
    const { places, indexes: events, begins } = this.#list;
    const end = wordAt(begins, segment + 1);
    for (let i = wordAt(begins, segment); i < end; i++)
      wanted.add(wordAt(events, i), wordAt(places, i));
    const stateCodeOf = this.#stateCodeOf;
    let id = 0;
    let named = wordOr(indexes, id);
    for (let index = wanted.next(0); index >= 0; index = wanted.next(index + 1)) {
      const code = byteAt(stateCodeOf, byteAt(types, index));
      if (code === 0) continue;
      const place = wanted.placeOf(index);
      const instant = instants.at(index);
      if (!namesIds(code)) {
        this.#facts.set(place, instant, code);
        continue;
      }
      while (named < index) named = wordOr(indexes, ++id);
      // A return that names no fault changes nothing.
      if (named !== index) continue;
      this.#facts.name(place, words, id);
      named = wordOr(indexes, ++id);
      this.#facts.set(place, instant, named === index ? notTold : code);
    }
  }
}

/** Some more than so many: the next list is about as long. */
export function roomFor(facts: number): number {
  return Math.ceil(facts / factsPerStep) * factsPerStep;
}

/** The number at an index, or one that is greater than all. */
function wordOr(list: Uint32Array, index: number): number {
  return index < list.length ? wordAt(list, index) : Infinity;
}

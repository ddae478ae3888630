/**
 * Kept states of one entity, each stored as the few facts that later facts depend on. A state belongs to an instant and
 * rests on the facts up to it as they are now, so a new fact about an earlier instant invalidates it.
 *
 * They are words in the store of all sequence lists: a year of a large fleet has hundreds of thousands, and an object
 * for each would be looked at whenever garbage is collected.
 */
import type { SequenceStore } from "./sequence-store.ts";
import { Sequences } from "./sequences.ts";

export interface KeptState {
  /** The state includes the facts up to and at this instant. */
  readonly after: number;
  /** The largest sequence that affects those facts: the state holds as of every position from there on. */
  readonly lastChange: number;
  /** Sequences of the facts from which the state is resumed, in the order in which they were applied. */
  readonly carried: readonly number[];
  /** Whether it was made when a segment became full, so that the same events always produce it. */
  readonly isSealed: boolean;
}

/** Words of a state behind those of its carried facts: their number and whether it is sealed, its last change, its instant. */
const tailWords = 4;

/** Splits an instant into words, and puts it together again. */
const split = new Float64Array(1);
const splitWords = new Uint32Array(split.buffer);

export class KeptStates {
  /** Ordered by `after`; each is read from its end. */
  readonly #words: Sequences;
  /** How many are not sealed. */
  #unsealed = 0;

  constructor(store: SequenceStore) {
    this.#words = new Sequences(store);
  }

  get last(): KeptState | null {
    const end = this.#words.length;
    return end === 0 ? null : this.#endingAt(end);
  }

  add({ after, lastChange, carried, isSealed }: KeptState): void {
    for (const sequence of carried) this.#words.push(sequence);
    this.#words.push(2 * carried.length + (isSealed ? 1 : 0));
    this.#words.push(lastChange);
    split[0] = after;
    for (const word of splitWords) this.#words.push(word);
    if (!isSealed) this.#unsealed++;
  }

  /** Drops the states that a change at an instant invalidates. */
  changed(at: number): void {
    let end = this.#words.length;
    while (end > 0 && this.#afterAt(end) >= at) {
      if (!this.#isSealedAt(end)) this.#unsealed--;
      end = this.#beginAt(end);
    }
    this.#words.truncate(end);
  }

  /** Keeps only the states that were made when a segment became full. */
  keepSealed(): void {
    if (this.#unsealed === 0) return;
    const sealed: KeptState[] = [];
    for (let end = this.#words.length; end > 0; end = this.#beginAt(end))
      if (this.#isSealedAt(end)) sealed.push(this.#endingAt(end));
    this.#words.truncate(0);
    this.#unsealed = 0;
    for (const state of sealed.reverse()) this.add(state);
  }

  /** The last state that lies wholly before an instant and holds as of P. */
  before(instant: number, P: number): KeptState | null {
    for (let end = this.#words.length; end > 0; end = this.#beginAt(end))
      if (this.#afterAt(end) < instant && this.#lastChangeAt(end) <= P) return this.#endingAt(end);
    return null;
  }

  #endingAt(end: number): KeptState {
    const carried: number[] = [];
    for (let i = this.#beginAt(end); i < end - tailWords; i++) carried.push(this.#words.at(i));
    return {
      after: this.#afterAt(end),
      lastChange: this.#lastChangeAt(end),
      carried,
      isSealed: this.#isSealedAt(end),
    };
  }

  #afterAt(end: number): number {
    splitWords[0] = this.#words.at(end - 2);
    splitWords[1] = this.#words.at(end - 1);
    return split[0] ?? NaN;
  }

  #lastChangeAt(end: number): number {
    return this.#words.at(end - 3);
  }

  #isSealedAt(end: number): boolean {
    return this.#words.at(end - tailWords) % 2 === 1;
  }

  /** Where the state that ends there begins, which is where the one before it ends. */
  #beginAt(end: number): number {
    return end - tailWords - (this.#words.at(end - tailWords) >>> 1);
  }
}

/** The ids that the facts of one node have named so far, each with the instant at which it was first used, and whether it is open. */
import { byteAt, doubleAt, wordAt } from "../arithmetic/invariants.ts";
import { FactIntegers } from "./node-integers.ts";

const firstSlots = 64;

/** Slots that a search looks at. Ids need more only if somebody chose them so: then each search would look at all of them. */
const mostLooks = 128;

/** An id is given as a fact that names it. */
export class UsedIds {
  #facts = new FactIntegers(0);
  /** Open addressing: the place of an id; a slot that was filled for another node has another mark. */
  #slots = new Uint32Array(firstSlots);
  #marks = new Uint32Array(firstSlots);
  #mark = 0;
  /** The fact that first named each. */
  #firsts = new Uint32Array(firstSlots);
  #since = new Float64Array(firstSlots);
  #isOpen = new Uint8Array(firstSlots);
  #count = 0;
  /** How many are open. */
  open = 0;
  /** Whether the ids are such that they cannot be told apart in good time; nothing that was found since counts. */
  isCrowded = false;

  /** Begins with another node, whose facts name at most so many ids. */
  begin(facts: FactIntegers, atMost: number): void {
    this.#facts = facts;
    this.#count = 0;
    this.open = 0;
    this.isCrowded = false;
    this.#mark++;
    let slots = this.#slots.length;
    // Half of the slots stay free, where searches end.
    while (slots < 2 * atMost) slots *= 2;
    if (slots === this.#slots.length) return;
    this.#slots = new Uint32Array(slots);
    this.#marks = new Uint32Array(slots);
    this.#firsts = new Uint32Array(slots);
    this.#since = new Float64Array(slots);
    this.#isOpen = new Uint8Array(slots);
  }

  /** The place of an id; `null` if it was not used. */
  find(fact: number): number | null {
    const slot = this.#slotOf(fact);
    return wordAt(this.#marks, slot) === this.#mark ? wordAt(this.#slots, slot) : null;
  }

  /** Uses an id for the first time. */
  use(fact: number, at: number): void {
    const slot = this.#slotOf(fact);
    const place = this.#count++;
    this.#slots[slot] = place;
    this.#marks[slot] = this.#mark;
    this.#firsts[place] = fact;
    this.#since[place] = at;
    this.#isOpen[place] = 1;
    this.open++;
  }

  isOpen(place: number): boolean {
    return byteAt(this.#isOpen, place) === 1;
  }

  close(place: number): void {
    this.#isOpen[place] = 0;
    this.open--;
  }

  /** Since when the id at a place has been used. */
  since(place: number): number {
    return doubleAt(this.#since, place);
  }

  /** Since when each of those that are open has been used, in the order of their first uses. */
  *openSince(): Iterable<number> {
    if (this.open === 0) return;
    for (let place = 0; place < this.#count; place++)
      if (this.isOpen(place)) yield this.since(place);
  }

  /** The slot of an id, or the free one where it would be. */
  #slotOf(fact: number): number {
    const mask = this.#slots.length - 1;
    let slot = this.#facts.idHashOf(fact) & mask;
    for (let looks = 0; looks < mostLooks; looks++) {
      if (wordAt(this.#marks, slot) !== this.#mark) return slot;
      if (this.#facts.isSameId(fact, wordAt(this.#firsts, wordAt(this.#slots, slot)))) return slot;
      slot = (slot + 1) & mask;
    }
    this.isCrowded = true;
    return slot;
  }
}

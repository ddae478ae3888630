/** The states of a node over time. */
import type { Interval } from "../arithmetic/intervals.ts";
import { firstRowEndingAfter, numberAt } from "../arithmetic/number-rows.ts";

const nodeStates = ["down", "maintenance", "unknown", "in-service"] as const;
export type NodeState = (typeof nodeStates)[number];

interface StateSegment extends Interval {
  readonly state: NodeState;
}

/** Start, end, and the state as its index in `nodeStates`. */
const numbersEach = 3;

/**
 * Disjoint segments by time, as numbers: a month of a large fleet has hundreds of thousands, which as objects would be
 * looked at whenever garbage is collected.
 */
export class PackedSegments implements Iterable<StateSegment> {
  readonly numbers: readonly number[];

  constructor(numbers: readonly number[]) {
    this.numbers = numbers;
  }

  get length(): number {
    return this.numbers.length / numbersEach;
  }

  /** The latest instant at which one begins or ends; -Infinity if there is none. */
  get latest(): number {
    const end = this.numbers.at(-2) ?? -Infinity;
    return end === Infinity ? numberAt(this.numbers, this.numbers.length - numbersEach) : end;
  }

  *[Symbol.iterator](): Generator<StateSegment, undefined> {
    for (let i = 0; i < this.length; i++) yield this.#at(i);
  }

  /** As JSON they are a list like any other. */
  toJSON(): StateSegment[] {
    return [...this];
  }

  /** Calls `visit` with each that has time in `[from, to)`, whole. */
  eachIn(
    { from, to }: Interval,
    visit: (state: NodeState, from: number, to: number) => void,
  ): void {
    for (let i = firstRowEndingAfter(this.numbers, numbersEach, from); i < this.length; i++) {
      const begin = numberAt(this.numbers, numbersEach * i);
      if (begin >= to) break;
      visit(this.#stateAt(i), begin, numberAt(this.numbers, numbersEach * i + 1));
    }
  }

  /** The one that an instant lies in; `null` if the node is no member then. */
  containing(instant: number): StateSegment | null {
    const index = firstRowEndingAfter(this.numbers, numbersEach, instant);
    if (index === this.length) return null;
    const found = this.#at(index);
    return found.from <= instant ? found : null;
  }

  /** Those that begin before an instant, the last one without an end if it ends then or later; the same list if nothing is left out. */
  seenBefore(end: number): PackedSegments {
    const last = firstRowEndingAfter(this.numbers, numbersEach, end - 1);
    if (last === this.length) return this;
    const isWhole = last === this.length - 1 && this.numbers[numbersEach * last + 1] === Infinity;
    const begins = numberAt(this.numbers, numbersEach * last) < end;
    if (isWhole && begins) return this;
    const numbers = this.numbers.slice(0, numbersEach * (begins ? last + 1 : last));
    if (begins) numbers[numbersEach * last + 1] = Infinity;
    return new PackedSegments(numbers);
  }

  filter(isWanted: (each: StateSegment) => boolean): PackedSegments {
    const packer = new SegmentPacker();
    for (const each of this) if (isWanted(each)) packer.push(each);
    return packer.packed();
  }

  #at(index: number): StateSegment {
    const first = numbersEach * index;
    return {
      from: numberAt(this.numbers, first),
      to: numberAt(this.numbers, first + 1),
      state: this.#stateAt(index),
    };
  }

  #stateAt(index: number): NodeState {
    const state = nodeStates[numberAt(this.numbers, numbersEach * index + 2)];
    if (state === undefined) throw new RangeError(`segment ${index} has no state`);
    return state;
  }
}

/** Packs segments that come by time. */
export class SegmentPacker {
  readonly #numbers: number[] = [];

  push({ from, to, state }: StateSegment): void {
    this.#numbers.push(from, to, nodeStates.indexOf(state));
  }

  /** Adds a segment of a membership; extends the one before it if that is of the same membership and state. */
  add(memberSince: number, { from, to, state }: StateSegment): void {
    const numbers = this.#numbers;
    const last = numbers.length - numbersEach;
    const isSame =
      last >= 0 &&
      numbers[last + 1] === from &&
      numbers[last + 2] === nodeStates.indexOf(state) &&
      (numbers[last] ?? -Infinity) >= memberSince;
    if (isSame) numbers[last + 1] = to;
    else this.push({ from, to, state });
  }

  packed(): PackedSegments {
    // A copy has no room to grow.
    return new PackedSegments(this.#numbers.slice());
  }
}

/** Pieces of a job's time in one state. */
import type { Interval } from "../arithmetic/intervals.ts";
import { firstRowEndingAfter, numberAt } from "../arithmetic/number-rows.ts";

/** An interval of a job's time in one state; `nodeCount` is the number of nodes held. */
export interface JobPiece extends Interval {
  readonly nodeCount: number;
}

const numbersEach = 3;

/**
 * Disjoint pieces by time, as numbers: a job that runs for a month has thousands between its checkpoints, and as objects they
 * would take four times the memory.
 */
export class PackedPieces implements Iterable<JobPiece> {
  /** Start, end and node count of each. */
  readonly numbers: readonly number[];

  constructor(numbers: readonly number[]) {
    this.numbers = numbers;
  }

  get length(): number {
    return this.numbers.length / numbersEach;
  }

  /** Throws RangeError past the last. */
  at(index: number): JobPiece {
    const first = numbersEach * index;
    const { numbers } = this;
    return {
      from: numberAt(numbers, first),
      to: numberAt(numbers, first + 1),
      nodeCount: numberAt(numbers, first + 2),
    };
  }

  *[Symbol.iterator](): Generator<JobPiece, undefined> {
    for (let i = 0; i < this.length; i++) yield this.at(i);
  }

  /** As JSON they are a list like any other. */
  toJSON(): JobPiece[] {
    return [...this];
  }

  /** Those that have time in the window, whole. */
  touching(window: Interval): JobPiece[] {
    const found: JobPiece[] = [];
    this.eachIn(window, (from, to, nodeCount) => found.push({ from, to, nodeCount }));
    return found;
  }

  /** Calls `visit` with each that has time in the window, whole. */
  eachIn(window: Interval, visit: (from: number, to: number, nodeCount: number) => void): void {
    const { numbers } = this;
    for (let i = firstRowEndingAfter(numbers, numbersEach, window.from); i < this.length; i++) {
      const first = numbersEach * i;
      const from = numberAt(numbers, first);
      if (from >= window.to) break;
      visit(from, numberAt(numbers, first + 1), numberAt(numbers, first + 2));
    }
  }
}

/** Packs pieces that come by time. */
export class PiecePacker {
  readonly #numbers: number[] = [];

  /** Adds a piece unless it is empty; extends the one before it if they touch and hold the same number of nodes. */
  add(from: number, to: number, nodeCount: number): void {
    if (from >= to) return;
    const numbers = this.#numbers;
    const isSame = numbers.at(-1) === nodeCount && numbers.at(-2) === from;
    if (isSame) numbers[numbers.length - 2] = to;
    else numbers.push(from, to, nodeCount);
  }

  packed(): PackedPieces {
    // A copy has no room to grow.
    return new PackedPieces(this.#numbers.slice());
  }
}

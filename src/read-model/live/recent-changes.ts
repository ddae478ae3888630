/** The last changes of a cluster, each with what it changed. */
import { indexAfter } from "../columns/rising.ts";

export class RecentChanges<T> {
  readonly #most: number;
  #sequences: number[] = [];
  #changed: T[] = [];
  /** The last sequence whose change is not kept any more. */
  #forgotten = 0;

  constructor(most: number) {
    this.#most = most;
  }

  /** Sequences come in ascending order; one may come twice. */
  add(sequence: number, changed: T): void {
    this.#sequences.push(sequence);
    this.#changed.push(changed);
    if (this.#sequences.length < 2 * this.#most) return;
    this.#forgotten = this.#sequences[this.#most - 1] ?? this.#forgotten;
    this.#sequences = this.#sequences.slice(this.#most);
    this.#changed = this.#changed.slice(this.#most);
  }

  /** Forgets everything up to a sequence that is not before the last one added. */
  forget(upTo: number): void {
    this.#forgotten = upTo;
    this.#sequences = [];
    this.#changed = [];
  }

  /** What changed after a sequence; `null` if that is not known any more. */
  since(after: number): ReadonlySet<T> | null {
    if (after < this.#forgotten) return null;
    return new Set(this.#changed.slice(indexAfter(this.#sequences, after)));
  }
}

/** What a node was, as a list of spans of time: memberships, time down, in maintenance or unobserved, and faults. */
import { byteAt, doubleAt } from "../arithmetic/invariants.ts";

export const spanKinds = {
  member: 0,
  down: 1,
  maintenance: 2,
  unknown: 3,
  repaired: 4,
  openFault: 5,
} as const;

export class NodeSpans {
  length = 0;
  #kinds = new Uint8Array(256);
  /** Where each begins and ends, one after the other. */
  #bounds = new Float64Array(512);

  clear(): void {
    this.length = 0;
  }

  /** `to` is Infinity for what has not ended. */
  add(kind: number, from: number, to: number): void {
    if (this.length === this.#kinds.length) this.#grow();
    this.#kinds[this.length] = kind;
    this.#bounds[2 * this.length] = from;
    this.#bounds[2 * this.length + 1] = to;
    this.length++;
  }

  kindAt(index: number): number {
    return byteAt(this.#kinds, index);
  }

  fromAt(index: number): number {
    return doubleAt(this.#bounds, 2 * index);
  }

  toAt(index: number): number {
    return doubleAt(this.#bounds, 2 * index + 1);
  }

  #grow(): void {
    const [kinds, bounds] = [this.#kinds, this.#bounds];
    this.#kinds = new Uint8Array(2 * kinds.length);
    this.#kinds.set(kinds);
    this.#bounds = new Float64Array(2 * bounds.length);
    this.#bounds.set(bounds);
  }
}

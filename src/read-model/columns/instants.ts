/** The instants of one segment's events: four bytes each, unless they are too far apart for that. */
import { doubleAt, wordAt } from "../../../projections/arithmetic/invariants.ts";

const maxSpanMs = 0xffff_ffff;

/** One class for both forms: each fact that is folded asks for its instant, and of one class that is compiled to a plain access. */
export class Instants {
  readonly first: number;
  /** What is added to `first`, if that fits. */
  readonly offsets: Uint32Array | null;
  readonly plain: Float64Array;

  constructor({ first, offsets, plain }: InstantParts) {
    this.first = first;
    this.offsets = offsets;
    this.plain = plain;
  }

  at(index: number): number {
    const { offsets } = this;
    return offsets === null ? doubleAt(this.plain, index) : this.first + wordAt(offsets, index);
  }
}

/** What instants are made of, and can be made of again in another thread. */
export type InstantParts = Pick<Instants, "first" | "offsets" | "plain">;

/** The same instants in less memory, if possible, in which other threads may read them. */
export function compactInstants(instants: Float64Array): Instants {
  let first = Infinity;
  let last = -Infinity;
  for (let i = 0; i < instants.length; i++) {
    const instant = doubleAt(instants, i);
    if (instant < first) first = instant;
    if (instant > last) last = instant;
  }
  if (!(last - first <= maxSpanMs)) {
    const plain = new Float64Array(new SharedArrayBuffer(instants.byteLength));
    plain.set(instants);
    return plainInstants(plain);
  }
  const offsets = new Uint32Array(new SharedArrayBuffer(4 * instants.length));
  for (let i = 0; i < instants.length; i++) offsets[i] = doubleAt(instants, i) - first;
  return new Instants({ first, offsets, plain: none });
}

const none = new Float64Array(0);

/** Reads the array directly, so later writes to it are visible. */
export function plainInstants(instants: Float64Array): Instants {
  return new Instants({ first: 0, offsets: null, plain: instants });
}

/** The instants of one segment's events: four bytes each, unless they are too far apart for that. */
import { doubleAt, wordAt } from "../../../projections/arithmetic/invariants.ts";

const maxSpanMs = 0xffff_ffff;

export interface Instants {
  at(index: number): number;
}

/** The same instants in less memory, if possible. */
export function compactInstants(instants: Float64Array): Instants {
  let first = Infinity;
  let last = -Infinity;
  for (let i = 0; i < instants.length; i++) {
    const instant = doubleAt(instants, i);
    if (instant < first) first = instant;
    if (instant > last) last = instant;
  }
  if (!(last - first <= maxSpanMs)) return plainInstants(instants.slice());
  const offsets = new Uint32Array(instants.length);
  for (let i = 0; i < instants.length; i++) offsets[i] = doubleAt(instants, i) - first;
  return { at: (index) => first + wordAt(offsets, index) };
}

/** Reads the array directly, so later writes to it are visible. */
export function plainInstants(instants: Float64Array): Instants {
  return { at: (index) => doubleAt(instants, index) };
}

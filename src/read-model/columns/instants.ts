/** Instants of the events of one segment: four bytes each, unless they lie further apart than that can say. */
import { at } from "../../../projections/arithmetic/invariants.ts";

const maxSpanMs = 0xffff_ffff;

export interface Instants {
  at(index: number): number;
}

/** The same instants in less memory. */
export function compactInstants(instants: Float64Array): Instants {
  let first = Infinity;
  let last = -Infinity;
  for (const at of instants) {
    if (at < first) first = at;
    if (at > last) last = at;
  }
  if (!(last - first <= maxSpanMs)) return plainInstants(instants.slice());
  const offsets = Uint32Array.from(instants, (at) => at - first);
  return { at: (index) => first + at(offsets, index) };
}

/** As they stand; what is written to the array later is seen. */
export function plainInstants(instants: Float64Array): Instants {
  return { at: (index) => at(instants, index) };
}

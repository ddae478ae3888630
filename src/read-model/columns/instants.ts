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
  for (const instant of instants) {
    if (instant < first) first = instant;
    if (instant > last) last = instant;
  }
  if (!(last - first <= maxSpanMs)) return plainInstants(instants.slice());
  const offsets = Uint32Array.from(instants, (instant) => instant - first);
  return { at: (index) => first + at(offsets, index) };
}

/** As they stand; what is written to the array later is seen. */
export function plainInstants(instants: Float64Array): Instants {
  return { at: (index) => at(instants, index) };
}

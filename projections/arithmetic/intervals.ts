/**
 * Half-open intervals `[from, to)` in milliseconds; `to` may be Infinity. A set is a list sorted by time whose
 * intervals are disjoint and not empty.
 */
import { at } from "./invariants.ts";

export interface Interval {
  readonly from: number;
  readonly to: number;
}

/** The union of intervals that are sorted by `from`; intervals that touch become one. */
export function unionSorted(sorted: readonly Interval[]): Interval[] {
  const result: Interval[] = [];
  let open: { from: number; to: number } | null = null;
  for (const { from, to } of sorted) {
    if (from >= to) continue;
    if (open !== null && from <= open.to) {
      if (to > open.to) open.to = to;
    } else {
      open = { from, to };
      result.push(open);
    }
  }
  return result;
}

/** The instants that are in both sets. */
export function intersect(a: readonly Interval[], b: readonly Interval[]): Interval[] {
  const result: Interval[] = [];
  let i = 0;
  let j = 0;
  while (true) {
    const left = a[i];
    const right = b[j];
    if (left === undefined || right === undefined) return result;
    const from = Math.max(left.from, right.from);
    const to = Math.min(left.to, right.to);
    if (from < to) result.push({ from, to });
    if (left.to < right.to) i++;
    else j++;
  }
}

/** The instants of `a` that are not in `b`. */
export function subtract(a: readonly Interval[], b: readonly Interval[]): Interval[] {
  const result: Interval[] = [];
  let j = 0;
  for (const { from: begin, to } of a) {
    let from = begin;
    while ((b[j]?.to ?? Infinity) <= from) j++;
    for (let k = j; from < to; k++) {
      const hole = b[k];
      if (hole === undefined || hole.from >= to) {
        result.push({ from, to });
        break;
      }
      if (hole.from > from) result.push({ from, to: hole.from });
      from = hole.to;
    }
  }
  return result;
}

/** The part of the set that lies in `[from, to)`. */
export function clip(set: readonly Interval[], from: number, to: number): Interval[] {
  const result: Interval[] = [];
  for (let i = firstEndingAfter(set, from); i < set.length; i++) {
    const each = set[i];
    if (each === undefined || each.from >= to) break;
    const begin = Math.max(each.from, from);
    const end = Math.min(each.to, to);
    if (begin < end) result.push({ from: begin, to: end });
  }
  return result;
}

/** Total length; exact while it is below 2^53. */
export function length(set: readonly Interval[]): number {
  let totalMs = 0;
  for (const { from, to } of set) totalMs += to - from;
  return totalMs;
}

/** How much of `[a.from, a.to)` lies in `[from, to)`. */
export function overlapMs(a: Interval, from: number, to: number): number {
  const begin = a.from > from ? a.from : from;
  const end = a.to < to ? a.to : to;
  return end > begin ? end - begin : 0;
}

/** Up to this length, scanning a list is as fast as searching it. */
const shortList = 32;

/** Per list sorted by `from`: for each index, the latest end of the intervals up to it. */
const reaches = new WeakMap<readonly Interval[], Float64Array>();

/**
 * The intervals that begin before `to` and end after `from`, of a list that is sorted by `from` and never changed; they
 * may overlap. After the first call, intervals that ended long before cost nothing.
 */
export function touching<T extends Interval>(
  list: readonly T[],
  from: number,
  to: number,
): readonly T[] {
  if (list.length <= shortList) return list.filter((each) => each.from < to && each.to > from);
  const end = firstBeginningAtOrAfter(list, to);
  if (end === 0) return [];
  let reach = reaches.get(list);
  if (reach === undefined) {
    reach = reachOf(list);
    reaches.set(list, reach);
  }
  let low = 0;
  let high = end;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (at(reach, middle) > from) high = middle;
    else low = middle + 1;
  }
  const found: T[] = [];
  for (let i = low; i < end; i++) {
    const each = list[i];
    if (each !== undefined && each.to > from) found.push(each);
  }
  return found;
}

function firstBeginningAtOrAfter(list: readonly Interval[], instant: number): number {
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (at(list, middle).from >= instant) high = middle;
    else low = middle + 1;
  }
  return low;
}

function reachOf(list: readonly Interval[]): Float64Array {
  const reach = new Float64Array(list.length);
  let farthest = -Infinity;
  for (let i = 0; i < list.length; i++) {
    farthest = Math.max(farthest, at(list, i).to);
    reach[i] = farthest;
  }
  return reach;
}

/** Index of the first interval of a sorted, disjoint list that ends after the instant; its length if none does. */
export function firstEndingAfter(sorted: readonly Interval[], instant: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (at(sorted, middle).to > instant) high = middle;
    else low = middle + 1;
  }
  return low;
}

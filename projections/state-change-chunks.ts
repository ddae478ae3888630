/** Changes of state in chunks, and sums over chunks, for `state-changes.ts`. A change is a time and a code of the two states. */
import type { NodeState } from "./node-timeline.ts";

const states = [
  "in-service",
  "down",
  "maintenance",
  "unknown",
] as const satisfies readonly NodeState[];
/** In a change: no member. */
export const noMember = 4;
export const low = 2 ** 20;
const highOf = 2 ** -20;
/** Per state: the sums of d, of d x high part of t, and of d x low part of t. */
export const sumsPerState = 3;
export const sumCount = states.length * sumsPerState;
/** Changes in a chunk: a query scans at most one chunk at each end of its window. */
export const chunkCapacity = 512;
/** Chunks in a block: an insertion goes through the prefix sums of one block and of the blocks. */
export const blockCapacity = 256;

/** The code of a change between two states; `null` for no member. */
export function changeCode(from: NodeState | null, to: NodeState | null): number {
  return (
    (from === null ? noMember : states.indexOf(from)) * 8 +
    (to === null ? noMember : states.indexOf(to))
  );
}

/** The number of the state that a change leads to: its place among the states, or `noMember`. */
export function stateAfter(code: number): number {
  return code & 7;
}

export class Chunk {
  readonly times = new Float64Array(chunkCapacity);
  readonly codes = new Uint8Array(chunkCapacity);
  size = 0;
}

export class Block {
  readonly chunks: Chunk[] = [];
  /** Sums over the chunks before each, and over all at the end. */
  readonly prefix = new Float64Array((blockCapacity + 1) * sumCount);

  sumUp(): void {
    const sums = new Float64Array(sumCount);
    for (let i = 0; i < this.chunks.length; i++) {
      this.prefix.set(sums, i * sumCount);
      const chunk = this.chunks[i];
      if (chunk !== undefined) addChanges(chunk, 0, chunk.size, 1, sums);
    }
    this.prefix.set(sums, this.chunks.length * sumCount);
  }
}

/** Adds `times` times what the chunk's changes from place `begin` up to `end` contribute to the sums. */
export function addChanges(
  chunk: Chunk,
  begin: number,
  end: number,
  times: number,
  sums: Float64Array,
): void {
  for (let i = begin; i < end; i++) {
    addChange(sums, 0, chunk.codes[i] ?? 0, chunk.times[i] ?? 0, times);
  }
}

export function addChange(
  sums: Float64Array,
  place: number,
  code: number,
  time: number,
  times: number,
): void {
  const high = Math.floor(time * highOf);
  const rest = time - high * low;
  addTo(sums, place, code >> 3, -times, high, rest);
  addTo(sums, place, code & 7, times, high, rest);
}

function addTo(
  sums: Float64Array,
  place: number,
  state: number,
  count: number,
  high: number,
  rest: number,
): void {
  if (state === noMember) return;
  const at = place + state * sumsPerState;
  sums[at] = (sums[at] ?? 0) + count;
  sums[at + 1] = (sums[at + 1] ?? 0) + count * high;
  sums[at + 2] = (sums[at + 2] ?? 0) + count * rest;
}

export function chunkOf(block: Block, time: number): number {
  return lastBeginningBefore(block.chunks.length, (i) => firstTime(block.chunks[i]), time);
}

export function firstTime(chunk: Chunk | undefined): number {
  return chunk === undefined || chunk.size === 0 ? -Infinity : (chunk.times[0] ?? -Infinity);
}

export function lastBeginningBefore(
  length: number,
  begins: (i: number) => number,
  time: number,
): number {
  let first = 0;
  let last = length - 1;
  while (first < last) {
    const middle = (first + last + 1) >>> 1;
    if (begins(middle) < time) first = middle;
    else last = middle - 1;
  }
  return first;
}

export function firstAtOrAfter(chunk: Chunk, time: number): number {
  let first = 0;
  let last = chunk.size;
  while (first < last) {
    const middle = (first + last) >>> 1;
    if ((chunk.times[middle] ?? 0) < time) first = middle + 1;
    else last = middle;
  }
  return first;
}

/**
 * Node-time by state over any window, from the changes of state of a whole scope. The time in a state up
 * to T is the sum of d x (T - t) over its changes before T, so sums of d and of d x t over chunks of
 * changes answer a window from two places. Times are split at 2^20 ms, which keeps every sum below 2^53
 * and the result exact. A change takes nine bytes, and its share of the chunk's sums.
 */
import type { NodeTime } from "./nis.ts";
import type { NodeState, NodeTimeline } from "./node-timeline.ts";
import type { Window } from "./period.ts";
import { exact } from "./ratio.ts";
import {
  addChange,
  addChanges,
  Block,
  blockCapacity,
  changeCode,
  Chunk,
  chunkCapacity,
  chunkOf,
  firstAtOrAfter,
  firstTime,
  lastBeginningBefore,
  low,
  sumCount,
  sumsPerState,
} from "./state-change-chunks.ts";

/** Changes of state by time: `codes[i]` says from which state to which. */
export interface StateChanges {
  readonly times: Float64Array;
  readonly codes: Uint8Array;
}

/** The changes of one node, by time. */
export function stateChangesOf(timeline: NodeTimeline): StateChanges {
  const times: number[] = [];
  const codes: number[] = [];
  let before: NodeState | null = null;
  let until = -Infinity;
  for (const { from, to, state } of timeline.segments) {
    if (before !== null && until < from) {
      times.push(until);
      codes.push(changeCode(before, null));
      before = null;
    }
    if (before !== state) {
      times.push(from);
      codes.push(changeCode(before, state));
    }
    before = state;
    until = to;
  }
  if (before !== null && until < Infinity) {
    times.push(until);
    codes.push(changeCode(before, null));
  }
  return { times: Float64Array.from(times), codes: Uint8Array.from(codes) };
}

/** The changes of a scope, kept in order of time. */
export class StateChangeIndex {
  private readonly blocks: Block[] = [];
  /** Sums over the blocks before each, and over all at the end. */
  private prefix = new Float64Array(2 * sumCount);
  private readonly atFrom = new Float64Array(sumCount);
  private readonly atTo = new Float64Array(sumCount);
  size = 0;

  /** Begins with changes that are in order of time. */
  constructor(times: ArrayLike<number> = [], codes: ArrayLike<number> = []) {
    const fill = Math.floor((chunkCapacity * 3) / 4);
    let block = new Block();
    this.blocks.push(block);
    block.chunks.push(new Chunk());
    for (let begin = 0; begin < times.length; begin += fill) {
      const chunk = new Chunk();
      chunk.size = Math.min(fill, times.length - begin);
      for (let i = 0; i < chunk.size; i++) {
        chunk.times[i] = times[begin + i] ?? 0;
        chunk.codes[i] = codes[begin + i] ?? 0;
      }
      if (begin === 0) block.chunks.pop();
      if (block.chunks.length >= (blockCapacity * 3) / 4) this.blocks.push((block = new Block()));
      block.chunks.push(chunk);
    }
    this.size = times.length;
    for (const each of this.blocks) each.sumUp();
    this.sumUpBlocks();
  }

  /** Node-time by state within the window. Throws FigureTooLarge past 2^53 - 1. */
  nodeTime({ from, to }: Window): NodeTime {
    this.sumsBefore(from, this.atFrom);
    this.sumsBefore(to, this.atTo);
    const inServiceNodeMs = this.between(0, from, to);
    const downNodeMs = this.between(1, from, to);
    const maintenanceNodeMs = this.between(2, from, to);
    const unknownNodeMs = this.between(3, from, to);
    const memberNodeMs = exact(
      inServiceNodeMs + downNodeMs + maintenanceNodeMs + unknownNodeMs,
      "member node-time",
    );
    return { memberNodeMs, inServiceNodeMs, downNodeMs, maintenanceNodeMs, unknownNodeMs };
  }

  private between(state: number, from: number, to: number): number {
    const at = state * sumsPerState;
    const [a, b] = [this.atFrom, this.atTo];
    const [fromHigh, toHigh] = [Math.floor(from / low), Math.floor(to / low)];
    const [countBefore, countAfter] = [a[at] ?? 0, b[at] ?? 0];
    const high =
      toHigh * countAfter - fromHigh * countBefore - ((b[at + 1] ?? 0) - (a[at + 1] ?? 0));
    const rest =
      (to - toHigh * low) * countAfter -
      (from - fromHigh * low) * countBefore -
      ((b[at + 2] ?? 0) - (a[at + 2] ?? 0));
    return high * low + rest;
  }

  private sumsBefore(T: number, sums: Float64Array): void {
    const blockPlace = this.blockOf(T);
    const block = this.blocks[blockPlace];
    if (block === undefined) return;
    const chunkPlace = chunkOf(block, T);
    const chunk = block.chunks[chunkPlace];
    const place = chunk === undefined ? 0 : firstAtOrAfter(chunk, T);
    // From the nearer end of the chunk: what lies before T, or all of it less what does not.
    const fromEnd = chunk !== undefined && place > chunk.size / 2;
    const outer = blockPlace * sumCount;
    const inner = (fromEnd ? chunkPlace + 1 : chunkPlace) * sumCount;
    for (let i = 0; i < sumCount; i++) {
      sums[i] = (this.prefix[outer + i] ?? 0) + (block.prefix[inner + i] ?? 0);
    }
    if (chunk === undefined) return;
    if (fromEnd) addChanges(chunk, place, chunk.size, -1, sums);
    else addChanges(chunk, 0, place, 1, sums);
  }

  /** Puts a change in its place, however late it comes. */
  insert(time: number, code: number): void {
    const blockPlace = this.blockOf(time);
    const block = this.blocks[blockPlace];
    if (block === undefined) return;
    const chunkPlace = chunkOf(block, time);
    const chunk = block.chunks[chunkPlace];
    if (chunk === undefined) return;
    const place = firstAtOrAfter(chunk, time);
    chunk.times.copyWithin(place + 1, place, chunk.size);
    chunk.codes.copyWithin(place + 1, place, chunk.size);
    chunk.times[place] = time;
    chunk.codes[place] = code;
    chunk.size++;
    this.size++;
    this.shift(blockPlace, chunkPlace, code, time, 1);
    if (chunk.size === chunkCapacity) this.splitChunk(blockPlace, chunkPlace);
  }

  /** Takes a change out. Throws a RangeError if it is not there. */
  remove(time: number, code: number): void {
    // Changes of one instant may reach over several chunks; the last that begins before it, and those after, hold them all.
    for (let b = this.blockOf(time); b < this.blocks.length; b++) {
      const block = this.blocks[b];
      if (block === undefined || (b > 0 && firstTime(block.chunks[0]) > time)) break;
      for (let c = chunkOf(block, time); c < block.chunks.length; c++) {
        const chunk = block.chunks[c];
        if (chunk === undefined || (chunk.times[0] ?? 0) > time) break;
        for (let i = firstAtOrAfter(chunk, time); i < chunk.size && chunk.times[i] === time; i++) {
          if (chunk.codes[i] === code) {
            this.removeAt(b, c, i);
            return;
          }
        }
      }
    }
    throw new RangeError(`no change ${code} at ${time}`);
  }

  private removeAt(blockPlace: number, chunkPlace: number, place: number): void {
    const block = this.blocks[blockPlace];
    const chunk = block?.chunks[chunkPlace];
    if (block === undefined || chunk === undefined) return;
    this.shift(blockPlace, chunkPlace, chunk.codes[place] ?? 0, chunk.times[place] ?? 0, -1);
    chunk.times.copyWithin(place, place + 1, chunk.size);
    chunk.codes.copyWithin(place, place + 1, chunk.size);
    chunk.size--;
    this.size--;
    if (chunk.size > 0) return;
    if (block.chunks.length > 1) {
      block.chunks.splice(chunkPlace, 1);
      block.sumUp();
    } else if (this.blocks.length > 1) {
      this.blocks.splice(blockPlace, 1);
      this.sumUpBlocks();
    }
  }

  /** Takes the change into the sums of what comes after it. */
  private shift(
    blockPlace: number,
    chunkPlace: number,
    code: number,
    time: number,
    times: number,
  ): void {
    const block = this.blocks[blockPlace];
    if (block === undefined) return;
    for (let i = chunkPlace + 1; i <= block.chunks.length; i++)
      addChange(block.prefix, i * sumCount, code, time, times);
    for (let i = blockPlace + 1; i <= this.blocks.length; i++)
      addChange(this.prefix, i * sumCount, code, time, times);
  }

  private splitChunk(blockPlace: number, chunkPlace: number): void {
    const block = this.blocks[blockPlace];
    const full = block?.chunks[chunkPlace];
    if (block === undefined || full === undefined) return;
    const half = chunkCapacity / 2;
    const later = new Chunk();
    later.times.set(full.times.subarray(half, full.size));
    later.codes.set(full.codes.subarray(half, full.size));
    later.size = full.size - half;
    full.size = half;
    block.chunks.splice(chunkPlace + 1, 0, later);
    if (block.chunks.length === blockCapacity) {
      const next = new Block();
      next.chunks.push(...block.chunks.splice(blockCapacity / 2));
      this.blocks.splice(blockPlace + 1, 0, next);
      next.sumUp();
      block.sumUp();
      this.sumUpBlocks();
    } else {
      block.sumUp();
    }
  }

  private sumUpBlocks(): void {
    this.prefix = new Float64Array((this.blocks.length + 1) * sumCount);
    const sums = new Float64Array(sumCount);
    this.blocks.forEach((block, i) => {
      this.prefix.set(sums, i * sumCount);
      const total = block.chunks.length * sumCount;
      for (let k = 0; k < sumCount; k++) sums[k] = (sums[k] ?? 0) + (block.prefix[total + k] ?? 0);
    });
    this.prefix.set(sums, this.blocks.length * sumCount);
  }

  /** Place of the last block that begins before the instant; 0 if none does. */
  private blockOf(time: number): number {
    return lastBeginningBefore(
      this.blocks.length,
      (i) => firstTime(this.blocks[i]?.chunks[0]),
      time,
    );
  }
}

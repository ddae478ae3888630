/**
 * Nodes whose sums another thread may make. Both threads see the same memory, and agree by one word of it who does the work: a
 * part is begun by the other thread, or taken back by the one that offered it, whichever comes first. What was taken back may
 * change at once, so the other thread does not look at it any more.
 */
import type { InstantParts } from "../columns/instants.ts";
import type { NamedIds } from "../columns/named-ids.ts";
import type { SequenceList } from "./gathering.ts";

const states = { offered: 0, sorting: 1, begun: 2, made: 3, takenBack: 4, failed: 5 } as const;

/** A word that is one of `states`. */
export type PartState = Int32Array;

/** The facts of the nodes, which the other thread may sort before the rest is known. */
export interface OfferedList extends SequenceList {
  readonly state: PartState;
  /** Tells lists apart: an object is another one in another thread. */
  readonly number: number;
}

export interface OfferedPart {
  readonly list: OfferedList;
  /** Where the facts of each node begin in the list, and those of the last one end. */
  readonly begins: Uint32Array;
  readonly segments: readonly PartColumns[];
  readonly edges: readonly number[];
  /** A row of sums (projections/figures/series/node-sums.ts), zeros before. */
  readonly sums: Float64Array;
  /** How many nodes integers do not tell, then the index of each. */
  readonly others: Uint32Array;
}

/** `IntegerColumns`, with the instants in parts: an object of a class does not go to another thread. */
interface PartColumns {
  readonly types: Uint8Array;
  readonly instants: InstantParts;
  readonly named: NamedIds;
}

let lists = 0;

export function offeredList(list: SequenceList): OfferedList {
  return { ...list, state: new Int32Array(new SharedArrayBuffer(4)), number: ++lists };
}

function moved(state: PartState, from: number, to: number): boolean {
  if (Atomics.compareExchange(state, 0, from, to) !== from) return false;
  Atomics.notify(state, 0);
  return true;
}

/** Called by the thread that it was offered to, and `endSort` when it has sorted the list; `false` if it was taken back. */
export function beginSort({ state }: OfferedList): boolean {
  return moved(state, states.offered, states.sorting);
}

export function endSort({ state }: OfferedList): void {
  moved(state, states.sorting, states.offered);
}

/** Called by the thread that it was offered to; `false` if it was taken back. */
export function beginPart({ list }: OfferedPart): boolean {
  return moved(list.state, states.offered, states.begun);
}

export function endPart({ list }: OfferedPart): void {
  moved(list.state, states.begun, states.made);
}

/** Called when the thread that a part was offered to has ended. */
export function abandonPart(state: PartState): void {
  moved(state, states.sorting, states.failed);
  moved(state, states.begun, states.failed);
}

/** Whether the thread that a part was offered to may still begin it or work on it. */
export function isOpenPart(state: PartState): boolean {
  return Atomics.load(state, 0) <= states.begun;
}

/** Whether the thread that a part was offered to works on it. */
export function isUnderWay(state: PartState): boolean {
  return isOpenPart(state) && Atomics.load(state, 0) !== states.offered;
}

export function isMadePart({ list }: OfferedPart): boolean {
  return Atomics.load(list.state, 0) === states.made;
}

/** Takes a part back, if the other thread does not work on it; `false` if it does, after waiting for so many milliseconds. */
export function settlePart(part: OfferedPart, waitMs: number): boolean {
  const { state } = part.list;
  if (moved(state, states.offered, states.takenBack) || !isOpenPart(state)) return true;
  Atomics.wait(state, 0, Atomics.load(state, 0), waitMs);
  return !isOpenPart(state);
}

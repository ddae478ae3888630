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
  /** The number of nodes that integers do not tell, then their indexes. */
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

/** Changes the word from one to the other, if it is the first; returns whether it was. */
function change(state: PartState, from: number, to: number): boolean {
  if (Atomics.compareExchange(state, 0, from, to) !== from) return false;
  Atomics.notify(state, 0);
  return true;
}

/** Called by the thread that it was offered to, and `endSort` when it has sorted the list; `false` if it was taken back. */
export function beginSort(state: PartState): boolean {
  return change(state, states.offered, states.sorting);
}

export function endSort(state: PartState): void {
  change(state, states.sorting, states.offered);
}

/** Called by the thread that it was offered to, and `endPart` when the sums are made; `false` if it was taken back. */
export function beginPart(state: PartState): boolean {
  return change(state, states.offered, states.begun);
}

export function endPart(state: PartState): void {
  change(state, states.begun, states.made);
}

/** Notes that the thread that it was offered to has ended: what was under way there, nobody goes on with. */
export function abandonPart(state: PartState): void {
  change(state, states.sorting, states.failed);
  change(state, states.begun, states.failed);
}

/** Called by the thread that has offered it; `false` if the other one is at it, or was. */
export function takeBack(state: PartState): boolean {
  return change(state, states.offered, states.takenBack);
}

/** Whether the thread that it was offered to is at it. */
export function isUnderWay(state: PartState): boolean {
  return isWork(Atomics.load(state, 0));
}

/** Whether that thread is at it, or may still begin. The word is read once: it may change between two looks. */
export function isOpen(state: PartState): boolean {
  const now = Atomics.load(state, 0);
  return now === states.offered || isWork(now);
}

function isWork(state: number): boolean {
  return state === states.sorting || state === states.begun;
}

export function isMade(state: PartState): boolean {
  return Atomics.load(state, 0) === states.made;
}

/** Waits until the other thread has gone on, for so many milliseconds at most. */
export function waitFor(state: PartState, atMostMs: number): void {
  const now = Atomics.load(state, 0);
  if (isWork(now)) Atomics.wait(state, 0, now, atMostMs);
}

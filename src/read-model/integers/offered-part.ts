/**
 * Nodes whose sums another thread may make. Both threads see the same memory, and agree by one word of it who does the work: a
 * part is begun by the other thread, or taken back by the one that offered it, whichever comes first.
 */
import type { InstantParts } from "../columns/instants.ts";
import type { NamedIds } from "../columns/named-ids.ts";

const states = { offered: 0, begun: 1, done: 2, takenBack: 3, failed: 4 } as const;

export interface OfferedPart {
  /** One of `states`. */
  readonly state: Int32Array;
  /** The facts of its nodes, and where those of each node begin and those of the last one end. */
  readonly sequences: Uint32Array;
  readonly begins: Uint32Array;
  readonly segmentEvents: number;
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

export function newState(): Int32Array {
  return new Int32Array(new SharedArrayBuffer(4));
}

type Stated = Pick<OfferedPart, "state">;

function moved({ state }: Stated, from: number, to: number): boolean {
  if (Atomics.compareExchange(state, 0, from, to) !== from) return false;
  Atomics.notify(state, 0);
  return true;
}

/** Called by the thread that it was offered to; `false` if it was taken back. */
export function beginPart(part: Stated): boolean {
  return moved(part, states.offered, states.begun);
}

/** Unless it `isDone`, nobody goes on with it. */
export function endPart(part: Stated, isDone: boolean): void {
  moved(part, states.begun, isDone ? states.done : states.failed);
}

/** Called by the thread that offered it; `false` if the other one has begun. */
export function takeBackPart(part: Stated): boolean {
  return moved(part, states.offered, states.takenBack);
}

/** Whether the thread that it was offered to may still work on it. */
export function isOpenPart({ state }: Stated): boolean {
  return Atomics.load(state, 0) <= states.begun;
}

/** Whether its sums were made, were not and will not be, or may come; for the last, waits for so many milliseconds. */
export function outcomeOfPart({ state }: Stated, waitMs: number): "done" | "failed" | "open" {
  Atomics.wait(state, 0, states.begun, waitMs);
  const now = Atomics.load(state, 0);
  if (now === states.done) return "done";
  return now === states.begun ? "open" : "failed";
}

/**
 * The index of a cluster's state changes at the head: node-time over any window without folding
 * anything. A node that changed costs what differs between its states before and after, however late
 * the fact was.
 */
import type { NodeTime } from "../../projections/nis.ts";
import type { NodeColumns } from "../../projections/node-columns.ts";
import type { NodeTimeline } from "../../projections/node-timeline.ts";
import type { Window } from "../../projections/period.ts";
import { StateChangeIndex, stateChangesOf } from "../../projections/state-changes.ts";
import type { StateChanges } from "../../projections/state-changes.ts";

/** States, and no member; the square of it times the last millisecond of the year 9999 is below 2^53. */
const stateCount = 5;
const codeCount = stateCount * stateCount;

const none: StateChanges = { times: new Float64Array(), codes: new Uint8Array() };

export class ClusterStateChanges {
  #index: StateChangeIndex | null = null;
  /** What of each node is in the index, by its name. */
  readonly #ofNodes = new Map<string, StateChanges>();

  /** Changes of state in the index. */
  get size(): number {
    return this.#index?.size ?? 0;
  }

  get isBuilt(): boolean {
    return this.#index !== null;
  }

  /** Takes every node, by name: all at once is many times as quick as one by one. */
  build(nodes: ReadonlyMap<string, NodeColumns>): void {
    this.#ofNodes.clear();
    for (const [name, { changes }] of nodes) this.#ofNodes.set(name, changes);
    this.#index = indexOf([...this.#ofNodes.values()]);
  }

  /** Takes the timelines of nodes that may have changed, by name; `null` for a node that no fact is about any more. */
  update(nodes: Iterable<readonly [string, NodeTimeline | null]>): void {
    const index = (this.#index ??= new StateChangeIndex());
    for (const [name, timeline] of nodes) {
      const after = timeline === null ? none : stateChangesOf(timeline);
      replace(index, this.#ofNodes.get(name) ?? none, after);
      this.#ofNodes.set(name, after);
    }
  }

  /** Node-time by state within the window. */
  nodeTime(window: Window): NodeTime {
    return (this.#index ??= new StateChangeIndex()).nodeTime(window);
  }
}

/** Numbers are sorted many times as quick as objects, so each is a time with its code. */
function indexOf(lists: readonly StateChanges[]): StateChangeIndex {
  const size = lists.reduce((sum, { times }) => sum + times.length, 0);
  const packed = new Float64Array(size);
  let place = 0;
  for (const { times, codes } of lists) {
    for (let i = 0; i < times.length; i++) {
      const code = codes[i] ?? 0;
      packed[place++] = (times[i] ?? 0) * codeCount + (code >> 3) * stateCount + (code & 7);
    }
  }
  packed.sort();
  const codes = new Uint8Array(size);
  for (let i = 0; i < size; i++) {
    const time = Math.floor((packed[i] ?? 0) / codeCount);
    const code = (packed[i] ?? 0) - time * codeCount;
    codes[i] = Math.floor(code / stateCount) * 8 + (code % stateCount);
    packed[i] = time;
  }
  return new StateChangeIndex(packed, codes);
}

/** Puts `after` in the place of `before`; what both begin and end with stays. */
function replace(index: StateChangeIndex, before: StateChanges, after: StateChanges): void {
  const same = (i: number, j: number): boolean =>
    before.times[i] === after.times[j] && before.codes[i] === after.codes[j];
  const shorter = Math.min(before.times.length, after.times.length);
  let begin = 0;
  while (begin < shorter && same(begin, begin)) begin++;
  let end = 0;
  while (
    end < shorter - begin &&
    same(before.times.length - 1 - end, after.times.length - 1 - end)
  ) {
    end++;
  }
  for (let i = begin; i < before.times.length - end; i++) {
    index.remove(before.times[i] ?? 0, before.codes[i] ?? 0);
  }
  for (let i = begin; i < after.times.length - end; i++) {
    index.insert(after.times[i] ?? 0, after.codes[i] ?? 0);
  }
}

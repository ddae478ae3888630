/** The memory of one answer that gathers facts, kept for the next one: pages that are used again need not be cleared. */
import { keptRoomMs } from "../../limits/read-model.ts";
import type { NamedIds } from "../columns/named-ids.ts";
import { Gathering, roomFor } from "./gathering.ts";
import { stateCodeOf } from "./sum-thread.ts";

export class Room {
  readonly gathering = new Gathering(stateCodeOf);
  /** In memory that another thread may read. */
  sequences = sharedWords(0);
  #ids = sharedWords(0);

  /** Makes room for the sequences of so many facts. */
  reserve(facts: number): void {
    if (this.sequences.length < facts) this.sequences = sharedWords(roomFor(facts));
  }

  /** The same ids, in memory that another thread may read; they hold until the next call. */
  sharedIds(lists: readonly NamedIds[]): NamedIds[] {
    const count = lists.reduce((sum, { indexes, words }) => sum + indexes.length + words.length, 0);
    if (this.#ids.length < count) this.#ids = sharedWords(count);
    let used = 0;
    const copied = (list: Uint32Array): Uint32Array => {
      this.#ids.set(list, used);
      used += list.length;
      return this.#ids.subarray(used - list.length, used);
    };
    return lists.map(({ indexes, words }) => ({ indexes: copied(indexes), words: copied(words) }));
  }
}

function sharedWords(count: number): Uint32Array {
  return new Uint32Array(new SharedArrayBuffer(4 * count));
}

/** What the last answer used, for a while. */
let spare: Room | null = null;
let letGo: NodeJS.Timeout | undefined;

export function takeRoom(): Room {
  const room = spare;
  spare = null;
  return room ?? new Room();
}

export function giveRoom(room: Room): void {
  spare = room;
  clearTimeout(letGo);
  letGo = setTimeout(() => (spare = null), keptRoomMs).unref();
}

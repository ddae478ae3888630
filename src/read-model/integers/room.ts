/** The memory of one answer that gathers facts, kept for the next one: pages that are used again need not be cleared. */
import { keptRoomMs } from "../../limits/read-model.ts";
import type { NamedIds } from "../columns/named-ids.ts";
import { Gathering, roomFor } from "./gathering.ts";
import { stateCodeOf } from "./sum-thread.ts";

/** Words of ids in a block: a megabyte. */
const idWordsTogether = 262_144;

export class Room {
  readonly gathering = new Gathering(stateCodeOf);
  /** In memory that another thread may read. */
  sequences = sharedWords(0);
  /** Blocks of memory for ids, filled one after the other. */
  readonly #blocks: Uint32Array[] = [];
  #block = 0;
  #used = 0;

  /** Makes room for the sequences of so many facts. */
  reserve(facts: number): void {
    if (this.sequences.length < facts) this.sequences = sharedWords(roomFor(facts));
  }

  /** Gives up the ids that were shared so far: their memory is used again. */
  clearIds(): void {
    this.#block = 0;
    this.#used = 0;
  }

  /** The same ids, in memory that another thread may read; they hold until they are cleared. */
  sharedIds({ indexes, words }: NamedIds): NamedIds {
    return { indexes: this.#shared(indexes), words: this.#shared(words) };
  }

  #shared(list: Uint32Array): Uint32Array {
    for (; ; this.#block++, this.#used = 0) {
      const block = this.#blocks[this.#block] ?? this.#newBlock(list.length);
      const end = this.#used + list.length;
      if (end > block.length) continue;
      block.set(list, this.#used);
      this.#used = end;
      return block.subarray(end - list.length, end);
    }
  }

  #newBlock(atLeast: number): Uint32Array {
    const block = sharedWords(Math.max(idWordsTogether, atLeast));
    this.#blocks.push(block);
    return block;
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

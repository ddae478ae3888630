/** Reads what is kept of full blocks. */
import { LedgerError } from "../../../errors.ts";
import { readIds, readNamed, readStreams, readSummary, tellRunEnds } from "./block-bytes.ts";
import type { BlockIds, BlockSummary, StreamRun } from "./block-bytes.ts";
import type { LookupRows } from "./lookup-rows.ts";
import { namePart, parts, streamPart, streamParts } from "./places.ts";
import type { SeededHash } from "./seeded-hash.ts";

const none = new Uint16Array();

export class FullBlocks {
  readonly blockEvents: number;
  readonly #rows: LookupRows;
  readonly #hash: SeededHash;
  /** How many there are, as far as is known. */
  count = 0;

  constructor(rows: LookupRows, hash: SeededHash, blockEvents: number) {
    this.#rows = rows;
    this.#hash = hash;
    this.blockEvents = blockEvents;
  }

  /** Counts them again: another process may have added some. */
  recount(): number {
    this.count = this.#rows.blockCount();
    return this.count;
  }

  summary(block: number): BlockSummary {
    return readSummary(this.#part(block, parts.summary));
  }

  ids(block: number): BlockIds {
    return readIds(this.#part(block, parts.ids), this.blockEvents);
  }

  /**
   * Tells the hash of each run's stream and the offset of its last event. Throws `corrupt-event` if the runs do not have
   * all events of the block.
   */
  tellRunEnds(block: number, tell: (low: number, high: number, lastOffset: number) => void): void {
    let events = 0;
    for (let part = parts.streams; part < parts.streams + streamParts; part++) {
      const bytes = this.#rows.part(block, part);
      if (bytes !== null) events += tellRunEnds(bytes, tell);
    }
    if (events !== this.blockEvents) {
      throw new LedgerError("corrupt-event", `lookups of block ${block + 1} are missing`);
    }
  }

  /** The runs that may be of a stream: usually none or one. */
  runsOf(block: number, stream: string): StreamRun[] {
    this.#hash.ofName(stream);
    const [low, high] = [this.#hash.low >>> 0, this.#hash.high >>> 0];
    const bytes = this.#rows.part(block, streamPart(high));
    if (bytes === null) return [];
    return [...readStreams(bytes)].filter((run) => run.low === low && run.high === high);
  }

  /** The offsets of the events of a type or a cluster, by its name in places.ts. */
  offsetsOf(block: number, name: string): Uint16Array {
    this.#hash.ofName(name);
    const bytes = this.#rows.part(block, namePart(this.#hash.high));
    return bytes === null ? none : readNamed(bytes, name);
  }

  #part(block: number, part: number): Buffer {
    const bytes = this.#rows.part(block, part);
    if (bytes === null) throw new LedgerError("internal", "a block has no such part");
    return bytes;
  }
}

/**
 * What finds events: by id, by stream, by type and by cluster. Full blocks stand in the table of lookups, the events since then
 * in memory. Ids are in memory by their hashes, since an append asks for each of its ids; a hit only says where an id may be,
 * and the row decides.
 */
import { at } from "../../../../projections/arithmetic/invariants.ts";
import { idBlocksTogether, scanRowsPerTurn, shardsPerTurn } from "../../../limits/store.ts";
import type { CheckedEvent } from "../../../events/envelope.ts";
import type { EventFilter, LedgerHead } from "../../port.ts";
import type { EventRows } from "../rows/event-rows.ts";
import type { RawEvent } from "../rows/row-codec.ts";
import { corrupt } from "../rows/row-codec.ts";
import type { StreamRun } from "./block-bytes.ts";
import { blockMatches } from "./block-matches.ts";
import type { BlockMatches } from "./block-matches.ts";
import type { FullBlocks } from "./full-blocks.ts";
import { HashedSequences, shardCount } from "./hashed-sequences.ts";
import { clusterIn, clusterOf, isCorrectionType } from "../rows/looked-up.ts";
import type { LookedUp } from "../rows/looked-up.ts";
import { OpenBlock } from "./open-block.ts";
import type { SeededHash } from "./seeded-hash.ts";

export class LedgerIndex {
  readonly #rows: EventRows;
  readonly #full: FullBlocks;
  readonly #hash: SeededHash;
  readonly #ids = new HashedSequences();
  #hasIds = false;
  /** The last event of each stream in full blocks; `null` until they are loaded, as only a writer does. */
  #streamEnds: HashedSequences | null = null;
  #open: OpenBlock[] = [];
  /** Called before looking at rows, because those of the current transaction may not be flushed yet. */
  beforeLook: () => void = () => undefined;
  #sequence = 0;
  #recordedAt = 0;

  constructor(rows: EventRows, full: FullBlocks, hash: SeededHash) {
    this.#rows = rows;
    this.#full = full;
    this.#hash = hash;
    this.#begin();
  }

  head(): LedgerHead {
    return { sequence: this.#sequence, recordedAt: this.#recordedAt };
  }

  /** Blocks that are full and not stored yet. */
  get unstored(): readonly OpenBlock[] {
    return this.#open.filter(({ count }) => count === this.#full.blockEvents);
  }

  /** Loads everything that a writer needs. Throws `corrupt-event`. */
  async load(): Promise<void> {
    this.#begin();
    this.#streamEnds = new HashedSequences();
    await this.#loadIds();
    for (let block = 0; block < this.#full.count; block++) {
      this.#noteStreamEnds(block);
      await nextTurn();
    }
    await this.catchUp();
  }

  /** Adds all rows that the index lacks, without blocking the event loop. Throws `corrupt-event` at a gap. */
  async catchUp(): Promise<void> {
    while (this.#takeTurn()) await nextTurn();
  }

  /** The same, and loads ids that were not needed before. */
  async catchUpIds(): Promise<void> {
    if (!this.#hasIds) await this.#loadIds();
    await this.catchUp();
  }

  /** Adds an event at the next sequence, which it returns. */
  add(event: LookedUp): number {
    const sequence = this.#sequence + 1;
    this.#last.add(event, this.#hash);
    if (this.#hasIds) this.#ids.add(this.#hash.low, this.#hash.high, sequence);
    this.#sequence = sequence;
    if (event.recordedAt > this.#recordedAt) this.#recordedAt = event.recordedAt;
    return sequence;
  }

  /** Adds an event that is being appended. */
  addNew(event: CheckedEvent, stream: string, revision: number, recordedAt: number): number {
    const { id, type, occurredAt, data } = event;
    const cluster = isCorrectionType(type) ? this.clusterOfStream(stream) : clusterIn(data);
    return this.add({ id, stream, revision, type, cluster, occurredAt, recordedAt });
  }

  /** Returns to an earlier head after a commit failed. */
  truncate(head: LedgerHead): void {
    this.#ids.truncate(head.sequence);
    this.#open = this.#open.filter(({ after }, i) => i === 0 || after < head.sequence);
    for (const block of this.#open) block.truncate(head.sequence - block.after);
    this.#sequence = head.sequence;
    this.#recordedAt = head.recordedAt;
  }

  /** Call when full blocks have been stored durably. */
  settle(): void {
    for (const block of this.unstored) {
      this.#full.count = block.index + 1;
      this.#noteStreamEnds(block.index);
    }
    this.#open = this.#open.filter(({ index }) => index >= this.#full.count);
  }

  /** The row with this id, `null` if there is none. */
  find(id: string): RawEvent | null {
    this.#hash.ofId(id);
    const sequence = this.#ids.find(this.#hash.low, this.#hash.high, (each) => {
      this.beforeLook();
      return this.#rows.hasId(each, id);
    });
    return sequence === 0 ? null : this.#rows.at(sequence);
  }

  /** The last revision of a stream, -1 if it does not exist. */
  lastRevision(stream: string): number {
    for (const { streams } of this.#open.toReversed()) {
      const run = streams.get(stream);
      if (run !== undefined) return run.firstRevision + run.offsets.length - 1;
    }
    if (this.#streamEnds !== null) {
      this.#hash.ofName(stream);
      const last = this.#streamEnds.find(this.#hash.low, this.#hash.high, () => true);
      const row = last === 0 ? null : this.#rows.at(last);
      if (row === null || row.stream === stream) return row?.revision ?? -1;
    }
    for (let block = this.#full.count - 1; block >= 0; block--) {
      const run = this.#runOf(block, stream);
      if (run !== null) return run.firstRevision + run.offsets.length - 1;
    }
    return -1;
  }

  /** Up to `limit` events of a stream from a revision on. Throws `corrupt-event`. */
  ofStream(stream: string, fromRevision: number, limit: number): RawEvent[] {
    const found: RawEvent[] = [];
    this.beforeLook();
    for (const sequence of this.#sequencesOf(stream, fromRevision)) {
      if (found.length >= limit) break;
      const row = this.#rows.at(sequence);
      if (row?.stream !== stream) continue;
      if (row.revision !== fromRevision + found.length) {
        throw corrupt(row.sequence, `follows a gap before revision ${row.revision}`);
      }
      found.push(row);
    }
    return found;
  }

  /** The cluster of the first event of a stream. */
  clusterOfStream(stream: string): LookedUp["cluster"] {
    const [first] = this.ofStream(stream, 0, 1);
    return first === undefined ? null : clusterOf(first.dataJson);
  }

  /** What may match in each block that has sequences in (after, upTo], in the order of the filter. */
  matches(filter: EventFilter, after: number, upTo: number): Iterable<BlockMatches> {
    return blockMatches({ full: this.#full, open: this.#open }, filter, after, upTo);
  }

  /** The run of a stream in a full block; another one may have the same hash. */
  #runOf(block: number, stream: string): StreamRun | null {
    const isOf = ({ offsets }: StreamRun): boolean =>
      this.#rows.at(this.#after(block) + at(offsets, 0) + 1)?.stream === stream;
    return this.#full.runsOf(block, stream).find(isOf) ?? null;
  }

  /** Sequences of a stream's events, ascending, from the run on that has a revision. */
  *#sequencesOf(stream: string, fromRevision: number): Generator<number> {
    const runs: { after: number; offsets: ArrayLike<number>; skip: number }[] = [];
    let isReached = false;
    /** Whether the revision that was asked for is in what was noted. */
    const note = (after: number, run: { firstRevision: number; offsets: ArrayLike<number> }) => {
      const skip = Math.max(0, fromRevision - run.firstRevision);
      runs.push({ after, offsets: run.offsets, skip });
      return run.firstRevision <= fromRevision;
    };
    for (const { after, streams } of this.#open.toReversed()) {
      const run = streams.get(stream);
      if (run !== undefined && !isReached) isReached = note(after, run);
    }
    for (let block = this.#full.count - 1; block >= 0 && !isReached; block--) {
      const run = this.#runOf(block, stream);
      if (run !== null) isReached = note(this.#after(block), run);
    }
    for (const { after, offsets, skip } of runs.toReversed()) {
      for (let i = skip; i < offsets.length; i++) yield after + at(offsets, i) + 1;
    }
  }

  #begin(): void {
    const after = this.#after(this.#full.recount());
    this.#open = [new OpenBlock(this.#full.count, after)];
    this.#sequence = after;
    this.#recordedAt = 0;
    for (let block = 0; block < this.#full.count; block++) {
      this.#recordedAt = Math.max(this.#recordedAt, this.#full.summary(block).lastRecordedAt);
    }
  }

  /** The block that fills. */
  get #last(): OpenBlock {
    const last = this.#open.at(-1);
    if (last !== undefined && last.count < this.#full.blockEvents) return last;
    const next = new OpenBlock(Math.floor(this.#sequence / this.#full.blockEvents), this.#sequence);
    this.#open.push(next);
    return next;
  }

  #after(block: number): number {
    return block * this.#full.blockEvents;
  }

  async #loadIds(): Promise<void> {
    const { count, blockEvents } = this.#full;
    this.#ids.reserve((count + 1) * blockEvents);
    for (let begin = 0; begin < count; begin += idBlocksTogether) {
      const blocks = Array.from({ length: Math.min(idBlocksTogether, count - begin) }, (_, i) => ({
        ...this.#full.ids(begin + i),
        first: this.#after(begin + i) + 1,
        done: 0,
      }));
      // Shard by shard: the part of the table that is filled stays in the processor's cache.
      for (let shard = 0; shard < shardCount; shard++) {
        for (const block of blocks) {
          const end = block.done + at(block.counts, shard);
          this.#ids.addAll(shard, block, block.done, end);
          block.done = end;
        }
        if (shard % shardsPerTurn === 0) await nextTurn();
      }
    }
    for (const block of this.#open) {
      let sequence = block.after;
      for (const [low, shard] of block.ids()) this.#ids.add(low, shard << 24, ++sequence);
    }
    this.#hasIds = true;
  }

  #noteStreamEnds(block: number): void {
    const ends = this.#streamEnds;
    if (ends === null) return;
    const first = this.#after(block) + 1;
    this.#full.tellRunEnds(block, (low, high, offset) => ends.set(low, high, first + offset));
  }

  /** Adds up to one turn's worth of rows; returns whether there may be more. */
  #takeTurn(): boolean {
    const rows = this.#rows.lookedUp(this.#sequence, scanRowsPerTurn);
    for (const { sequence, event } of rows) {
      if (sequence !== this.#sequence + 1) throw corrupt(this.#sequence + 1, "is missing");
      const cluster = event.isCorrection ? this.clusterOfStream(event.stream) : event.cluster;
      this.add({ ...event, cluster });
    }
    // What another process has stored need not stay in memory.
    if (this.unstored.length > 0 && this.#full.recount() > 0) {
      this.#open = this.#open.filter(({ index }) => index >= this.#full.count);
    }
    return rows.length === scanRowsPerTurn;
  }
}

async function nextTurn(): Promise<void> {
  await new Promise((resume) => setImmediate(resume));
}

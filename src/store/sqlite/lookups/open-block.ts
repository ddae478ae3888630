/** The events of a block while it fills, by what they are looked up by. */
import { at } from "../../../../projections/arithmetic/invariants.ts";
import { idBytes, namedBytes, streamBytes, summaryBytes } from "./block-bytes.ts";
import type { StreamRun } from "./block-bytes.ts";
import { shardOf } from "./hashed-sequences.ts";
import type { LookedUp } from "../rows/looked-up.ts";
import { clusterName, namePart, parts, placeOf, streamPart, typeName } from "./places.ts";
import type { SeededHash } from "./seeded-hash.ts";

interface OpenRun {
  readonly firstRevision: number;
  readonly offsets: number[];
}

/** Bytes of one row, and where it goes. */
export interface BlockRow {
  readonly place: number;
  readonly bytes: Buffer;
}

export class OpenBlock {
  /** Counted from 0. */
  readonly index: number;
  /** The sequence before its first event. */
  readonly after: number;
  readonly streams = new Map<string, OpenRun>();
  /** Offsets by type and by cluster, named as in places.ts. */
  readonly named = new Map<string, number[]>();
  readonly #lows: number[] = [];
  readonly #shards: number[] = [];
  readonly #occurredAts: number[] = [];
  readonly #recordedAts: number[] = [];

  constructor(index: number, after: number) {
    this.index = index;
    this.after = after;
  }

  get count(): number {
    return this.#lows.length;
  }

  /** Adds the next event. */
  add(event: LookedUp, hash: SeededHash): void {
    const offset = this.count;
    hash.ofId(event.id);
    this.#lows.push(hash.low);
    this.#shards.push(shardOf(hash.high));
    this.#occurredAts.push(event.occurredAt);
    this.#recordedAts.push(event.recordedAt);
    const run = this.streams.get(event.stream);
    if (run === undefined) {
      this.streams.set(event.stream, { firstRevision: event.revision, offsets: [offset] });
    } else {
      run.offsets.push(offset);
    }
    this.#note(typeName(event.type), offset);
    if (event.cluster !== null) this.#note(clusterName(event.cluster), offset);
  }

  /** The hash of each id, as its low word and its shard. */
  *ids(): Generator<readonly [low: number, shard: number]> {
    for (const [offset, low] of this.#lows.entries()) yield [low, at(this.#shards, offset)];
  }

  /** Forgets all events but the first `count`. */
  truncate(count: number): void {
    if (count >= this.count) return;
    for (const list of [this.#lows, this.#shards, this.#occurredAts, this.#recordedAts]) {
      list.length = count;
    }
    for (const [stream, { offsets }] of this.streams) {
      if (isEmptyAfterCut(offsets, count)) this.streams.delete(stream);
    }
    for (const [name, offsets] of this.named) {
      if (isEmptyAfterCut(offsets, count)) this.named.delete(name);
    }
  }

  /** The rows of the full block. `root`: RFC 6962 root over the leaves of its events. */
  rows(hash: SeededHash, root: Buffer): BlockRow[] {
    const place = (part: number): number => placeOf(this.index, part);
    const times = this.#occurredAts;
    const summary = summaryBytes({
      firstOccurredAt: times.reduce((a, b) => Math.min(a, b)),
      lastOccurredAt: times.reduce((a, b) => Math.max(a, b)),
      lastRecordedAt: this.#recordedAts.reduce((a, b) => Math.max(a, b)),
      root,
    });
    const ids = idBytes(Uint32Array.from(this.#lows), Uint8Array.from(this.#shards));
    return [
      { place: place(parts.summary), bytes: summary },
      { place: place(parts.ids), bytes: ids },
      ...Array.from(this.#streamParts(hash), ([part, runs]) => ({
        place: place(part),
        bytes: streamBytes(runs),
      })),
      ...Array.from(this.#namedParts(hash), ([part, named]) => ({
        place: place(part),
        bytes: namedBytes(named),
      })),
    ];
  }

  #streamParts(hash: SeededHash): Map<number, StreamRun[]> {
    const byPart = new Map<number, StreamRun[]>();
    for (const [stream, { firstRevision, offsets }] of this.streams) {
      hash.ofName(stream);
      const run = { low: hash.low >>> 0, high: hash.high >>> 0, firstRevision, offsets };
      const part = streamPart(hash.high);
      const runs = byPart.get(part);
      if (runs === undefined) byPart.set(part, [run]);
      else runs.push(run);
    }
    return byPart;
  }

  #namedParts(hash: SeededHash): Map<number, Map<string, readonly number[]>> {
    const byPart = new Map<number, Map<string, readonly number[]>>();
    for (const [name, offsets] of this.named) {
      hash.ofName(name);
      const part = namePart(hash.high);
      const named = byPart.get(part) ?? new Map<string, readonly number[]>();
      byPart.set(part, named.set(name, offsets));
    }
    return byPart;
  }

  #note(name: string, offset: number): void {
    const offsets = this.named.get(name);
    if (offsets === undefined) this.named.set(name, [offset]);
    else offsets.push(offset);
  }
}

function isEmptyAfterCut(offsets: number[], count: number): boolean {
  while (offsets.length > 0 && at(offsets, offsets.length - 1) >= count) offsets.pop();
  return offsets.length === 0;
}

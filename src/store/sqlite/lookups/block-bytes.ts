/**
 * The bytes of a block's rows. A row ends with a check sum over its place and its bytes: what something else wrote over is not
 * taken for what was written. Numbers are in the byte order of the machine, which the header names.
 */
import { crc32 } from "node:zlib";
import { at, wordAt } from "../../../../projections/arithmetic/invariants.ts";
import { shardCount } from "./hashed-sequences.ts";

const checkBytes = 4;

/** A row's bytes with their check sum. */
export function signedRow(place: number, bytes: Buffer): Buffer {
  const row = Buffer.alloc(bytes.length + checkBytes);
  bytes.copy(row);
  row.writeUInt32LE(checkOf(place, bytes), bytes.length);
  return row;
}

/** The bytes of a row, at an address that numbers of eight bytes may have; `null` if they are not what was written. */
export function checkedRow(place: number, row: Uint8Array): Buffer | null {
  if (row.length < checkBytes) return null;
  const copy = Buffer.from(new Uint8Array(row).buffer);
  const bytes = copy.subarray(0, -checkBytes);
  return copy.readUInt32LE(bytes.length) === checkOf(place, bytes) ? bytes : null;
}

function checkOf(place: number, bytes: Uint8Array): number {
  return crc32(bytes, crc32(String(place)));
}

function asBytes(numbers: Uint16Array | Uint32Array | Float64Array): Buffer {
  return Buffer.from(numbers.buffer, numbers.byteOffset, numbers.byteLength);
}

function words32(bytes: Buffer, from: number, count: number): Uint32Array {
  return new Uint32Array(bytes.buffer, bytes.byteOffset + from, count);
}

function words16(bytes: Buffer, from: number, count: number): Uint16Array {
  return new Uint16Array(bytes.buffer, bytes.byteOffset + from, count);
}

/** What is known of a block's events together. Times in milliseconds since the epoch. */
export interface BlockSummary {
  readonly firstOccurredAt: number;
  readonly lastOccurredAt: number;
  readonly lastRecordedAt: number;
  /** RFC 6962 root over the leaves of the block's events. */
  readonly root: Buffer;
}

export function summaryBytes(summary: BlockSummary): Buffer {
  const { firstOccurredAt, lastOccurredAt, lastRecordedAt, root } = summary;
  const times = Float64Array.of(firstOccurredAt, lastOccurredAt, lastRecordedAt);
  return Buffer.concat([asBytes(times), root]);
}

export function readSummary(bytes: Buffer): BlockSummary {
  const times = new Float64Array(bytes.buffer, bytes.byteOffset, 3);
  return {
    firstOccurredAt: at(times, 0),
    lastOccurredAt: at(times, 1),
    lastRecordedAt: at(times, 2),
    root: bytes.subarray(times.byteLength),
  };
}

/** Hashes of ids by shard: the low words, and the offset in the block of the event of each. */
export interface BlockIds {
  /** How many ids each shard has. */
  readonly counts: Uint32Array;
  readonly lows: Uint32Array;
  readonly offsets: Uint16Array;
}

/** `lows` and `shards` by offset. */
export function idBytes(lows: Uint32Array, shards: Uint8Array): Buffer {
  const counts = new Uint32Array(shardCount);
  for (const shard of shards) counts[shard] = at(counts, shard) + 1;
  const next = new Uint32Array(shardCount);
  for (let i = 1; i < shardCount; i++) next[i] = at(next, i - 1) + at(counts, i - 1);
  const sorted = new Uint32Array(lows.length);
  const offsets = new Uint16Array(lows.length);
  for (let offset = 0; offset < lows.length; offset++) {
    const shard = at(shards, offset);
    const place = at(next, shard);
    next[shard] = place + 1;
    sorted[place] = at(lows, offset);
    offsets[place] = offset;
  }
  return Buffer.concat([asBytes(counts), asBytes(sorted), asBytes(offsets)]);
}

export function readIds(bytes: Buffer, count: number): BlockIds {
  const lowsAt = 4 * shardCount;
  return {
    counts: words32(bytes, 0, shardCount),
    lows: words32(bytes, lowsAt, count),
    offsets: words16(bytes, lowsAt + 4 * count, count),
  };
}

/** The events of one stream in a block. */
export interface StreamRun {
  readonly low: number;
  readonly high: number;
  readonly firstRevision: number;
  /** Ascending, and so are the revisions, which have no gaps. */
  readonly offsets: readonly number[] | Uint16Array;
}

/** Runs of streams. */
export function streamBytes(runs: readonly StreamRun[]): Buffer {
  const sorted = runs.toSorted(
    (a, b) => a.low - b.low || a.high - b.high || at(a.offsets, 0) - at(b.offsets, 0),
  );
  const head = new Uint32Array(1 + 4 * sorted.length);
  head[0] = sorted.length;
  const offsets: number[] = [];
  for (const [i, run] of sorted.entries()) {
    head.set([run.low, run.high, run.firstRevision, run.offsets.length], 1 + 4 * i);
    for (const offset of run.offsets) offsets.push(offset);
  }
  return Buffer.concat([asBytes(head), asBytes(Uint16Array.from(offsets))]);
}

export function* readStreams(bytes: Buffer): Generator<StreamRun> {
  const count = at(words32(bytes, 0, 1), 0);
  const head = words32(bytes, 4, 4 * count);
  let begin = 4 + 16 * count;
  for (let i = 0; i < head.length; i += 4) {
    const size = at(head, i + 3);
    yield {
      low: at(head, i),
      high: at(head, i + 1),
      firstRevision: at(head, i + 2),
      offsets: words16(bytes, begin, size),
    };
    begin += 2 * size;
  }
}

/**
 * Tells the offset of the last event of each run; returns how many events the runs have. Of a whole ledger they are
 * millions, and an object for each would be garbage.
 */
export function tellRunEnds(
  bytes: Buffer,
  tell: (low: number, high: number, lastOffset: number) => void,
): number {
  const count = at(words32(bytes, 0, 1), 0);
  const head = words32(bytes, 4, 4 * count);
  const begin = 4 + 16 * count;
  const offsets = words16(bytes, begin, (bytes.length - begin) >> 1);
  let events = 0;
  for (let i = 0; i < head.length; i += 4) {
    events += wordAt(head, i + 3);
    tell(wordAt(head, i), wordAt(head, i + 1), at(offsets, events - 1));
  }
  return events;
}

/** The offsets of events that share something, by its name. */
type NamedOffsets = ReadonlyMap<string, readonly number[] | Uint16Array>;

export function namedBytes(named: NamedOffsets): Buffer {
  const entries = [...named].toSorted(([a], [b]) => (a < b ? -1 : 1));
  const text = JSON.stringify(entries.map(([name, { length }]) => [name, length]));
  const padded = Buffer.from(text + " ".repeat(Buffer.byteLength(text) % 2));
  const parts = entries.map(([, offsets]) => asBytes(Uint16Array.from(offsets)));
  return Buffer.concat([asBytes(Uint32Array.of(padded.length)), padded, ...parts]);
}

export function readNamed(bytes: Buffer, name: string): Uint16Array {
  const textBytes = at(words32(bytes, 0, 1), 0);
  const entries = JSON.parse(bytes.toString("utf8", 4, 4 + textBytes)) as [string, number][];
  let begin = 4 + textBytes;
  for (const [each, size] of entries) {
    if (each === name) return words16(bytes, begin, size);
    begin += 2 * size;
  }
  return new Uint16Array();
}

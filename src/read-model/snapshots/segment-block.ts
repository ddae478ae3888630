/**
 * A full segment as bytes: a length, a JSON text with the sizes of what follows, the columns, and the SHA-256 of
 * everything except the length. The columns begin at a multiple of eight.
 */
import { at, wordAt } from "../../../projections/arithmetic/invariants.ts";
import { createHash } from "node:crypto";
import type { Subject } from "../../../projections/facts/subject.ts";
import type { Filling, ResidentColumns } from "../columns/event-columns.ts";
import type { KeptSegment, SealedSegment, SealedState } from "../columns/kept-segment.ts";
import { storedNames } from "../columns/named-ids.ts";
import type { ClusterCount, StoredNames } from "../columns/named-ids.ts";
import { maxDataBytes, rowBytes } from "../columns/segment-detail.ts";
import type { DetailOffsets } from "../columns/segment-detail.ts";
import { idBytes } from "../columns/uuid-bytes.ts";

export const hashBytes = 32;
export const lengthBytes = 4;
/** An upper bound for the JSON text; a larger length means damage. */
export const maxHeadBytes = 1024 * 1024;

/** Identifies exactly the events that a segment was made from. */
export interface SegmentSource {
  /** The sequence of the first event. */
  readonly first: number;
  readonly size: number;
  /** The root of the tree over their leaves (RFC 6962), in hexadecimal. */
  readonly root: string;
}

export interface SegmentHead {
  readonly source: SegmentSource;
  /** As in `ResidentColumns`. */
  readonly longestMs: number;
  readonly latestDecisionAt: number;
  /** Bytes of the parts whose length does not follow from the number of events. */
  readonly sizes: {
    readonly shapes: number;
    /** The number of words in the dictionary. */
    readonly wordCount: number;
    readonly words: number;
    /** The ids that facts of nodes name, and how many there are of each cluster. */
    readonly named: number;
    readonly namedCounts: number;
    readonly beside: number;
    readonly data: number;
  };
}

/** What is stored beside the columns, as JSON. */
interface Beside {
  readonly subjects: readonly Subject[];
  readonly states: readonly SealedState[];
  readonly targets: readonly (readonly [id: string, sequence: number])[];
}

/** Offsets of a block's parts. */
interface Offsets extends DetailOffsets {
  readonly types: number;
  readonly occurredAts: number;
  readonly episodes: number;
  readonly subjectIndexes: number;
  readonly named: number;
  readonly namedCounts: number;
  readonly namedCountsBytes: number;
  readonly beside: number;
  readonly besideBytes: number;
  readonly end: number;
}

/** The complete block of a segment. */
export function segmentBlock(sealed: SealedSegment, source: SegmentSource): Buffer {
  const { filling, states, targets, segment } = sealed;
  const beside: Beside = { subjects: filling.subjects, states, targets };
  const besideBytes = Buffer.from(JSON.stringify(beside));
  const shapes = Buffer.from(JSON.stringify(filling.detail.shapes));
  const words = filling.detail.words.map((word) => Buffer.from(word, "utf8"));
  const wordBytes = Buffer.concat(words);
  const { ranks, rows, data } = ordered(filling);
  const named = filling.detail.named.stored();
  const namedCounts = Buffer.from(JSON.stringify(named.counts));
  const sizes = {
    shapes: shapes.length,
    wordCount: words.length,
    words: wordBytes.length,
    named: named.parts.reduce((sum, part) => sum + part.byteLength, 0),
    namedCounts: namedCounts.length,
    beside: besideBytes.length,
    data: data.length,
  };
  const columns = [
    filling.occurredAts,
    rows,
    filling.episodes,
    ranks,
    filling.subjectIndexes,
    ...named.parts,
    beginsOf(words),
    filling.types,
    shapes,
    wordBytes,
    namedCounts,
    besideBytes,
    data,
  ].map(asBytes);
  return block(
    { source, longestMs: segment.longestMs, latestDecisionAt: segment.latestDecisionAt, sizes },
    columns,
  );
}

/** Orders rows and data by subject, so that a fold reads the rows of its entity in one piece; also gives each event's rank in that order. */
function ordered({ detail, subjects, subjectIndexes }: Filling) {
  const count = subjectIndexes.length;
  const names = ["", ...subjects.map(({ cluster, kind, name }) => `${cluster} ${kind} ${name}`)];
  const bySubject = Uint32Array.from(names.keys()).sort((a, b) =>
    compareText(at(names, a), at(names, b)),
  );
  const subjectRanks = new Uint32Array(names.length);
  for (const [rank, subject] of bySubject.entries()) subjectRanks[subject] = rank;
  // A counting sort: how many rows come before the first of each subject.
  const next = new Uint32Array(names.length + 1);
  const groupOf = (index: number): number => at(subjectRanks, at(subjectIndexes, index));
  for (let index = 0; index < count; index++) {
    const after = groupOf(index) + 1;
    next[after] = at(next, after) + 1;
  }
  for (let i = 1; i < next.length; i++) next[i] = at(next, i) + at(next, i - 1);
  const ranks = new Uint32Array(count);
  const order = new Uint32Array(count);
  for (let index = 0; index < count; index++) {
    const group = groupOf(index);
    const rank = at(next, group);
    next[group] = rank + 1;
    ranks[index] = rank;
    order[rank] = index;
  }
  const rows = Buffer.alloc(rowBytes * count);
  const data = Buffer.alloc(detail.bytes.length);
  let written = 0;
  for (const [rank, index] of order.entries()) {
    const row = rank * rowBytes;
    const [begin, end] = [at(detail.begins, index), at(detail.begins, index + 1)];
    detail.ids.copy(rows, row, index * idBytes, (index + 1) * idBytes);
    rows.writeDoubleLE(detail.recordedAt(index), row + idBytes);
    rows.writeUInt32LE(written, row + idBytes + 8);
    rows.writeUInt32LE(end - begin, row + idBytes + 12);
    written += detail.bytes.copy(data, written, begin, end);
  }
  return { ranks, rows, data };
}

/** The offset of each word when all are joined, and the end of the last one. */
function beginsOf(words: readonly Buffer[]): Uint32Array {
  const begins = new Uint32Array(words.length + 1);
  for (const [i, word] of words.entries()) begins[i + 1] = at(begins, i) + word.length;
  return begins;
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** A block made of a head and what follows it. */
export function block(head: object, parts: readonly Buffer[]): Buffer {
  const text = JSON.stringify(head);
  const used = lengthBytes + Buffer.byteLength(text);
  const json = Buffer.from(text + " ".repeat((8 - (used % 8)) % 8));
  const length = Buffer.alloc(lengthBytes);
  length.writeUInt32LE(json.length);
  const hash = createHash("sha256");
  for (const part of [json, ...parts]) hash.update(part);
  return Buffer.concat([length, json, ...parts, hash.digest()]);
}

/** How many bytes follow the head of a segment with `count` events; `null` if the sizes are impossible. */
export function bytesAfterHead({ sizes }: SegmentHead, count: number): number | null {
  const all = [
    sizes?.shapes,
    sizes?.wordCount,
    sizes?.words,
    sizes?.named,
    sizes?.namedCounts,
    sizes?.beside,
    sizes?.data,
  ];
  const areSizes = all.every(
    (size) => Number.isSafeInteger(size) && size >= 0 && size <= maxDataBytes,
  );
  return areSizes ? offsetsOf(0, sizes, count).end : null;
}

/** The offsets of a segment's parts; `begin` is where the head ends. */
export function offsetsOf(begin: number, sizes: SegmentHead["sizes"], count: number): Offsets {
  let offset = begin;
  const next = (sizeBytes: number): number => {
    offset += sizeBytes;
    return offset - sizeBytes;
  };
  return {
    occurredAts: next(8 * count),
    rows: next(rowBytes * count),
    episodes: next(4 * count),
    ranks: next(4 * count),
    subjectIndexes: next(4 * count),
    named: next(sizes.named),
    wordBegins: next(4 * (sizes.wordCount + 1)),
    wordCount: sizes.wordCount,
    types: next(count),
    shapes: next(sizes.shapes),
    shapesBytes: sizes.shapes,
    words: next(sizes.words),
    wordsBytes: sizes.words,
    namedCounts: next(sizes.namedCounts),
    namedCountsBytes: sizes.namedCounts,
    beside: next(sizes.beside),
    besideBytes: sizes.beside,
    data: next(sizes.data),
    end: offset,
  };
}

/** Reads from an intact block what a segment keeps in memory. */
export function readSegment(
  bytes: Buffer,
  offsets: Offsets,
  count: number,
  { longestMs, latestDecisionAt }: SegmentHead,
): { readonly columns: ResidentColumns; readonly kept: KeptSegment["kept"] } {
  const part = (from: number, sizeBytes: number): ArrayBuffer =>
    // Copying aligns the numbers, and lets go of the block.
    new Uint8Array(bytes.subarray(from, from + sizeBytes)).buffer;
  const text = bytes.toString("utf8", offsets.beside, offsets.beside + offsets.besideBytes);
  const { subjects, states, targets } = JSON.parse(text) as Beside;
  return {
    columns: {
      types: new Uint8Array(part(offsets.types, count)),
      occurredAts: new Float64Array(part(offsets.occurredAts, 8 * count)),
      episodes: new Uint32Array(part(offsets.episodes, 4 * count)),
      longestMs,
      latestDecisionAt,
    },
    kept: {
      recordedAts: recordedAtsOf(bytes, offsets, count),
      subjectIndexes: new Uint32Array(part(offsets.subjectIndexes, 4 * count)),
      subjects,
      states,
      targets: new Map(targets),
    },
  };
}

/** Where the ids that facts of nodes name lie in an intact block. */
export function namesIn(
  bytes: Buffer,
  { named, namedCounts, namedCountsBytes }: Offsets,
): StoredNames {
  const text = bytes.toString("utf8", namedCounts, namedCounts + namedCountsBytes);
  return storedNames(JSON.parse(text) as ClusterCount[], named);
}

/** `recordedAt` of each event, in order of sequence. */
function recordedAtsOf(bytes: Buffer, { ranks, rows }: Offsets, count: number): Float64Array {
  const rankOf = new Uint32Array(new Uint8Array(bytes.subarray(ranks, ranks + 4 * count)).buffer);
  const view = new DataView(bytes.buffer, bytes.byteOffset + rows, count * rowBytes);
  const recordedAts = new Float64Array(count);
  for (let index = 0; index < count; index++)
    recordedAts[index] = view.getFloat64(wordAt(rankOf, index) * rowBytes + idBytes, true);
  return recordedAts;
}

function asBytes(column: Uint8Array | Float64Array | Uint32Array): Buffer {
  return Buffer.from(column.buffer, column.byteOffset, column.byteLength);
}

/**
 * A full segment as bytes: a length, a JSON text with the sizes of what follows, columns, and the SHA-256 of all but
 * the length. The columns begin at a multiple of eight.
 */
import { createHash } from "node:crypto";
import type { Subject } from "../../../projections/facts/subject.ts";
import type { ResidentColumns } from "../columns/event-columns.ts";
import type { KeptSegment, SealedSegment, SealedState } from "../columns/kept-segment.ts";
import { maxDataBytes } from "../columns/segment-detail.ts";
import type { DetailPlaces } from "../columns/segment-detail.ts";
import { idBytes } from "../columns/uuid-bytes.ts";

export const hashBytes = 32;
export const lengthBytes = 4;
/** No text of sizes is larger; what claims to be is damaged. */
export const maxHeadBytes = 1024 * 1024;

/** Exactly the events that a segment was made from. */
export interface SegmentSource {
  /** The sequence of the first. */
  readonly first: number;
  readonly size: number;
  /** The root over their leaves (RFC 6962), in hexadecimal. */
  readonly root: string;
}

export interface SegmentHead {
  readonly source: SegmentSource;
  /** As of the segment. */
  /** Bytes of the parts of which the number of events does not say how long they are. */
  readonly longestMs: number;
  readonly sizes: { readonly dictionary: number; readonly beside: number; readonly data: number };
}

/** What is kept beside the columns, as JSON. */
interface Beside {
  readonly subjects: readonly Subject[];
  readonly states: readonly SealedState[];
  readonly targets: readonly (readonly [id: string, sequence: number])[];
}

/** Where the parts of a block begin. */
interface Places extends DetailPlaces {
  readonly types: number;
  readonly occurredAts: number;
  readonly episodes: number;
  readonly subjectIndexes: number;
  readonly beside: number;
  readonly besideBytes: number;
  readonly end: number;
}

/** The whole block of a segment. */
export function segmentBlock(sealed: SealedSegment, source: SegmentSource): Buffer {
  const { filling, states, targets } = sealed;
  const dictionary = Buffer.from(JSON.stringify(filling.detail.dictionary));
  const beside: Beside = { subjects: filling.subjects, states, targets };
  const besideBytes = Buffer.from(JSON.stringify(beside));
  const data = filling.detail.bytes;
  const sizes = { dictionary: dictionary.length, beside: besideBytes.length, data: data.length };
  const columns = [
    filling.occurredAts,
    filling.detail.recordedAts,
    filling.detail.ids,
    filling.episodes,
    filling.detail.begins,
    filling.subjectIndexes,
    filling.types,
    dictionary,
    besideBytes,
    data,
  ].map(asBytes);
  return block({ source, longestMs: sealed.segment.longestMs, sizes }, columns);
}

/** A block of a head and what follows it. */
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

/** How many bytes follow the head of a segment of so many events; `null` where the sizes cannot be. */
export function bytesAfterHead({ sizes }: SegmentHead, count: number): number | null {
  const all = [sizes?.dictionary, sizes?.beside, sizes?.data];
  const areSizes = all.every(
    (size) => Number.isSafeInteger(size) && size >= 0 && size <= maxDataBytes,
  );
  return areSizes ? placesOf(0, sizes, count).end : null;
}

/** Where the parts of a segment begin, after a head of so many bytes. */
export function placesOf(begin: number, sizes: SegmentHead["sizes"], count: number): Places {
  let at = begin;
  const next = (sizeBytes: number): number => {
    at += sizeBytes;
    return at - sizeBytes;
  };
  return {
    occurredAts: next(8 * count),
    recordedAts: next(8 * count),
    ids: next(idBytes * count),
    episodes: next(4 * count),
    begins: next(4 * (count + 1)),
    subjectIndexes: next(4 * count),
    types: next(count),
    dictionary: next(sizes.dictionary),
    dictionaryBytes: sizes.dictionary,
    beside: next(sizes.beside),
    besideBytes: sizes.beside,
    data: next(sizes.data),
    end: at,
  };
}

/** Reads what is taken into memory of a segment from its block, which is whole. */
export function readSegment(
  bytes: Buffer,
  places: Places,
  count: number,
  longestMs: number,
): { readonly columns: ResidentColumns; readonly kept: KeptSegment["kept"] } {
  const part = (at: number, sizeBytes: number): ArrayBuffer =>
    // A copy begins where numbers may stand, and lets the block go.
    new Uint8Array(bytes.subarray(at, at + sizeBytes)).buffer;
  const text = bytes.toString("utf8", places.beside, places.beside + places.besideBytes);
  const { subjects, states, targets } = JSON.parse(text) as Beside;
  return {
    columns: {
      types: new Uint8Array(part(places.types, count)),
      occurredAts: new Float64Array(part(places.occurredAts, 8 * count)),
      episodes: new Uint32Array(part(places.episodes, 4 * count)),
      longestMs,
    },
    kept: {
      recordedAts: new Float64Array(part(places.recordedAts, 8 * count)),
      subjectIndexes: new Uint32Array(part(places.subjectIndexes, 4 * count)),
      subjects,
      states,
      targets: new Map(targets),
    },
  };
}

function asBytes(column: Uint8Array | Float64Array | Uint32Array): Buffer {
  return Buffer.from(column.buffer, column.byteOffset, column.byteLength);
}

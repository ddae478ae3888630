/** What a fold needs of an event besides its type and time: in memory while a segment is being filled, then in a file. */
import { at } from "../../../projections/arithmetic/invariants.ts";
import { DataReader, DataWriter } from "./data-codec.ts";
import type { Dictionary } from "./data-codec.ts";
import type { KeptPart } from "./kept-parts.ts";
import { namedIdBytes, NamedIdsByCluster, noIds, readNamedIds } from "./named-ids.ts";
import type { NamedIds, StoredNames } from "./named-ids.ts";
import type { StoredBytes } from "./stored-bytes.ts";
import { idBytes, readId, writeId } from "./uuid-bytes.ts";

/** The largest size of a segment's data. */
export const maxDataBytes = 0xffff_ffff;

/** All of it that an event has. */
export interface EventDetail {
  readonly id: string;
  readonly recordedAt: number;
  readonly data: object;
}

export interface SegmentDetail {
  /** The whole of an event at once, for which its row is looked up once. */
  all(index: number): EventDetail;
  recordedAt(index: number): number;
  id(index: number): string;
  data(index: number): object;
  /** The ids that facts of a cluster's nodes name; they hold until those of another segment are asked for. */
  namedIds(cluster: string): NamedIds;
  /** How many there are. */
  namedCount(cluster: string): number;
}

export class FilledDetail implements SegmentDetail {
  readonly recordedAts: Float64Array;
  readonly ids: Buffer;
  /** Offset at which each event's data begin, and one more: where the last ones end. */
  readonly begins: Uint32Array;
  readonly named = new NamedIdsByCluster();
  readonly #writer = new DataWriter();
  readonly #reader = new DataReader(this.#writer.bytes, this.#writer);

  constructor(capacity: number) {
    this.recordedAts = new Float64Array(capacity);
    this.ids = Buffer.alloc(capacity * idBytes);
    this.begins = new Uint32Array(capacity + 1);
  }

  /** The data of all events so far. */
  get bytes(): Buffer {
    return this.#writer.bytes.subarray(0, this.#writer.length);
  }

  get words(): readonly string[] {
    return this.#writer.words;
  }

  get shapes(): readonly (readonly string[])[] {
    return this.#writer.shapes;
  }

  /** Throws a RangeError if the data no longer fit. */
  add(index: number, id: string, recordedAt: number, data: object): void {
    this.recordedAts[index] = recordedAt;
    writeId(this.ids, index * idBytes, id);
    this.#writer.write(data);
    // Offsets have 32 bits: beyond that, other data would be read back.
    if (this.#writer.length > maxDataBytes)
      throw new RangeError(`a segment is full at ${maxDataBytes} bytes`);
    this.begins[index + 1] = this.#writer.length;
    this.#reader.bytes = this.#writer.bytes;
  }

  all(index: number): EventDetail {
    return { id: this.id(index), recordedAt: this.recordedAt(index), data: this.data(index) };
  }

  recordedAt(index: number): number {
    return at(this.recordedAts, index);
  }

  id(index: number): string {
    return readId(this.ids, index * idBytes);
  }

  data(index: number): object {
    return this.#reader.read(at(this.begins, index));
  }

  namedIds(cluster: string): NamedIds {
    return this.named.of(cluster);
  }

  namedCount(cluster: string): number {
    return this.named.of(cluster).indexes.length;
  }
}

/** Bytes of a row: id, `recordedAt`, offset of the data and their length. */
export const rowBytes = idBytes + 8 + 4 + 4;

/** Offsets of a segment's parts within its stored bytes. */
export interface DetailOffsets {
  /** The row number of each event. Rows and data are ordered by subject. */
  readonly ranks: number;
  readonly rows: number;
  readonly shapes: number;
  readonly shapesBytes: number;
  /** Offset of each word, and of the end of the last one. */
  readonly wordBegins: number;
  readonly wordCount: number;
  readonly words: number;
  readonly wordsBytes: number;
  readonly data: number;
}

export class StoredDetail implements SegmentDetail {
  readonly #bytes: StoredBytes;
  readonly #offsets: DetailOffsets;
  readonly #names: StoredNames;
  #reader: { readonly reader: DataReader; readonly kept: KeptPart } | null = null;

  constructor(bytes: StoredBytes, offsets: DetailOffsets, names: StoredNames) {
    this.#bytes = bytes;
    this.#offsets = offsets;
    this.#names = names;
  }

  all(index: number): EventDetail {
    const from = this.#locateRow(index);
    const row = this.#bytes.located;
    const id = readId(row, from);
    const recordedAt = row.readDoubleLE(from + idBytes);
    return { id, recordedAt, data: this.#dataOf(row, from) };
  }

  recordedAt(index: number): number {
    const from = this.#locateRow(index);
    return this.#bytes.located.readDoubleLE(from + idBytes);
  }

  id(index: number): string {
    const from = this.#locateRow(index);
    return readId(this.#bytes.located, from);
  }

  data(index: number): object {
    const from = this.#locateRow(index);
    return this.#dataOf(this.#bytes.located, from);
  }

  namedIds(cluster: string): NamedIds {
    const place = this.#names.get(cluster);
    if (place === undefined) return noIds;
    return readNamedIds(this.#bytes.read(place.at, namedIdBytes * place.count), place.count);
  }

  namedCount(cluster: string): number {
    return this.#names.get(cluster)?.count ?? 0;
  }

  #dataOf(row: Buffer, from: number): object {
    const begin = row.readUInt32LE(from + idBytes + 8);
    const sizeBytes = row.readUInt32LE(from + idBytes + 12);
    const reader = this.#readerNow();
    const first = this.#bytes.locate(this.#offsets.data + begin, sizeBytes);
    // Words are located while the data are read.
    this.#bytes.hold();
    reader.bytes = this.#bytes.located;
    return reader.read(first);
  }

  #locateRow(index: number): number {
    const rank = this.#bytes.uint32(this.#offsets.ranks + 4 * index);
    return this.#bytes.locate(this.#offsets.rows + rowBytes * rank, rowBytes);
  }

  /** Reads the dictionary when it is first needed, and each word when it is first asked for. */
  #readerNow(): DataReader {
    if (this.#reader !== null) {
      this.#reader.kept.used = true;
      return this.#reader.reader;
    }
    const { shapes, shapesBytes, wordsBytes } = this.#offsets;
    const from = this.#bytes.locate(shapes, shapesBytes);
    const text = this.#bytes.located.toString("utf8", from, from + shapesBytes);
    const words: string[] = [];
    const word = (index: number): string | undefined => (words[index] ??= this.#readWord(index));
    // Reads of words and of data alternate, so each has a buffer of its own.
    const dictionary = { word, shapes: JSON.parse(text) as Dictionary["shapes"] };
    const reader = new DataReader(Buffer.alloc(0), dictionary);
    const kept = this.#bytes.keep(4 * wordsBytes, () => {
      this.#reader = null;
    });
    this.#reader = { reader, kept };
    return reader;
  }

  #readWord(index: number): string {
    const { wordBegins, wordCount, words } = this.#offsets;
    if (index >= wordCount) throw new RangeError(`there is no word ${index}`);
    const begin = this.#bytes.uint32(wordBegins + 4 * index);
    const end = this.#bytes.uint32(wordBegins + 4 * (index + 1));
    const from = this.#bytes.locate(words + begin, end - begin);
    return this.#bytes.located.toString("utf8", from, from + end - begin);
  }
}

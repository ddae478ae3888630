/** What a fold needs of an event beside its type and time: in memory while a segment is filled, in a file once that has it. */
import { DataReader, DataWriter } from "./data-codec.ts";
import type { Dictionary } from "./data-codec.ts";
import type { KeptPart } from "./kept-parts.ts";
import type { StoredBytes } from "./stored-bytes.ts";
import { idBytes, readId, writeId } from "./uuid-bytes.ts";

/** Of a segment's data. */
export const maxDataBytes = 0xffff_ffff;

export interface SegmentDetail {
  recordedAt(index: number): number;
  id(index: number): string;
  data(index: number): object;
}

export class FilledDetail implements SegmentDetail {
  readonly recordedAts: Float64Array;
  readonly ids: Buffer;
  /** Where the data of each begin; one more than there are events. */
  readonly begins: Uint32Array;
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

  get dictionary(): Dictionary {
    const { words, shapes } = this.#writer;
    return { words, shapes };
  }

  /** Throws a RangeError for data that do not fit any more. */
  add(index: number, id: string, recordedAt: number, data: object): void {
    this.recordedAts[index] = recordedAt;
    writeId(this.ids, index * idBytes, id);
    this.#writer.write(data);
    // Where they begin is kept in 32 bits: past that, what is read back would be something else.
    if (this.#writer.length > maxDataBytes)
      throw new RangeError(`a segment is full at ${maxDataBytes} bytes`);
    this.begins[index + 1] = this.#writer.length;
    this.#reader.bytes = this.#writer.bytes;
  }

  recordedAt(index: number): number {
    return this.recordedAts[index] ?? 0;
  }

  id(index: number): string {
    return readId(this.ids, index * idBytes);
  }

  data(index: number): object {
    return this.#reader.read(this.begins[index] ?? 0);
  }
}

/** Where the columns of a segment begin within its stored bytes. */
export interface DetailPlaces {
  readonly recordedAts: number;
  readonly ids: number;
  readonly begins: number;
  readonly dictionary: number;
  readonly dictionaryBytes: number;
  readonly data: number;
}

export class StoredDetail implements SegmentDetail {
  readonly #bytes: StoredBytes;
  readonly #places: DetailPlaces;
  #reader: { readonly reader: DataReader; readonly kept: KeptPart } | null = null;

  constructor(bytes: StoredBytes, places: DetailPlaces) {
    this.#bytes = bytes;
    this.#places = places;
  }

  recordedAt(index: number): number {
    return this.#bytes.float64(this.#places.recordedAts + index * 8);
  }

  id(index: number): string {
    const from = this.#bytes.locate(this.#places.ids + index * idBytes, idBytes);
    return readId(this.#bytes.located, from);
  }

  data(index: number): object {
    const at = this.#places.begins + index * 4;
    const begin = this.#bytes.uint32(at);
    const sizeBytes = this.#bytes.uint32(at + 4) - begin;
    const reader = this.#readerNow();
    const from = this.#bytes.locate(this.#places.data + begin, sizeBytes);
    reader.bytes = this.#bytes.located;
    return reader.read(from);
  }

  /** With the dictionary, which takes several times its bytes in memory. */
  #readerNow(): DataReader {
    if (this.#reader !== null) {
      this.#reader.kept.used = true;
      return this.#reader.reader;
    }
    const { dictionary, dictionaryBytes } = this.#places;
    const from = this.#bytes.locate(dictionary, dictionaryBytes);
    const text = this.#bytes.located.toString("utf8", from, from + dictionaryBytes);
    const reader = new DataReader(Buffer.alloc(0), JSON.parse(text) as Dictionary);
    const kept = this.#bytes.keep(4 * dictionaryBytes, () => {
      this.#reader = null;
    });
    this.#reader = { reader, kept };
    return reader;
  }
}

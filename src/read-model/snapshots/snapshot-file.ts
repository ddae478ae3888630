/**
 * The read model's columns in a file beside the ledger, so that a start reads only the tail of the
 * ledger. The file is derived and thrown away at any doubt: deleting it costs a rebuild and nothing else.
 *
 * After a magic word comes a header, then full segments, in order. Header and segments are each a
 * length, a JSON text, columns (segments only) and the SHA-256 of both. A segment names the events that it
 * was made from by their place and the root of the tree over their leaves (RFC 6962).
 */
import { createHash } from "node:crypto";
import { closeSync, ftruncateSync, openSync, readSync, writeSync } from "node:fs";
import { endianness } from "node:os";
import { eventTypes } from "../../events/catalogue.ts";
import { kindOf, statOf } from "../../store/sqlite/files/side-files.ts";
import { EventSegment, idBytes, maxDataBytes } from "../columns/event-columns.ts";
import type { KeptSegment } from "../columns/event-columns.ts";
import type { Subject } from "../../../projections/facts/subject.ts";

/** Raised whenever the columns or their bytes change: files of another format are not read. */
const format = 4;
const magic = Buffer.from("FLGRDRV\n");
const hashBytes = 32;
/** No header and no dictionary is larger. */
const maxMetaBytes = 64 * 1024 * 1024;

interface Header {
  readonly format: number;
  readonly segmentEvents: number;
  readonly endianness: string;
  readonly types: readonly string[];
  /** What the read model was computed by when the file was begun. */
  readonly definitionHash: string;
}

/** Exactly the events that a segment was made from. */
export interface SegmentSource {
  /** The sequence of the first. */
  readonly first: number;
  readonly size: number;
  /** The root over their leaves, in hexadecimal. */
  readonly root: string;
}

/** A segment as it was read from a file. */
export interface FoundSegment {
  readonly source: SegmentSource;
  readonly segment: EventSegment;
}

interface SegmentMeta {
  readonly source: SegmentSource;
  readonly words: readonly string[];
  readonly shapes: readonly (readonly string[])[];
  readonly dataBytes: number;
  readonly subjects: Subject[];
}

/** Segments that were read from a file, and by which definitions they were made. */
export interface Snapshot {
  readonly definitionHash: string;
  readonly segments: Iterable<FoundSegment>;
}

export class SnapshotFile {
  readonly #fd: number;
  readonly #writable: boolean;
  readonly #segmentEvents: number;
  /** Where the next segment goes: after the last one that is whole. */
  #end = 0;

  private constructor(fd: number, writable: boolean, segmentEvents: number) {
    this.#fd = fd;
    this.#writable = writable;
    this.#segmentEvents = segmentEvents;
  }

  /** `null` if it is not there and may not be made. */
  static open(path: string, mode: "read" | "write", segmentEvents: number): SnapshotFile | null {
    assertPlain(path);
    const fd = openIfThere(path, mode === "write" ? "r+" : "r");
    if (fd !== null) return new SnapshotFile(fd, mode === "write", segmentEvents);
    return mode === "read" ? null : new SnapshotFile(openSync(path, "w+"), true, segmentEvents);
  }

  /** What the file holds; `null` if it is empty, damaged at its head, or of another format. */
  read(): Snapshot | null {
    const start = this.#bytes(0, magic.length);
    if (start === null || !start.equals(magic)) return null;
    const head = this.#block<Header>(magic.length, () => 0);
    if (head === null || !isReadable(head.meta, this.#segmentEvents)) return null;
    this.#end = head.end;
    const { definitionHash } = head.meta;
    return { definitionHash, segments: this.#segments() };
  }

  /** Throws away what the file holds and begins anew. */
  restart(definitionHash: string): void {
    if (!this.#writable) return;
    ftruncateSync(this.#fd, 0);
    writeSync(this.#fd, magic, 0, magic.length, 0);
    this.#end = magic.length;
    const header = headerOf(this.#segmentEvents, definitionHash);
    this.#append(header, []);
  }

  /** Adds a full segment after those that are there. */
  append(segment: EventSegment, source: SegmentSource): void {
    if (!this.#writable) return;
    const { meta, columns } = encoded(segment, source);
    this.#append(meta, columns);
  }

  close(): void {
    closeSync(this.#fd);
  }

  /** Whole segments, up to the first that is missing or damaged. */
  *#segments(): Iterable<FoundSegment> {
    const count = this.#segmentEvents;
    for (;;) {
      const block = this.#block<SegmentMeta>(this.#end, ({ dataBytes }) =>
        this.#columnBytes(dataBytes),
      );
      if (block === null) break;
      this.#end = block.end;
      const segment = new EventSegment(count, keptSegment(count, block.meta, block.columns));
      yield { source: block.meta.source, segment };
    }
    if (this.#writable) ftruncateSync(this.#fd, this.#end);
  }

  /** NaN for what is no size. */
  #columnBytes(dataBytes: number): number {
    const isSize = Number.isSafeInteger(dataBytes) && dataBytes >= 0 && dataBytes <= maxDataBytes;
    const count = this.#segmentEvents;
    return isSize
      ? count * (1 + 8 + 8 + idBytes + 4 + 4) + (count + 1) * 4 + dataBytes
      : Number.NaN;
  }

  #append(meta: object, columns: readonly Buffer[]): void {
    const json = Buffer.from(JSON.stringify(meta));
    const length = Buffer.alloc(4);
    length.writeUInt32LE(json.length);
    const hash = createHash("sha256");
    for (const part of [json, ...columns]) hash.update(part);
    let place = this.#end;
    for (const part of [length, json, ...columns, hash.digest()]) {
      for (let done = 0; done < part.length;) {
        done += writeSync(this.#fd, part, done, part.length - done, place + done);
      }
      place += part.length;
    }
    this.#end = place;
  }

  /** The block at a place; `null` if it is not whole. */
  #block<Meta>(
    place: number,
    columnsOf: (meta: Meta) => number,
  ): { meta: Meta; columns: Buffer; end: number } | null {
    const metaBytes = this.#bytes(place, 4)?.readUInt32LE() ?? 0;
    if (metaBytes === 0 || metaBytes > maxMetaBytes) return null;
    const json = this.#bytes(place + 4, metaBytes);
    if (json === null) return null;
    const meta = parse(json) as Meta | null;
    const sizeBytes = meta === null ? Number.NaN : columnsOf(meta);
    if (meta === null || !Number.isSafeInteger(sizeBytes)) return null;
    const columns = this.#bytes(place + 4 + metaBytes, sizeBytes);
    const end = place + 4 + metaBytes + sizeBytes + hashBytes;
    const hash = this.#bytes(end - hashBytes, hashBytes);
    if (columns === null || hash === null) return null;
    const found = createHash("sha256").update(json).update(columns).digest();
    return found.equals(hash) ? { meta, columns, end } : null;
  }

  /** `null` if the file ends before. */
  #bytes(place: number, sizeBytes: number): Buffer | null {
    const bytes = Buffer.alloc(sizeBytes);
    for (let done = 0; done < sizeBytes;) {
      const read = readSync(this.#fd, bytes, done, sizeBytes - done, place + done);
      if (read === 0) return null;
      done += read;
    }
    return bytes;
  }
}

function encoded(segment: EventSegment, source: SegmentSource) {
  const { dictionary, subjects, bytes, ...rest } = segment.kept();
  const meta: SegmentMeta = { source, ...dictionary, subjects, dataBytes: bytes.length };
  const { types, occurredAt, recordedAt, ids, episodes, begins, subjectPlaces } = rest;
  const parts = [types, occurredAt, recordedAt, ids, episodes, begins, subjectPlaces, bytes];
  return { meta, columns: parts.map(asBytes) };
}

/** SHA-256, in hexadecimal, over all that is kept of a segment. */
export function segmentHash(segment: EventSegment, source: SegmentSource): string {
  const { meta, columns } = encoded(segment, source);
  const hash = createHash("sha256").update(JSON.stringify(meta));
  for (const part of columns) hash.update(part);
  return hash.digest("hex");
}

function headerOf(segmentEvents: number, definitionHash: string): Header {
  return { format, segmentEvents, endianness: endianness(), types: eventTypes, definitionHash };
}

/** Whether the header is what would be written now, whatever the definitions. */
function isReadable(header: Header, segmentEvents: number): boolean {
  const wanted = headerOf(segmentEvents, header.definitionHash);
  return JSON.stringify(header) === JSON.stringify(wanted);
}

/** A meta text that its hash does not stand for may be anything: it is used only for sizes before that is checked. */
function parse(json: Buffer): unknown {
  try {
    return JSON.parse(json.toString("utf8"));
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

function keptSegment(count: number, meta: SegmentMeta, columns: Buffer): KeptSegment {
  let place = 0;
  const take = (sizeBytes: number): ArrayBuffer => {
    // A copy begins at a place where numbers may stand.
    const part = new Uint8Array(columns.subarray(place, place + sizeBytes));
    place += sizeBytes;
    return part.buffer;
  };
  return {
    types: new Uint8Array(take(count)),
    occurredAt: new Float64Array(take(count * 8)),
    recordedAt: new Float64Array(take(count * 8)),
    ids: Buffer.from(take(count * idBytes)),
    episodes: new Uint32Array(take(count * 4)),
    begins: new Uint32Array(take((count + 1) * 4)),
    subjectPlaces: new Uint32Array(take(count * 4)),
    subjects: meta.subjects,
    bytes: Buffer.from(take(meta.dataBytes)),
    dictionary: { words: meta.words, shapes: meta.shapes },
  };
}

function asBytes(column: Uint8Array | Float64Array | Uint32Array): Buffer {
  return Buffer.from(column.buffer, column.byteOffset, column.byteLength);
}

/** A named pipe would be waited for without end. */
function assertPlain(path: string): void {
  const stat = statOf(path);
  if (stat !== null && !stat.isFile()) throw new Error(`it is ${kindOf(stat)}, not a file`);
}

function openIfThere(path: string, flags: "r" | "r+"): number | null {
  try {
    return openSync(path, flags);
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return null;
    throw error;
  }
}

/**
 * The read model's columns in a file beside the ledger, so that a start reads only the tail of the ledger and only what
 * is asked for is in memory. The file is derived, and is discarded at any doubt: deleting it costs a rebuild and nothing
 * else.
 *
 * A magic word is followed by a header and then by full segments in order, each a block (segment-block.ts). A segment
 * names its source events by their sequences and the root of the tree over their leaves (RFC 6962).
 */
import { closeSync, constants, ftruncateSync, openSync, rmSync, writeSync } from "node:fs";
import { randomUUID } from "node:crypto";
import { endianness, tmpdir } from "node:os";
import { join } from "node:path";
import { eventTypes } from "../../events/catalogue.ts";
import { kindOf, statOf } from "../../store/sqlite/files/side-files.ts";
import { EventSegment } from "../columns/event-columns.ts";
import type { KeptSegment, SealedSegment } from "../columns/kept-segment.ts";
import { StoredDetail } from "../columns/segment-detail.ts";
import { pageChecks, StoredBytes } from "../columns/stored-bytes.ts";
import type { KeptOfFiles } from "../columns/stored-bytes.ts";
import { BlockReader, hashPart, isIntact, parseUnchecked } from "./block-reader.ts";
import type { Block } from "./block-reader.ts";
import {
  block,
  bytesAfterHead,
  hashBytes,
  lengthBytes,
  namesIn,
  offsetsOf,
  readSegment,
  segmentBlock,
} from "./segment-block.ts";
import type { SegmentHead, SegmentSource } from "./segment-block.ts";

/** Raised whenever the columns or their bytes change; files of any other format are not read. */
const format = 7;
const magic = Buffer.from("FLGRDRV\n");

interface Header {
  readonly format: number;
  readonly segmentEvents: number;
  readonly endianness: string;
  readonly types: readonly string[];
  /** Hash of the definitions that the read model was computed by when the file was begun. */
  readonly definitionHash: string;
}

/** A segment read from a file. */
export interface FoundSegment extends KeptSegment {
  readonly source: SegmentSource;
  /** SHA-256 of its block; the same events give the same hash. */
  readonly hash: string;
}

/** The segments in a file, and the definitions that made them. */
export interface Derived {
  readonly definitionHash: string;
  readonly segments: AsyncIterable<FoundSegment>;
}

export interface DerivedOptions {
  readonly segmentEvents: number;
  /** Cache of recently read parts. */
  readonly kept: KeptOfFiles;
  /** Called when another program changed the file while it is in use. */
  readonly onChanged: (what: string) => void;
}

export class DerivedFile {
  readonly #fd: number;
  readonly #blocks: BlockReader;
  readonly #isWritable: boolean;
  readonly #segmentEvents: number;
  readonly #kept: KeptOfFiles;
  readonly #onChanged: (what: string) => void;
  /** Where the next segment goes: after the last intact one. */
  #end = 0;

  private constructor(fd: number, isWritable: boolean, options: DerivedOptions) {
    this.#fd = fd;
    this.#blocks = new BlockReader(fd);
    this.#isWritable = isWritable;
    this.#segmentEvents = options.segmentEvents;
    this.#kept = options.kept;
    this.#onChanged = options.onChanged;
  }

  /** `null` if the file is missing and may not be created. */
  static open(path: string, mode: "read" | "write", options: DerivedOptions): DerivedFile | null {
    assertPlain(path);
    const isWritable = mode === "write";
    const fd = openIfThere(path, isWritable ? "r+" : "r");
    if (fd !== null) return new DerivedFile(fd, isWritable, options);
    return isWritable ? new DerivedFile(openSync(path, "w+"), true, options) : null;
  }

  /** A file that disappears when this process ends, for a process that may not write beside the ledger. */
  static temporary(options: DerivedOptions): DerivedFile {
    const path = join(tmpdir(), `fleetledger-${randomUUID()}.derived`);
    const { O_RDWR, O_CREAT, O_EXCL } = constants;
    const fd = openSync(path, O_RDWR | O_CREAT | O_EXCL, 0o600);
    rmSync(path);
    return new DerivedFile(fd, true, options);
  }

  /** The file's content; `null` if it is empty, its header is damaged, or it has another format. */
  read(): Derived | null {
    const start = this.#blocks.bytes(0, magic.length);
    if (start === null || !start.equals(magic)) return null;
    const frame = this.#blocks.frame<Header>(magic.length, () => 0);
    if (frame === null) return null;
    const { head, wholeBytes } = frame;
    const bytes = this.#blocks.bytes(magic.length, wholeBytes);
    if (bytes === null || !isIntact(bytes) || !isReadable(head, this.#segmentEvents)) return null;
    this.#end = magic.length + wholeBytes;
    return { definitionHash: head.definitionHash, segments: this.#segments() };
  }

  /** Discards the file's content and starts anew. */
  restart(definitionHash: string): void {
    if (!this.#isWritable) return;
    ftruncateSync(this.#fd, 0);
    this.#end = 0;
    this.#append(magic);
    this.#append(block(headerOf(this.#segmentEvents, definitionHash), []));
  }

  /** Appends a full segment; from now on the segment is read from the file. */
  append(sealed: SealedSegment, source: SegmentSource): void {
    if (!this.#isWritable) return;
    const begin = this.#end;
    const bytes = segmentBlock(sealed, source);
    this.#append(bytes);
    const headBytes = lengthBytes + bytes.readUInt32LE();
    const head = parseUnchecked(bytes.subarray(lengthBytes, headBytes)) as SegmentHead;
    sealed.segment.moveTo(this.#detail(begin, bytes, headBytes, head));
  }

  close(): void {
    closeSync(this.#fd);
  }

  /** A function that closes the file later and keeps nothing else alive. */
  closer(): () => void {
    const fd = this.#fd;
    return () => closeSync(fd);
  }

  /** The intact segments, up to the first that is missing or damaged. */
  async *#segments(): AsyncIterable<FoundSegment> {
    const ahead = (begin: number) =>
      this.#blocks.blockAhead<SegmentHead>(begin, (head) =>
        bytesAfterHead(head, this.#segmentEvents),
      );
    let next = ahead(this.#end);
    try {
      for (let found = await next; found !== null; found = await next) {
        const { begin, bytes } = found;
        next = ahead(begin + bytes.length);
        this.#end = begin + bytes.length;
        yield this.#segment(found);
      }
      if (this.#isWritable) ftruncateSync(this.#fd, this.#end);
    } finally {
      // The file may be closed after this.
      await Promise.allSettled([next]);
      this.#blocks.letGo();
    }
  }

  #segment({ begin, bytes, headBytes, head }: Block<SegmentHead>): FoundSegment {
    const count = this.#segmentEvents;
    const offsets = offsetsOf(headBytes, head.sizes, count);
    const { columns, kept } = readSegment(bytes, offsets, count, head);
    const segment = EventSegment.stored(columns, this.#detail(begin, bytes, headBytes, head));
    return { source: head.source, segment, kept, hash: hashPart(bytes).toString("hex") };
  }

  #detail(begin: number, bytes: Buffer, headBytes: number, head: SegmentHead): StoredDetail {
    const part = {
      fd: this.#fd,
      begin,
      sizeBytes: bytes.length,
      checks: pageChecks(bytes),
      onChanged: this.#onChanged,
    };
    const offsets = offsetsOf(headBytes, head.sizes, this.#segmentEvents);
    const names = namesIn(bytes, offsets);
    return new StoredDetail(new StoredBytes(part, this.#kept), offsets, names);
  }

  #append(bytes: Buffer): void {
    for (let done = 0; done < bytes.length;) {
      done += writeSync(this.#fd, bytes, done, bytes.length - done, this.#end + done);
    }
    this.#end += bytes.length;
  }
}

/** SHA-256, in hexadecimal, of a full segment's block; the same events give the same hash. */
export function segmentHash(sealed: SealedSegment, source: SegmentSource): string {
  const bytes = segmentBlock(sealed, source);
  return bytes.toString("hex", bytes.length - hashBytes);
}

function headerOf(segmentEvents: number, definitionHash: string): Header {
  return { format, segmentEvents, endianness: endianness(), types: eventTypes, definitionHash };
}

/** Whether the header has the present format and sizes, whatever the definitions. */
function isReadable(header: Header, segmentEvents: number): boolean {
  const wanted = headerOf(segmentEvents, header.definitionHash);
  return JSON.stringify(header) === JSON.stringify(wanted);
}

/** Refuses anything but a plain file: opening a named pipe would wait forever. */
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

/**
 * The read model's columns in a file beside the ledger, so that a start reads only the tail of the ledger and only what
 * is asked for is in memory. The file is derived, and is discarded at any doubt: deleting it costs a rebuild and nothing
 * else.
 *
 * A magic word is followed by a header and then by full segments in order, each a block (segment-block.ts). A segment
 * names its source events by their sequences and the root of the tree over their leaves (RFC 6962).
 */
import {
  closeSync,
  constants,
  ftruncateSync,
  openSync,
  readSync,
  rmSync,
  writeSync,
} from "node:fs";
import { createHash, randomUUID } from "node:crypto";
import { endianness, tmpdir } from "node:os";
import { join } from "node:path";
import { eventTypes } from "../../events/catalogue.ts";
import { kindOf, statOf } from "../../store/sqlite/files/side-files.ts";
import { EventSegment } from "../columns/event-columns.ts";
import type { KeptParts } from "../columns/kept-parts.ts";
import type { KeptSegment, SealedSegment } from "../columns/kept-segment.ts";
import { StoredDetail } from "../columns/segment-detail.ts";
import { pageChecks, StoredBytes } from "../columns/stored-bytes.ts";
import {
  block,
  bytesAfterHead,
  hashBytes,
  lengthBytes,
  maxHeadBytes,
  offsetsOf,
  readSegment,
  segmentBlock,
} from "./segment-block.ts";
import type { SegmentHead, SegmentSource } from "./segment-block.ts";

/** Raised whenever the columns or their bytes change; files of any other format are not read. */
const format = 6;
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
  readonly segments: Iterable<FoundSegment>;
}

export interface DerivedOptions {
  readonly segmentEvents: number;
  /** Cache of recently read parts. */
  readonly kept: KeptParts;
  /** Called when another program changed the file while it is in use. */
  readonly onChanged: (what: string) => void;
}

export class DerivedFile {
  readonly #fd: number;
  readonly #isWritable: boolean;
  readonly #segmentEvents: number;
  readonly #kept: KeptParts;
  readonly #onChanged: (what: string) => void;
  /** Where the next segment goes: after the last intact one. */
  #end = 0;
  #scratch = Buffer.alloc(0);

  private constructor(fd: number, isWritable: boolean, options: DerivedOptions) {
    this.#fd = fd;
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
    const start = this.#bytes(0, magic.length);
    if (start === null || !start.equals(magic)) return null;
    const head = this.#block<Header>(magic.length, () => 0);
    if (head === null || !isReadable(head.head, this.#segmentEvents)) return null;
    this.#end = head.end;
    const { definitionHash } = head.head;
    return { definitionHash, segments: this.#segments() };
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
    const head = parse(bytes.subarray(lengthBytes, headBytes)) as SegmentHead;
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
  *#segments(): Iterable<FoundSegment> {
    const count = this.#segmentEvents;
    for (;;) {
      const begin = this.#end;
      const found = this.#block<SegmentHead>(begin, (head) => bytesAfterHead(head, count));
      if (found === null) break;
      this.#end = found.end;
      const { bytes, headBytes, head } = found;
      const offsets = offsetsOf(headBytes, head.sizes, count);
      const { columns, kept } = readSegment(bytes, offsets, count, head);
      const segment = EventSegment.stored(columns, this.#detail(begin, bytes, headBytes, head));
      const hash = bytes.toString("hex", bytes.length - hashBytes);
      yield { source: head.source, segment, kept, hash };
    }
    if (this.#isWritable) ftruncateSync(this.#fd, this.#end);
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
    return new StoredDetail(new StoredBytes(part, this.#kept), offsets);
  }

  #append(bytes: Buffer): void {
    for (let done = 0; done < bytes.length;) {
      done += writeSync(this.#fd, bytes, done, bytes.length - done, this.#end + done);
    }
    this.#end += bytes.length;
  }

  /** The block at an offset; `null` if it is not intact. */
  #block<Head>(
    begin: number,
    afterHead: (head: Head) => number | null,
  ): { head: Head; headBytes: number; bytes: Buffer; end: number } | null {
    const jsonBytes = this.#bytes(begin, lengthBytes)?.readUInt32LE() ?? 0;
    if (jsonBytes === 0 || jsonBytes > maxHeadBytes) return null;
    const headBytes = lengthBytes + jsonBytes;
    const json = this.#bytes(begin + lengthBytes, jsonBytes);
    const head = json === null ? null : (parse(json) as Head | null);
    const sizeBytes = head === null ? null : afterHead(head);
    if (head === null || sizeBytes === null) return null;
    const wholeBytes = headBytes + sizeBytes + hashBytes;
    // Each block is finished with before the next is read, so they share one buffer.
    if (this.#scratch.length < wholeBytes && this.#byteAt(begin + wholeBytes - 1) !== null)
      this.#scratch = Buffer.allocUnsafeSlow(wholeBytes);
    const bytes = this.#bytes(begin, wholeBytes, this.#scratch.subarray(0, wholeBytes));
    if (bytes === null) return null;
    const signed = bytes.subarray(lengthBytes, headBytes + sizeBytes);
    const found = createHash("sha256").update(signed).digest();
    if (!found.equals(bytes.subarray(headBytes + sizeBytes))) return null;
    return { head, headBytes, bytes, end: begin + bytes.length };
  }

  /** `null` if the file ends before that. */
  #bytes(at: number, sizeBytes: number, into?: Buffer): Buffer | null {
    // A damaged header may claim sizes beyond the file's end, so nothing is allocated for those.
    if (sizeBytes > maxHeadBytes && this.#byteAt(at + sizeBytes - 1) === null) return null;
    const bytes = into?.length === sizeBytes ? into : Buffer.alloc(sizeBytes);
    for (let done = 0; done < sizeBytes;) {
      const read = readSync(this.#fd, bytes, done, sizeBytes - done, at + done);
      if (read === 0) return null;
      done += read;
    }
    return bytes;
  }

  #byteAt(at: number): number | null {
    const byte = Buffer.alloc(1);
    return readSync(this.#fd, byte, 0, 1, at) === 1 ? (byte[0] ?? null) : null;
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

/** Parses a text whose hash is not checked yet, so it may be anything; until then only its sizes are used. */
function parse(json: Buffer): unknown {
  try {
    return JSON.parse(json.toString("utf8"));
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
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

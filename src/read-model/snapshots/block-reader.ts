/** Reads the blocks of a derived file: a length, a JSON text, columns, and the SHA-256 of all but the length. */
import { createHash } from "node:crypto";
import { read, readSync } from "node:fs";
import { promisify } from "node:util";
import { hashBytes, lengthBytes, maxHeadBytes } from "./segment-block.ts";

const readLater = promisify(read);
const nothing = Buffer.alloc(0);

/** A block's head, and how many bytes the head and the whole block have. */
interface Frame<Head> {
  readonly head: Head;
  readonly headBytes: number;
  readonly wholeBytes: number;
}

/** An intact block. */
export interface Block<Head> extends Omit<Frame<Head>, "wholeBytes"> {
  /** Where it begins in the file. */
  readonly begin: number;
  readonly bytes: Buffer;
}

/** How many bytes follow a head; `null` if it is not one. */
type AfterHead<Head> = (head: Head) => number | null;

export class BlockReader {
  readonly #fd: number;
  /** One block is read ahead while the one before it is used. */
  #scratch: [Buffer, Buffer] = [nothing, nothing];

  constructor(fd: number) {
    this.#fd = fd;
  }

  /** A block that is read while others are used; an error waits until somebody asks for the block. */
  blockAhead<Head>(begin: number, afterHead: AfterHead<Head>): Promise<Block<Head> | null> {
    const block = this.#blockAt(begin, afterHead);
    block.catch(() => undefined);
    return block;
  }

  /** `null` if it is not intact. */
  async #blockAt<Head>(begin: number, afterHead: AfterHead<Head>): Promise<Block<Head> | null> {
    const frame = this.frame(begin, afterHead);
    if (frame === null) return null;
    const { head, headBytes, wholeBytes } = frame;
    const bytes = this.#scratchFor(wholeBytes);
    for (let done = 0; done < wholeBytes;) {
      const { bytesRead } = await readLater(this.#fd, bytes, done, wholeBytes - done, begin + done);
      if (bytesRead === 0) return null;
      done += bytesRead;
    }
    return isIntact(bytes) ? { begin, head, headBytes, bytes } : null;
  }

  /** Two buffers take turns: at most one block is read ahead. */
  #scratchFor(wholeBytes: number): Buffer {
    const [used, free] = this.#scratch;
    const scratch = free.length < wholeBytes ? Buffer.allocUnsafeSlow(wholeBytes) : free;
    this.#scratch = [scratch, used];
    return scratch.subarray(0, wholeBytes);
  }

  /** Lets go of what blocks were read into: that is megabytes, and blocks are read at a start alone. */
  letGo(): void {
    this.#scratch = [nothing, nothing];
  }

  /** What the block at an offset says of itself; `null` if there can be none, or the file ends before it does. */
  frame<Head>(begin: number, afterHead: AfterHead<Head>): Frame<Head> | null {
    const jsonBytes = this.bytes(begin, lengthBytes)?.readUInt32LE() ?? 0;
    if (jsonBytes === 0 || jsonBytes > maxHeadBytes) return null;
    const headBytes = lengthBytes + jsonBytes;
    const json = this.bytes(begin + lengthBytes, jsonBytes);
    const head = json === null ? null : (parseUnchecked(json) as Head | null);
    const sizeBytes = head === null ? null : afterHead(head);
    if (head === null || sizeBytes === null) return null;
    const wholeBytes = headBytes + sizeBytes + hashBytes;
    // A damaged head may claim sizes beyond the file's end: nothing is allocated for those.
    return this.#byteAt(begin + wholeBytes - 1) === null ? null : { head, headBytes, wholeBytes };
  }

  /** `null` if the file ends before that. */
  bytes(at: number, sizeBytes: number): Buffer | null {
    const bytes = Buffer.alloc(sizeBytes);
    for (let done = 0; done < sizeBytes;) {
      const found = readSync(this.#fd, bytes, done, sizeBytes - done, at + done);
      if (found === 0) return null;
      done += found;
    }
    return bytes;
  }

  #byteAt(at: number): number | null {
    const byte = Buffer.alloc(1);
    return readSync(this.#fd, byte, 0, 1, at) === 1 ? (byte[0] ?? null) : null;
  }
}

/** Whether the hash behind a block is that of all of it but the length. */
export function isIntact(bytes: Buffer): boolean {
  const hash = createHash("sha256").update(bytes.subarray(lengthBytes, -hashBytes)).digest();
  return hash.equals(hashPart(bytes));
}

/** The hash behind a block. */
export function hashPart(bytes: Buffer): Buffer {
  return bytes.subarray(bytes.length - hashBytes);
}

/** Parses a text whose hash is not checked yet, so it may be anything; until then only its sizes are used. */
export function parseUnchecked(json: Buffer): unknown {
  try {
    return JSON.parse(json.toString("utf8"));
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

/** The hash of a leaf (RFC 6962, section 2.1): SHA-256 over a zero byte and the event's canonical text. */
import { hash } from "node:crypto";
import { canonicalCheckedEvent } from "./canonical.ts";
import type { PositionParts, StatedParts } from "./canonical.ts";

/** Bytes of a hash. */
export const leafHashBytes = 32;

/** Writes the leaf's hash into `into` at `offset`. */
function writeLeafHash(text: string, into: Buffer, offset: number): void {
  // U+0000 is the single byte 0x00 in UTF-8. As latin1 text the digest costs half of a buffer of its own.
  into.write(hash("sha256", `\u0000${text}`, "latin1"), offset, "latin1");
}

/** Hashes of leaves one after another in one piece of memory that grows. */
export class PackedHashes {
  #bytes: Buffer = Buffer.allocUnsafe(64 * leafHashBytes);
  length = 0;

  /** Adds the hash of an event that was checked just now. */
  addEvent(event: StatedParts, position: PositionParts): void {
    this.add(canonicalCheckedEvent(event, position));
  }

  add(text: string): void {
    const offset = this.length * leafHashBytes;
    if (offset === this.#bytes.length) {
      const larger = Buffer.allocUnsafe(2 * offset);
      larger.set(this.#bytes);
      this.#bytes = larger;
    }
    writeLeafHash(text, this.#bytes, offset);
    this.length++;
  }

  /** Hashes that stand one after another. */
  addAll(hashes: Uint8Array): void {
    const offset = this.length * leafHashBytes;
    if (offset + hashes.length > this.#bytes.length) {
      const larger = Buffer.allocUnsafe(Math.max(offset + hashes.length, 2 * this.#bytes.length));
      larger.set(this.#bytes.subarray(0, offset));
      this.#bytes = larger;
    }
    this.#bytes.set(hashes, offset);
    this.length += hashes.length / leafHashBytes;
  }

  /** All hashes so far; overwritten by what is added after `clear`. */
  bytes(): Buffer {
    return this.#bytes.subarray(0, this.length * leafHashBytes);
  }

  clear(): void {
    this.length = 0;
  }
}

/**
 * Reads part of a file that never changes, page by page. Each page is compared with its checksum, so bytes that
 * another program wrote are noticed.
 */
import { readSync } from "node:fs";
import { endianness } from "node:os";
import { crc32 } from "node:zlib";
import { intAt } from "../../../projections/arithmetic/invariants.ts";
import { LedgerError } from "../../errors.ts";
import { KeptPages, pageBytes } from "./kept-pages.ts";
import type { PageOwner } from "./kept-pages.ts";
import { KeptParts } from "./kept-parts.ts";
import type { KeptPart } from "./kept-parts.ts";

const nothing = Buffer.alloc(0);
const isLittleEndian = endianness() === "LE";
const notThere = -1;
/** What was read last of what is not kept; new memory for each read would take longer than to read it. */
let readOnce = nothing;

/** The file, and which of its bytes. */
interface StoredPart {
  readonly fd: number;
  readonly begin: number;
  readonly sizeBytes: number;
  /** CRC-32 of each page. */
  readonly checks: Uint32Array;
  /** Called with a description if bytes have changed. */
  readonly onChanged: (what: string) => void;
}

/** What is kept in memory of all files together. */
export interface KeptOfFiles {
  readonly pages: KeptPages;
  /** What is made from pages. */
  readonly parts: KeptParts;
}

/** Dictionaries of words take a quarter at most, pages the rest. */
export function keptWithin(maxBytes: number): KeptOfFiles {
  const ofParts = maxBytes / 4;
  return { pages: new KeptPages(maxBytes - ofParts), parts: new KeptParts(ofParts) };
}

/** The checksum of each page of the bytes. */
export function pageChecks(bytes: Buffer): Uint32Array {
  const checks = new Uint32Array(Math.ceil(bytes.length / pageBytes));
  for (let page = 0; page < checks.length; page++)
    checks[page] = crc32(bytes.subarray(page * pageBytes, (page + 1) * pageBytes));
  return checks;
}

export class StoredBytes implements PageOwner {
  readonly #part: StoredPart;
  readonly #kept: KeptOfFiles;
  /** The slot of each page. */
  readonly #slots: Int32Array;
  /** The slot of the bytes that were located last. */
  #slot = notThere;

  constructor(part: StoredPart, kept: KeptOfFiles) {
    this.#part = part;
    this.#kept = kept;
    this.#slots = new Int32Array(part.checks.length).fill(notThere);
  }

  /** The buffer of the bytes found by the last `locate`; read-only, and the next `locate` may overwrite them. */
  located: Buffer = nothing;

  /**
   * Bytes that are wanted in one piece and not kept: they hold until the next such read of any part. Numbers that are aligned in the
   * part are aligned in it. Throws `rebuilding` if the file has changed.
   */
  read(at: number, sizeBytes: number): Buffer {
    const first = Math.floor(at / pageBytes);
    const after = Math.ceil((at + sizeBytes) / pageBytes);
    const wanted = (after - first) * pageBytes;
    if (readOnce.length < wanted) readOnce = Buffer.allocUnsafeSlow(2 * wanted);
    this.#readPages(first, after, readOnce, 0);
    const from = at - first * pageBytes;
    return readOnce.subarray(from, from + sizeBytes);
  }

  /** Finds bytes and returns their offset in `located`. Throws `rebuilding` if the file has changed. */
  locate(at: number, sizeBytes: number): number {
    const page = Math.floor(at / pageBytes);
    const from = at - page * pageBytes;
    const { pages } = this.#kept;
    if (from + sizeBytes <= pageBytes) {
      this.#slot = this.#slotOf(page);
      this.located = pages.slabOf(this.#slot);
      return pages.offsetOf(this.#slot) + from;
    }
    const whole = Buffer.allocUnsafe(sizeBytes);
    for (let done = 0; done < sizeBytes;) {
      const slot = this.#slotOf(Math.floor((at + done) / pageBytes));
      const begin = pages.offsetOf(slot);
      const first = begin + ((at + done) % pageBytes);
      done += pages.slabOf(slot).copy(whole, done, first, begin + pageBytes);
    }
    this.#slot = notThere;
    this.located = whole;
    return 0;
  }

  /** Keeps the located bytes as they are until others are held, whatever is located meanwhile. */
  hold(): void {
    this.#kept.pages.hold(this.#slot);
  }

  /** Reads in this machine's byte order, as a Uint32Array does. */
  uint32(at: number): number {
    const from = this.locate(at, 4);
    return isLittleEndian ? this.located.readUInt32LE(from) : this.located.readUInt32BE(from);
  }

  /** Caches something made from the bytes. */
  keep(sizeBytes: number, drop: () => void): KeptPart {
    return this.#kept.parts.add(sizeBytes, drop);
  }

  forget(page: number): void {
    this.#slots[page] = notThere;
  }

  #slotOf(page: number): number {
    const { pages } = this.#kept;
    const known = intAt(this.#slots, page);
    if (known !== notThere) {
      pages.use(known);
      return known;
    }
    const slot = pages.take();
    this.#readPages(page, page + 1, pages.slabOf(slot), pages.offsetOf(slot));
    pages.own(slot, this, page);
    this.#slots[page] = slot;
    return slot;
  }

  /** Reads neighbouring pages at once, and holds each against its check sum. */
  #readPages(first: number, after: number, into: Buffer, offset: number): void {
    const { fd, begin, sizeBytes, checks } = this.#part;
    const from = first * pageBytes;
    const length = Math.min(after * pageBytes, sizeBytes) - from;
    for (let done = 0; done < length;) {
      const read = readSync(fd, into, offset + done, length - done, begin + from + done);
      if (read === 0) this.#changed(`it ends before byte ${begin + from + length}`);
      done += read;
    }
    for (let page = first; page < after; page++) {
      const at = page * pageBytes;
      const end = Math.min(at + pageBytes, sizeBytes);
      if (crc32(into.subarray(offset + at - from, offset + end - from)) !== checks[page])
        this.#changed(`its bytes ${begin + at} to ${begin + end - 1} have changed`);
    }
  }

  #changed(what: string): never {
    this.#part.onChanged(what);
    throw new LedgerError(
      "rebuilding",
      "Another program changed the file of derived data. It is being rebuilt from the ledger, which is not affected. Try again soon.",
    );
  }
}

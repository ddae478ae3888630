/**
 * Reads part of a file that never changes, page by page. Each page is compared with its checksum, so bytes that
 * another program wrote are noticed.
 */
import { readSync } from "node:fs";
import { endianness } from "node:os";
import { crc32 } from "node:zlib";
import { LedgerError } from "../../errors.ts";
import type { KeptPart, KeptParts } from "./kept-parts.ts";

/**
 * Small, because a fold of all history reads only a few facts of an entity in every segment, and the bytes read around
 * them are wasted. A month takes some thousand pages, which is tens of milliseconds.
 */
const pageBytes = 4_096;
const nothing = Buffer.alloc(0);
const isLittleEndian = endianness() === "LE";

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

interface Page {
  readonly bytes: Buffer;
  readonly kept: KeptPart;
}

/** The checksum of each page of the bytes. */
export function pageChecks(bytes: Buffer): Uint32Array {
  const checks = new Uint32Array(Math.ceil(bytes.length / pageBytes));
  for (let page = 0; page < checks.length; page++)
    checks[page] = crc32(bytes.subarray(page * pageBytes, (page + 1) * pageBytes));
  return checks;
}

export class StoredBytes {
  readonly #part: StoredPart;
  readonly #kept: KeptParts;
  readonly #pages: (Page | null)[];

  constructor(part: StoredPart, kept: KeptParts) {
    this.#part = part;
    this.#kept = kept;
    this.#pages = Array.from({ length: part.checks.length }, () => null);
  }

  /** The bytes found by the last `locate`; read-only. */
  located: Buffer = nothing;

  /** Finds bytes and returns their offset in `located`. Throws `rebuilding` if the file has changed. */
  locate(at: number, sizeBytes: number): number {
    const page = Math.floor(at / pageBytes);
    const from = at - page * pageBytes;
    if (from + sizeBytes <= pageBytes) {
      this.located = this.#page(page);
      return from;
    }
    const whole = Buffer.allocUnsafe(sizeBytes);
    for (let done = 0; done < sizeBytes;) {
      const bytes = this.#page(Math.floor((at + done) / pageBytes));
      done += bytes.copy(whole, done, (at + done) % pageBytes);
    }
    this.located = whole;
    return 0;
  }

  /** Reads in this machine's byte order, as a Uint32Array does. */
  uint32(at: number): number {
    const from = this.locate(at, 4);
    return isLittleEndian ? this.located.readUInt32LE(from) : this.located.readUInt32BE(from);
  }

  /** Caches something made from the bytes, within the same bound. */
  keep(sizeBytes: number, drop: () => void): KeptPart {
    return this.#kept.add(sizeBytes, drop);
  }

  #page(page: number): Buffer {
    const known = this.#pages[page];
    if (known !== null && known !== undefined) {
      known.kept.used = true;
      return known.bytes;
    }
    const bytes = this.#readPage(page);
    const kept = this.#kept.add(bytes.length, () => {
      this.#pages[page] = null;
    });
    this.#pages[page] = { bytes, kept };
    return bytes;
  }

  #readPage(page: number): Buffer {
    const { fd, begin, sizeBytes, checks } = this.#part;
    const from = page * pageBytes;
    const bytes = Buffer.allocUnsafeSlow(Math.min(pageBytes, sizeBytes - from));
    for (let done = 0; done < bytes.length;) {
      const read = readSync(fd, bytes, done, bytes.length - done, begin + from + done);
      if (read === 0) this.#changed(`it ends before byte ${begin + from + bytes.length}`);
      done += read;
    }
    if (crc32(bytes) !== checks[page])
      this.#changed(`its bytes ${begin + from} to ${begin + from + bytes.length - 1} have changed`);
    return bytes;
  }

  #changed(what: string): never {
    this.#part.onChanged(what);
    throw new LedgerError(
      "rebuilding",
      "Another program changed the file of derived data. It is being rebuilt from the ledger, which is not affected. Try again soon.",
    );
  }
}

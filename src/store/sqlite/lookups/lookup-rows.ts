/** The table of lookups: what finds events in blocks that are full. Derived from the events, and made anew where it is in doubt. */
import { endianness } from "node:os";
import type { DatabaseSync, StatementSync } from "node:sqlite";
import { LedgerError } from "../../../errors.ts";
import { isDamage, unavailable } from "../rows/sqlite-error.ts";
import { checkedRow, signedRow } from "./block-bytes.ts";
import type { BlockRow } from "./open-block.ts";
import { headerPlace, parts, placeOf } from "./places.ts";
import type { Seeds } from "./seeded-hash.ts";

export const lookupsTable = `
  CREATE TABLE lookups (place INTEGER PRIMARY KEY, entries BLOB NOT NULL) STRICT;
`;

/** How the rows of a file were made. */
interface LookupHeader {
  /** Raised when the bytes of rows change; rows of any other version are made anew. */
  readonly version: number;
  readonly endianness: string;
  readonly blockEvents: number;
  readonly seeds: Seeds;
}

const version = 1;

export function newHeader(blockEvents: number, seeds: Seeds): LookupHeader {
  return { version, endianness: endianness(), blockEvents, seeds };
}

export class LookupRows {
  readonly #insert: StatementSync;
  readonly #get: StatementSync;
  readonly #last: StatementSync;
  readonly #clear: StatementSync;
  readonly #count: StatementSync;

  constructor(db: DatabaseSync) {
    this.#insert = db.prepare("INSERT INTO lookups (place, entries) VALUES (?, ?)");
    this.#get = db.prepare("SELECT entries FROM lookups WHERE place = ?");
    this.#last = db.prepare("SELECT max(place) AS last FROM lookups");
    this.#clear = db.prepare("DELETE FROM lookups WHERE place >= ?");
    this.#count = db.prepare(
      "SELECT count(*) AS count FROM lookups WHERE place >= ? AND place < ?",
    );
  }

  /** `null` if there is none that this version and machine can use. */
  header(blockEvents: number): LookupHeader | null {
    const bytes = this.#bytes(headerPlace);
    const found = bytes === null ? null : checkedRow(headerPlace, bytes);
    if (found === null) return null;
    const header = JSON.parse(found.toString()) as LookupHeader;
    const wanted = newHeader(blockEvents, header.seeds);
    return JSON.stringify(header) === JSON.stringify(wanted) ? header : null;
  }

  /** Removes every row, and begins anew. */
  restart(header: LookupHeader): void {
    this.#write(() => this.#clear.run(headerPlace));
    this.insert({ place: headerPlace, bytes: Buffer.from(JSON.stringify(header)) });
  }

  insert({ place, bytes }: BlockRow): void {
    this.#write(() => this.#insert.run(place, signedRow(place, bytes)));
  }

  /** How many blocks have rows. */
  blockCount(): number {
    const last = this.#read(() => Number(this.#last.get()?.["last"] ?? 0));
    return Math.max(0, Math.floor(last / placeOf(0, 0)));
  }

  /** A part of a block; `null` if it has no such part. Throws `corrupt-event` if something else wrote over it. */
  part(block: number, part: number): Buffer | null {
    const place = placeOf(block, part);
    const row = this.#bytes(place);
    if (row === null) {
      if (part === parts.summary || part === parts.ids) throw damagedLookups(block);
      return null;
    }
    const bytes = checkedRow(place, row);
    if (bytes === null) throw damagedLookups(block);
    return bytes;
  }

  /** Whether a block's rows are these, and no others. */
  hasExactly(rows: readonly BlockRow[]): boolean {
    const [first] = rows;
    if (first === undefined) return true;
    const bounds = [first.place, first.place + placeOf(0, 0)] as const;
    const count = this.#read(() => this.#count.get(...bounds)?.["count"]);
    const isThere = ({ place, bytes }: BlockRow): boolean => {
      const row = this.#bytes(place);
      return row !== null && signedRow(place, bytes).equals(row);
    };
    return count === rows.length && rows.every(isThere);
  }

  #bytes(place: number): Uint8Array | null {
    const value = this.#read(() => this.#get.get(place)?.["entries"]);
    return value instanceof Uint8Array ? value : null;
  }

  #read<T>(read: () => T): T {
    try {
      return read();
    } catch (error) {
      if (!isDamage(error)) throw unavailable("a read of the ledger", error);
      throw damagedLookups(null, error);
    }
  }

  #write(write: () => void): void {
    try {
      write();
    } catch (error) {
      throw unavailable("a write to the ledger", error);
    }
  }
}

function damagedLookups(block: number | null, cause?: unknown): LedgerError {
  const where = block === null ? "" : ` of block ${block + 1}`;
  return new LedgerError(
    "corrupt-event",
    `the lookups${where}, by which events are found, are damaged; the next start of the server makes them anew from the events`,
    { cause },
  );
}

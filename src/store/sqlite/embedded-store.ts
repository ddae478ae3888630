/** The embedded store's interface: the port, and what only a store in a file can do. */
import type { AppendOutcome, StoreTrouble, StreamAppend } from "../port.ts";
import type { LeafStore } from "../leaf-store.ts";
import type { Marks } from "./rows/marks.ts";
import type { RawEvent } from "./rows/row-codec.ts";
import type { Say } from "../telling.ts";

export interface EmbeddedOptions {
  readonly path: string;
  /** `write` creates the file if it is missing and takes the ledger's lock; `read` does neither. */
  readonly mode: "read" | "write";
  /** Everything in the file can be fetched again from elsewhere, so a commit need not wait for the disk. */
  readonly isDerived?: boolean;
  /** Events of a block of lookups. Default: as in limits.ts. */
  readonly blockEvents?: number;
  /** Called with a message when something is wrong with the files, and when it is right again. */
  readonly say?: Say | undefined;
}

export interface ReadOptions {
  readonly upTo?: number;
  readonly batchSize?: number;
}

export interface EmbeddedStore extends LeafStore {
  /** Like `readAll`, but without parsing or upcasting: for hashing and for copies. */
  readRaw(after: number, options?: ReadOptions): AsyncIterable<readonly RawEvent[]>;
  /** What the rows alone decide about an append: its ids are already in the ledger, or occur twice in it; `null` if they decide nothing. */
  judge(part: StreamAppend): AppendOutcome | null;
  /** For a mirror: commits all parts and the marks at once, or nothing if any part is refused. */
  takeWhole(parts: readonly StreamAppend[], marks: Marks): readonly AppendOutcome[];
  /** Runs the periodic maintenance now: retries what failed, and reports what is wrong. */
  lookAfterFiles(): void;
  troubles(): readonly StoreTrouble[];
  /** Copies the ledger to a new file while the ledger is in use. Throws `invalid-request` if the file exists. */
  backup(path: string): Promise<void>;
}

/** The embedded store as its users see it: the port, and what only a file can do. */
import type { AppendOutcome, StoreTrouble, StreamAppend } from "../port.ts";
import type { LeafStore } from "../leaf-store.ts";
import type { Marks } from "./rows/marks.ts";
import type { RawEvent } from "./rows/row-codec.ts";
import type { Say } from "../telling.ts";

export interface EmbeddedOptions {
  readonly path: string;
  /** `write` makes the file if need be, and takes the ledger's lock; `read` does neither. */
  readonly mode: "read" | "write";
  /** All of it can be had again from elsewhere: a commit need not wait for the disk. */
  readonly isDerived?: boolean;
  /** Called with what is wrong with the files, and when it is right again. */
  readonly say?: Say | undefined;
}

export interface ReadOptions {
  readonly upTo?: number;
  readonly batchSize?: number;
}

export interface EmbeddedStore extends LeafStore {
  /** As `readAll`, without parsing or upcasting: for hashing and for copies. */
  readRaw(after: number, options?: ReadOptions): AsyncIterable<readonly RawEvent[]>;
  /** What is certain of an append from the rows alone: its ids stand, or come twice; `null` if nothing is. */
  judge(part: StreamAppend): AppendOutcome | null;
  /** For a mirror: all parts and the marks in one commit, or nothing of it if any part is refused. */
  takeWhole(parts: readonly StreamAppend[], marks: Marks): readonly AppendOutcome[];
  /** What it does now and then of its own accord: tries again what failed, and tells of what is wrong. */
  lookAfterFiles(): void;
  troubles(): readonly StoreTrouble[];
  /** Copies the ledger to a new file while it is in use. Throws `invalid-request` if the file exists. */
  backup(path: string): Promise<void>;
}

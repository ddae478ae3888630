/** The lookups of an open file. */
import type { FullBlocks } from "./full-blocks.ts";
import type { LedgerIndex } from "./ledger-index.ts";
import type { LookupRows } from "./lookup-rows.ts";
import type { SeededHash } from "./seeded-hash.ts";

export interface Lookups {
  readonly index: LedgerIndex;
  readonly blocks: FullBlocks;
  readonly hash: SeededHash;
  readonly rows: LookupRows;
  /** Frees what is not part of the ledger's file. */
  readonly close: () => void;
}

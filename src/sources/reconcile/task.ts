/** Work on one stream: what a payload tells of one node or one job, against what the stream has. */
import type { StoredEvent } from "../../events/envelope.ts";
import type { Draft } from "./drafts.ts";

/** A fault that counts, as others find it. */
interface KnownFault {
  readonly faultId: string;
  readonly from: number;
}

/** What a task may ask of the rest of the ledger. */
export interface Surroundings {
  /** The faults of a node that begin within a time, both ends included, whoever stated them. */
  faultsOf(cluster: string, node: string, from: number, to: number): readonly KnownFault[];
}

export interface Settled {
  readonly drafts: readonly Draft[];
  /** Observations that told nothing new. */
  readonly absorbed: number;
  /** Events that the ledger has already. */
  readonly duplicates: number;
  /** Observations that are counted only because they came to something, beyond those of the payload. */
  readonly found: number;
}

export interface Task {
  readonly stream: string;
  /** Where the payload tells it. */
  readonly path: string;
  settle(events: readonly StoredEvent[], ledger: Surroundings): Settled;
}

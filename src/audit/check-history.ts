/**
 * Checking a history by itself: rebuild the tree, check every seal, recompute every issued report. The
 * same for a bundle and for a store; neither is trusted.
 */
import { effectiveFacts, type RawEvent } from "../../projections/effective-facts.ts";
import { plainClusterView } from "../../projections/plain-cluster-view.ts";
import { RefusedRequest } from "../../projections/refused-request.ts";
import { isLedgerError, LedgerError } from "../errors.ts";
import type { DataOf } from "../events/catalogue.ts";
import type { StoredEvent } from "../events/envelope.ts";
import { openCheckpoint, type TreeHead } from "./checkpoint.ts";
import { reportBytes, sha256Hex } from "./issued-report.ts";
import { parseLeaf } from "./leaf.ts";
import { hashLeaf } from "./merkle-hash.ts";
import { MerkleTree } from "./merkle-tree.ts";
import { NoteError, type NoteVerifier } from "./signed-note.ts";

/** Something that is not as it must be. `sequence` where one event can be named. */
export interface Flaw {
  readonly sequence: number | null;
  readonly message: string;
}

export interface HistoryCheck {
  readonly events: number;
  readonly head: TreeHead;
  readonly sealsChecked: number;
  readonly reportsChecked: number;
  /** Whether the tree at the size of the checkpoint seen before has its root; `null` if none was given. */
  readonly consistentWithSince: boolean | null;
  readonly flaws: readonly Flaw[];
}

export interface HistoryToCheck {
  /** Canonical texts by sequence, in batches. A `corrupt-event` that it throws is a flaw. */
  readonly leaves: AsyncIterable<readonly string[]>;
  readonly verifier: NoteVerifier;
  /** The head seen before, from a checkpoint that the verifier has signed. */
  readonly since?: TreeHead | undefined;
  readonly onProgress?: ((events: number) => void) | undefined;
}

/** Flaws that are told one by one; a thousand more would say no more. */
const maxFlaws = 100;

export async function checkHistory(history: HistoryToCheck): Promise<HistoryCheck> {
  const checker = new HistoryChecker(history);
  try {
    for await (const batch of history.leaves) {
      for (const leaf of batch) await checker.take(leaf);
      history.onProgress?.(checker.events);
    }
  } catch (error) {
    if (!isLedgerError(error, "corrupt-event")) throw error;
    const sequence = error.extra.sequence;
    checker.flaw(typeof sequence === "number" ? sequence : checker.events + 1, error.message);
  }
  return checker.finish();
}

class HistoryChecker {
  readonly #history: HistoryToCheck;
  /** Every block is hashed on the way, so the tree is only asked about states that it is in. */
  readonly #tree = new MerkleTree(() => Promise.reject(new Error("a past block was asked for")));
  readonly #flaws: Flaw[] = [];
  readonly #past: RawEvent[] = [];
  readonly #revisions = new Map<string, bigint>();
  readonly #ids = new Set<string>();
  #seals = 0;
  #reports = 0;
  #consistent: boolean | null;

  constructor(history: HistoryToCheck) {
    this.#history = history;
    this.#consistent = history.since === undefined ? null : false;
  }

  get events(): number {
    return this.#tree.size;
  }

  flaw(sequence: number | null, message: string): void {
    if (this.#flaws.length < maxFlaws) this.#flaws.push({ sequence, message });
  }

  async take(leaf: string): Promise<void> {
    const sequence = this.#tree.size + 1;
    const event = parseLeaf(leaf, sequence);
    this.#checkPlace(event);
    if (event.type === "LedgerSealed") await this.#checkSeal(event);
    if (event.type === "ReportIssued") await this.#checkReport(event);
    this.#past.push(event as unknown as RawEvent);
    this.#tree.append(hashLeaf(leaf));
    const since = this.#history.since;
    if (since !== undefined && since.size === BigInt(sequence)) {
      this.#consistent = (await this.#tree.root()).equals(since.root);
    }
  }

  async finish(): Promise<HistoryCheck> {
    const root = await this.#tree.root();
    const { since, verifier } = this.#history;
    if (since !== undefined && since.size === 0n) this.#consistent = true;
    if (since !== undefined && this.#consistent !== true) {
      const why =
        since.size > BigInt(this.#tree.size)
          ? `it has ${since.size} events, this history only ${this.#tree.size}`
          : `the first ${since.size} events are not those that it was made over`;
      this.flaw(null, `not consistent with the checkpoint seen before: ${why}`);
    }
    return {
      events: this.#tree.size,
      head: { origin: verifier.name, size: BigInt(this.#tree.size), root },
      sealsChecked: this.#seals,
      reportsChecked: this.#reports,
      consistentWithSince: this.#consistent,
      flaws: this.#flaws,
    };
  }

  #checkPlace(event: StoredEvent): void {
    const expected = (this.#revisions.get(event.stream) ?? -1n) + 1n;
    if (event.revision !== expected) {
      this.flaw(
        event.sequence,
        `revision ${event.revision} of ${event.stream} stands where ${expected} must be`,
      );
    }
    this.#revisions.set(event.stream, event.revision);
    if (this.#ids.has(event.id)) this.flaw(event.sequence, `the id ${event.id} is used twice`);
    this.#ids.add(event.id);
  }

  async #checkSeal(event: StoredEvent): Promise<void> {
    const seal = event.data as DataOf<"LedgerSealed">;
    this.#seals++;
    const root = await this.#tree.root();
    try {
      const head = openCheckpoint(seal.checkpoint, this.#history.verifier);
      const isHere = head.size === BigInt(this.#tree.size) && BigInt(seal.size) === head.size;
      if (!isHere)
        this.flaw(event.sequence, `the seal is over ${head.size} events, not over all before it`);
      else if (!head.root.equals(root) || seal.rootHash !== root.toString("hex")) {
        this.flaw(event.sequence, `the seal over ${seal.size} events does not fit these events`);
      }
    } catch (error) {
      if (!(error instanceof NoteError)) throw error;
      this.flaw(event.sequence, `the seal is not good: ${error.message}`);
    }
  }

  async #checkReport(event: StoredEvent): Promise<void> {
    const issued = event.data as DataOf<"ReportIssued">;
    this.#reports++;
    const P = issued.sequence;
    if (P > this.#tree.size) {
      this.flaw(
        event.sequence,
        `report ${issued.report} speaks of position ${P}, which was not there yet`,
      );
      return;
    }
    const past = this.#past.slice(0, P);
    const headRecordedAt = past.reduce(
      (latest, { recordedAt }) => Math.max(latest, recordedAt),
      -Infinity,
    );
    try {
      const facts = effectiveFacts(past, P);
      const view = plainClusterView(facts, issued.cluster, P, headRecordedAt);
      const bytes = reportBytes(view, issued);
      if (sha256Hex(bytes) !== issued.sha256) {
        this.flaw(event.sequence, `report ${issued.report} comes out otherwise than it was issued`);
      }
    } catch (error) {
      if (!(error instanceof LedgerError) && !(error instanceof RefusedRequest)) throw error;
      this.flaw(
        event.sequence,
        `report ${issued.report} cannot be computed again: ${error.message}`,
      );
    }
  }
}

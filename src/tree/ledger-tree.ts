/** The tree over a ledger as it grows, from the hashes that the store keeps beside the events. */
import { LedgerError } from "../errors.ts";
import { maxReadWaitMs } from "../limits/requests.ts";
import { livePollMs } from "../limits/store.ts";
import type { EventStore } from "../store/port.ts";
import type { LeafStore } from "../store/leaf-store.ts";
import { leafStore } from "../store/leaf-store.ts";
import { MerkleTree } from "./merkle-tree.ts";

/** Leaves read from the store at once: two megabytes of hashes. */
const leavesPerTurn = 1 << 16;

export interface LedgerTree {
  /** Number of leaves in the tree; the store may be ahead until the tree is asked for more. */
  readonly size: number;
  /** The root of the first `size` events. Default: of all events in the store. Throws `position-past-head`. */
  root(size?: number): Promise<Buffer>;
  /** PATH(index, D[size]) of RFC 6962, `index` counted from 0: that of sequence n is n - 1. Throws `position-past-head`. */
  inclusionProof(index: number, size: number): Promise<Buffer[]>;
  /** PROOF(firstSize, D[secondSize]) of RFC 6962, 1 ≤ firstSize ≤ secondSize. Throws `position-past-head`. */
  consistencyProof(firstSize: number, secondSize: number): Promise<Buffer[]>;
  /** The hash of the event at that sequence. Throws `position-past-head`. */
  leafHash(sequence: number): Promise<Buffer>;
  /** Adds all events that the store has now; returns the size. */
  catchUp(): Promise<number>;
  /** Waits until the store has `size` events. Throws `not-ready` after `timeoutMs`. */
  waitFor(size: number, timeoutMs?: number): Promise<void>;
  /** Stops answering; the store stays open. */
  close(): void;
}

/** Opens the tree and adds all events of the store. Throws `internal` for a store that keeps no leaves. */
export async function openLedgerTree(store: EventStore): Promise<LedgerTree> {
  const tree = new StoreTree(leafStore(store));
  await tree.catchUp();
  return tree;
}

class StoreTree implements LedgerTree {
  readonly #store: LeafStore;
  readonly #tree: MerkleTree;
  #catchingUp: Promise<number> | null = null;
  #isOpen = true;

  constructor(store: LeafStore) {
    this.#store = store;
    this.#tree = new MerkleTree((from, to) => store.leafHashes(from, to));
  }

  get size(): number {
    return this.#tree.size;
  }

  async root(size?: number): Promise<Buffer> {
    if (size === undefined) return await this.#tree.root(await this.catchUp());
    await this.#reach(size);
    return await this.#tree.root(size);
  }

  async inclusionProof(index: number, size: number): Promise<Buffer[]> {
    await this.#reach(size);
    return await this.#tree.inclusionProof(index, size);
  }

  async consistencyProof(firstSize: number, secondSize: number): Promise<Buffer[]> {
    await this.#reach(secondSize);
    return await this.#tree.consistencyProof(firstSize, secondSize);
  }

  async leafHash(sequence: number): Promise<Buffer> {
    await this.#reach(sequence);
    return await this.#store.leafHashes(sequence - 1, sequence);
  }

  catchUp(): Promise<number> {
    if (!this.#isOpen) return Promise.reject(closed());
    // One at a time: two at once would add the same leaves twice.
    this.#catchingUp ??= this.#takeAll().finally(() => {
      this.#catchingUp = null;
    });
    return this.#catchingUp;
  }

  async waitFor(size: number, timeoutMs: number = maxReadWaitMs): Promise<void> {
    const until = performance.now() + timeoutMs;
    while (this.size < size && (await this.catchUp()) < size) {
      if (performance.now() >= until) {
        const detail = `the ledger has ${this.size} events, but ${size} were expected`;
        throw new LedgerError("not-ready", detail, { extra: { sequence: this.size } });
      }
      await new Promise((resume) => setTimeout(resume, livePollMs));
    }
  }

  close(): void {
    this.#isOpen = false;
  }

  async #takeAll(): Promise<number> {
    const { sequence } = await this.#store.head();
    while (this.#tree.size < sequence) {
      const from = this.#tree.size;
      const to = Math.min(sequence, from + leavesPerTurn);
      this.#tree.appendAll(await this.#store.leafHashes(from, to));
      await new Promise((resume) => setImmediate(resume));
    }
    return this.#tree.size;
  }

  async #reach(size: number): Promise<void> {
    if (!this.#isOpen) throw closed();
    if (size <= this.size || size <= (await this.catchUp())) return;
    throw new LedgerError(
      "position-past-head",
      `the ledger ends at sequence ${this.size}, but ${size} was requested`,
      { extra: { sequence: size, head: this.size } },
    );
  }
}

function closed(): LedgerError {
  return new LedgerError("store-unavailable", "the ledger's tree was closed");
}

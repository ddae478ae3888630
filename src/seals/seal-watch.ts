/**
 * Checks a mirror against the seals: at the start all of its events, hashed again, and later each seal of another
 * instance. The result is reported to the mirror's store: a mirror that does not match is stopped, and one that matches
 * is trusted again.
 */
import type { DataOf } from "../events/catalogue.ts";
import type { StoredEvent } from "../events/envelope.ts";
import { sealsStream } from "../events/stream.ts";
import { LedgerError, isLedgerError } from "../errors.ts";
import type { Ledger } from "../ledger/ledger.ts";
import { sealLookMs } from "../limits/seals.ts";
import type { EventStore } from "../store/port.ts";
import type { LeafStore } from "../store/leaf-store.ts";
import { leafStore } from "../store/leaf-store.ts";
import { openCheckpoint } from "../tree/checkpoint.ts";
import { hashLeaf } from "../events/canonical/merkle-hash.ts";
import { MerkleTree } from "../tree/merkle-tree.ts";
import { lastSeal, sealMismatch } from "./past-seals.ts";
import { NoteError } from "../tree/signed-note.ts";
import type { NoteVerifier } from "../tree/signed-note.ts";

interface SealWatchOptions {
  readonly ledger: Pick<Ledger, "store">;
  /** The key whose seals must bear its signature; without one only the roots are compared. */
  readonly verifier: NoteVerifier | null;
  /** Called with the error if a check cannot be made. */
  readonly onFailure: (error: unknown) => void;
  readonly everyMs?: number;
}

/**
 * Resolves after the first check, so that nothing is sealed before it. Watches until the returned function is called.
 * Does nothing for a store that is a local file. Never rejects.
 */
export async function watchSeals({
  ledger: { store },
  verifier,
  onFailure,
  everyMs = sealLookMs,
}: SealWatchOptions): Promise<() => Promise<void>> {
  if (store.distrust === undefined) return async () => undefined;
  const signer = verifier?.name ?? null;
  const distrust = (why: LedgerError): void => store.distrust?.(why, signer);
  const stopping = new AbortController();
  const history = new GrowingHistory(leafStore(store), stopping.signal);
  /** The revision of the seal to look at next: the last one first, then every one that follows. */
  let next: bigint | null = null;
  let looking: Promise<void> | null = null;
  const look = async (): Promise<void> => {
    try {
      next ??= (await lastSeal({ store }))?.revision ?? 0n;
      for await (const seal of store.readStream(sealsStream, next)) {
        const found = await checkSeal(seal, history, verifier);
        if (stopping.signal.aborted) return;
        if (found !== null) {
          distrust(found);
          return;
        }
        next = seal.revision + 1n;
      }
      store.trust?.(signer);
    } catch (error) {
      if (isLedgerError(error, "corrupt-event")) distrust(error);
      else if (!stopping.signal.aborted) onFailure(error);
    }
  };
  const turn = (): void => {
    looking ??= look().finally(() => {
      looking = null;
    });
  };
  await look();
  const timer = setInterval(turn, everyMs).unref();
  return async () => {
    clearInterval(timer);
    stopping.abort();
    await looking;
  };
}

/**
 * Checks the last seal by its root alone: every event under it is hashed again, since stored hashes prove nothing. The
 * result is reported to the store, as by `watchSeals`. Returns what is wrong; `null` if nothing is, or nothing was
 * sealed.
 */
export async function lookAtLastSeal(
  store: EventStore,
  onProgress: (done: number, total: number) => void,
): Promise<LedgerError | null> {
  const found = await wrongWithLastSeal(store, onProgress);
  if (found === null) store.trust?.(null);
  else store.distrust?.(found, null);
  return found;
}

async function wrongWithLastSeal(
  store: EventStore,
  onProgress: (done: number, total: number) => void,
): Promise<LedgerError | null> {
  try {
    const seal = await lastSeal({ store });
    if (seal === null) return null;
    const { signal } = new AbortController();
    return await checkSeal(seal, new GrowingHistory(leafStore(store), signal, onProgress), null);
  } catch (error) {
    if (isLedgerError(error, "corrupt-event")) return error;
    throw error;
  }
}

/** The tree over the present events, hashed one by one. */
class GrowingHistory {
  readonly #store: LeafStore;
  readonly #signal: AbortSignal;
  readonly #onProgress: (done: number, total: number) => void;
  readonly #tree: MerkleTree;

  constructor(
    store: LeafStore,
    signal: AbortSignal,
    onProgress: (done: number, total: number) => void = () => undefined,
  ) {
    this.#store = store;
    this.#signal = signal;
    this.#onProgress = onProgress;
    this.#tree = new MerkleTree((from, to) => this.#hashes(from, to));
  }

  /** The root over the first `size` events; `null` if the store has fewer. */
  async root(size: number): Promise<Buffer | null> {
    for await (const leaves of this.#store.readLeaves(this.#tree.size, { upTo: size })) {
      this.#signal.throwIfAborted();
      for (const leaf of leaves) this.#tree.append(hashLeaf(leaf));
      this.#onProgress(this.#tree.size, size);
      await new Promise((resume) => setImmediate(resume));
    }
    return this.#tree.size < size ? null : await this.#tree.root(size);
  }

  async #hashes(from: number, to: number): Promise<Buffer> {
    const hashes: Buffer[] = [];
    for await (const leaves of this.#store.readLeaves(from, { upTo: to })) {
      for (const leaf of leaves) hashes.push(hashLeaf(leaf));
    }
    return Buffer.concat(hashes);
  }
}

/** What is wrong; `null` if the history is what was sealed. */
async function checkSeal(
  seal: StoredEvent,
  history: GrowingHistory,
  verifier: NoteVerifier | null,
): Promise<LedgerError | null> {
  const { sequence } = seal;
  const { size, checkpoint } = seal.data as DataOf<"LedgerSealed">;
  const wrong = (why: string): LedgerError =>
    new LedgerError("corrupt-event", `the seal at sequence ${sequence} ${why}`, {
      extra: { sequence },
    });
  const root = await history.root(size);
  if (root === null) return wrong(`covers ${size} events, more than the ledger has`);
  const mismatch = sealMismatch(seal, root);
  if (mismatch !== null) return mismatch;
  // For a seal by a key of another name, only the root can be checked.
  if (verifier === null || !checkpoint.startsWith(`${verifier.name}\n`)) return null;
  try {
    const head = openCheckpoint(checkpoint, verifier);
    const isSame = head.size === BigInt(size) && head.root.equals(root);
    return isSame ? null : wrong("contradicts its signed checkpoint");
  } catch (error) {
    if (!(error instanceof NoteError)) throw error;
    return wrong(`is invalid: ${error.message}`);
  }
}

/** Keeps the read model up to date with the store: reads the events that are there, then follows new ones. */
import { setImmediate as nextTurn } from "node:timers/promises";
import { LedgerError, isLedgerError } from "../errors.ts";
import type { StoredEvent } from "../events/envelope.ts";
import { definitionHash } from "./snapshots/definition-hash.ts";
import type { LiveModel } from "./live/live-model.ts";
import { KeptModel } from "./snapshots/kept-model.ts";
import type { DerivedOptions } from "./snapshots/kept-model.ts";
import type { ViewedStore } from "./snapshots/viewed-store.ts";

/** How far the read model is behind the store. */
export interface ProjectionStatus {
  /** The last sequence that the views include. */
  readonly sequence: number;
  readonly headSequence: number;
  readonly lagEvents: number;
  /** Seconds since the oldest event that is not projected yet was appended; 0 if there is none. */
  readonly lagSeconds: number;
  /** With `catching-up` and `rebuilding` comes a progress from 0 to 1. */
  readonly state: "ready" | "catching-up" | "rebuilding" | "failed";
  readonly progress: number;
  readonly definitionHash: string;
  readonly error: string | null;
  /** Why the file of derived data is not kept up to date; the figures are right all the same. */
  readonly derivedError: string | null;
}

interface Waiter {
  readonly sequence: number;
  readonly resolve: () => void;
  readonly reject: (reason: LedgerError) => void;
}

/** Suffix of the file that a rebuild fills, until it replaces the other. */
const newSuffix = ".new";

export class Projector {
  readonly #store: ViewedStore;
  readonly #stopping = new AbortController();
  readonly #listeners = new Set<(sequence: number) => void>();
  #waiters: Waiter[] = [];
  /** Appends of this process that are not projected yet: their last sequence, and when they came. */
  #behind: { readonly sequence: number; readonly atMs: number }[] = [];
  #kept: KeptModel;
  /** Functions that close the files of replaced models, which may still be answering requests. */
  readonly #replaced = new Set<() => void>();
  /** Closes a replaced model's file, and frees its disk space, once nothing uses the model any more. */
  readonly #unused = new FinalizationRegistry((close: () => void) => {
    if (this.#replaced.delete(close)) close();
  });
  #following: Promise<void> | null = null;
  #failure: LedgerError | null = null;
  #rebuildFailure: LedgerError | null = null;
  readonly #derived: DerivedOptions;
  /** Set while a new model is built beside the one that serves; `sequence` says how far it is. */
  #rebuilding: { readonly done: Promise<void>; sequence: number } | null = null;

  constructor(store: ViewedStore, derived: DerivedOptions = { path: null, mode: "read" }) {
    this.#store = store;
    const onChanged = (): void => {
      void this.rebuild();
    };
    this.#derived = { ...derived, onChanged };
    this.#kept = KeptModel.fresh(store, this.#derived);
  }

  /**
   * Loads the snapshot and reads the events after it, then follows the ledger in the background. A snapshot made
   * by other definitions serves while the model is rebuilt beside it.
   */
  async start(onProgress?: (done: number, total: number) => void): Promise<void> {
    const { sequence: total } = await this.#store.head();
    const tell = (sequence: number): void => onProgress?.(sequence, total);
    const { kept, isStale } = await KeptModel.load(this.#store, this.#derived, tell);
    this.#kept = kept;
    await this.#readInto(kept, total, tell);
    this.#following = this.#follow();
    if (isStale) void this.rebuild();
    else await kept.keep();
  }

  /**
   * Rebuilds the model from the first event on, while the present model serves and follows; then the new one
   * replaces it. Resolves when that is done. If it fails, `status` says so and the present model
   * stays.
   */
  rebuild(): Promise<void> {
    if (this.#rebuilding !== null) return this.#rebuilding.done;
    const { path } = this.#derived;
    const derived =
      path === null ? this.#derived : { ...this.#derived, path: `${path}${newSuffix}` };
    const done = this.#build(KeptModel.fresh(this.#store, derived))
      .catch((error: unknown) => {
        this.#rebuildFailure = failureOf(error);
      })
      .finally(() => {
        this.#rebuilding = null;
      });
    this.#rebuilding = { done, sequence: 0 };
    return done;
  }

  get model(): LiveModel {
    return this.#kept.model;
  }

  get sequence(): number {
    return this.#kept.model.sequence;
  }

  get failure(): LedgerError | null {
    return this.#failure;
  }

  /** Calls `listener` after the model has advanced; returns a function that stops this. */
  onProjected(listener: (sequence: number) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Resolves once the model has `sequence`. Rejects with `not-ready` after `timeoutMs`, or if following has failed. */
  async waitFor(sequence: number, timeoutMs: number): Promise<void> {
    if (this.sequence >= sequence) return;
    if (this.#failure !== null) throw notFollowing(this.#failure);
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#waiters = this.#waiters.filter((each) => each !== waiter);
        const detail = `the views have reached sequence ${this.sequence}; ${sequence} was requested`;
        reject(new LedgerError("not-ready", detail, { extra: { sequence: this.sequence } }));
      }, timeoutMs);
      const settled = (settle: () => void) => () => {
        clearTimeout(timer);
        settle();
      };
      const waiter: Waiter = {
        sequence,
        resolve: settled(resolve),
        reject: (reason) => {
          settled(() => reject(reason))();
        },
      };
      this.#waiters.push(waiter);
    });
  }

  /** Called by the writer for what it appended, so that the lag is known. */
  noteAppended(sequence: number, atMs: number): void {
    if (sequence > this.sequence) this.#behind.push({ sequence, atMs });
  }

  status(nowMs: number): ProjectionStatus {
    const { sequence } = this;
    const headSequence = Math.max(sequence, this.#behind.at(-1)?.sequence ?? 0);
    const oldest = this.#behind[0];
    return {
      sequence,
      headSequence,
      lagEvents: headSequence - sequence,
      lagSeconds: oldest === undefined ? 0 : Math.max(0, (nowMs - oldest.atMs) / 1_000),
      state: this.#state(),
      progress: headSequence === 0 ? 1 : (this.#rebuilding?.sequence ?? sequence) / headSequence,
      definitionHash: definitionHash(),
      error: (this.#failure ?? this.#rebuildFailure)?.message ?? null,
      derivedError: this.#kept.error,
    };
  }

  /** Stops following; those who wait are rejected. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#following;
    await this.#rebuilding?.done;
    this.#kept.close();
    for (const close of this.#replaced) close();
    this.#replaced.clear();
    this.#rejectWaiters(new LedgerError("not-ready", "the ledger is closing"));
  }

  #state(): ProjectionStatus["state"] {
    if (this.#failure !== null) return "failed";
    if (this.#following === null) return "catching-up";
    return this.#rebuilding === null ? "ready" : "rebuilding";
  }

  async #readInto(kept: KeptModel, upTo: number, tell: (sequence: number) => void): Promise<void> {
    for await (const batch of this.#store.readAll(kept.model.sequence, { upTo })) {
      await kept.apply(batch);
      tell(kept.model.sequence);
      await nextTurn();
      if (this.#stopping.signal.aborted) return;
    }
  }

  async #build(fresh: KeptModel): Promise<void> {
    const tell = (sequence: number): void => {
      if (this.#rebuilding !== null) this.#rebuilding.sequence = sequence;
    };
    // Events that arrive meanwhile are read too; in the end both models reach the same sequence within one turn.
    while (fresh.model.sequence < this.sequence) {
      await this.#readInto(fresh, this.sequence, tell);
      if (this.#stopping.signal.aborted) {
        fresh.close();
        return;
      }
    }
    const { path, mode } = this.#derived;
    if (path !== null && mode === "write") fresh.replaceFile(path);
    const close = this.#kept.closer();
    this.#replaced.add(close);
    this.#unused.register(this.#kept, close);
    this.#kept = fresh;
  }

  async #follow(): Promise<void> {
    const { signal } = this.#stopping;
    try {
      for await (const batch of this.#store.subscribe(this.sequence, signal)) {
        await this.#take(batch);
        this.#tell();
        if (signal.aborted) return;
      }
    } catch (error) {
      if (signal.aborted) return;
      this.#failure = failureOf(error);
      this.#rejectWaiters(notFollowing(this.#failure));
    }
  }

  /** A model that replaces the present one meanwhile may already have some of these events. */
  async #take(batch: readonly StoredEvent[]): Promise<void> {
    for (;;) {
      const kept = this.#kept;
      const after = kept.model.sequence;
      await kept.apply(batch.filter(({ sequence }) => sequence > after));
      if (kept === this.#kept) return;
    }
  }

  #tell(): void {
    const { sequence } = this;
    this.#behind = this.#behind.filter((each) => each.sequence > sequence);
    const reached = this.#waiters.filter((waiter) => waiter.sequence <= sequence);
    if (reached.length > 0) {
      this.#waiters = this.#waiters.filter((waiter) => waiter.sequence > sequence);
      for (const waiter of reached) waiter.resolve();
    }
    for (const listener of this.#listeners) listener(sequence);
  }

  #rejectWaiters(reason: LedgerError): void {
    const waiters = this.#waiters;
    this.#waiters = [];
    for (const waiter of waiters) waiter.reject(reason);
  }
}

function failureOf(error: unknown): LedgerError {
  if (isLedgerError(error)) return error;
  return new LedgerError("internal", "the views can no longer follow the store", { cause: error });
}

function notFollowing(cause: LedgerError): LedgerError {
  return new LedgerError("not-ready", `the views no longer follow the store: ${cause.message}`, {
    cause,
  });
}

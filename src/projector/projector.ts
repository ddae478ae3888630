/** Keeps the read model up with the store: reads what is there, then follows what is appended. */
import { setImmediate as nextTurn } from "node:timers/promises";
import { LedgerError, isLedgerError } from "../errors.ts";
import type { EventStore } from "../store/event-store.ts";
import { definitionHash } from "./definition-hash.ts";
import { LiveModel } from "./live-model.ts";

/** How far the read model is behind the store. */
export interface ProjectionStatus {
  /** The last sequence that the views have. */
  readonly sequence: number;
  readonly headSequence: number;
  readonly lagEvents: number;
  /** Seconds since the oldest event that is not projected yet was taken down; 0 if none. */
  readonly lagSeconds: number;
  /** `catching-up` and `rebuilding` come with progress from 0 to 1. */
  readonly state: "ready" | "catching-up" | "rebuilding" | "failed";
  readonly progress: number;
  readonly definitionHash: string;
  readonly error: string | null;
}

interface Waiter {
  readonly sequence: number;
  readonly resolve: () => void;
  readonly reject: (reason: LedgerError) => void;
}

export class Projector {
  readonly #store: EventStore;
  readonly #stopping = new AbortController();
  readonly #listeners = new Set<(sequence: number) => void>();
  #waiters: Waiter[] = [];
  /** What was appended here and is not projected yet: up to which sequence, and when. */
  #behind: { readonly sequence: number; readonly atMs: number }[] = [];
  #model = new LiveModel();
  #following: Promise<void> | null = null;
  #failure: LedgerError | null = null;

  constructor(store: EventStore) {
    this.#store = store;
  }

  /** Reads the ledger up to its head, then follows it in the background. */
  async start(onProgress?: (done: number, total: number) => void): Promise<void> {
    const { sequence: total } = await this.#store.head();
    for await (const batch of this.#store.readAll(this.#model.sequence, { upTo: total })) {
      this.#model.apply(batch);
      onProgress?.(this.#model.sequence, total);
      await nextTurn();
    }
    this.#following = this.#follow();
  }

  get model(): LiveModel {
    return this.#model;
  }

  get sequence(): number {
    return this.#model.sequence;
  }

  get failure(): LedgerError | null {
    return this.#failure;
  }

  /** Calls back after the model has moved on; returns how to stop that. */
  onProjected(listener: (sequence: number) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Resolves once the model has `sequence`. Rejects with `not-ready` after `timeoutMs`, or when following has failed. */
  async waitFor(sequence: number, timeoutMs: number): Promise<void> {
    if (this.sequence >= sequence) return;
    if (this.#failure !== null) throw notFollowing(this.#failure);
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#waiters = this.#waiters.filter((each) => each !== waiter);
        const detail = `the views stand at ${this.sequence}; ${sequence} was asked for`;
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

  /** The writer tells of what it appended, so that the lag is known. */
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
      state: this.#failure === null ? "ready" : "failed",
      progress: headSequence === 0 ? 1 : sequence / headSequence,
      definitionHash: definitionHash(),
      error: this.#failure?.message ?? null,
    };
  }

  /** Stops following; what waits is told. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#following;
    this.#rejectWaiters(new LedgerError("not-ready", "the ledger is closing"));
  }

  async #follow(): Promise<void> {
    const { signal } = this.#stopping;
    try {
      for await (const batch of this.#store.subscribe(this.#model.sequence, signal)) {
        this.#model.apply(batch);
        this.#tell();
        if (signal.aborted) return;
      }
    } catch (error) {
      if (signal.aborted) return;
      this.#failure = isLedgerError(error)
        ? error
        : new LedgerError("internal", "the views can no longer follow the store", { cause: error });
      this.#rejectWaiters(notFollowing(this.#failure));
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

function notFollowing(cause: LedgerError): LedgerError {
  return new LedgerError("not-ready", `the views no longer follow the store: ${cause.message}`, {
    cause,
  });
}

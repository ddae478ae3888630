/**
 * Seals the ledger while it serves: at an interval and by count it appends the signed head of the tree
 * over all events so far, and sends the same checkpoint to a second place. Failing to send never holds
 * an append up: it is told, and the newest checkpoint is tried again with the next turn.
 */
import { setTimeout as sleep } from "node:timers/promises";
import type { Clock } from "../clock.ts";
import type { DataOf } from "../events/catalogue.ts";
import type { Ledger } from "../ledger/ledger.ts";
import { idleSealIntervalMs, maxSealAttempts, sealEveryEvents, sealIntervalMs } from "../limits.ts";
import type { LedgerTree } from "./ledger-tree.ts";
import { lastSeal } from "./past-seals.ts";
import { sealNow } from "./seal-now.ts";
import type { SecondPlace } from "./second-place.ts";
import type { NoteSigner } from "./signed-note.ts";

export interface SealerOptions {
  readonly ledger: Ledger;
  readonly tree: LedgerTree;
  readonly signer: NoteSigner;
  readonly clock: Clock;
  readonly place?: SecondPlace | undefined;
  /** Told of what failed; nothing of it stops the ledger. */
  readonly onFailure: (error: unknown, what: string) => void;
  readonly intervalMs?: number | undefined;
  readonly everyEvents?: number | undefined;
  readonly idleIntervalMs?: number | undefined;
  /** Before the second attempt to send; it doubles. */
  readonly retryAfterMs?: number | undefined;
}

export interface SealerStatus {
  /** Events under the last seal; 0 if there is none. */
  readonly sealedSize: number;
  /** Milliseconds since the epoch; `null` without a seal. */
  readonly sealedAtMs: number | null;
  readonly secondPlace: string | null;
  /** Whether the last seal's checkpoint is not at the second place yet. */
  readonly isBehind: boolean;
  /** Checkpoints that could not be sent in all their attempts, since the start. */
  readonly failures: number;
  readonly lastError: string | null;
}

interface LastSeal {
  /** Events under it; 0 if there is none. */
  readonly size: number;
  readonly recordedAt: number;
}

export class Sealer {
  readonly #options: SealerOptions;
  #last: LastSeal = { size: 0, recordedAt: 0 };
  #timer: NodeJS.Timeout | null = null;
  #stopListening: () => void = () => undefined;
  #running: Promise<void> | null = null;
  /** The newest checkpoint that is not at the second place. */
  #unsent: string | null = null;
  #failures = 0;
  #lastError: string | null = null;
  readonly #stopping = new AbortController();

  constructor(options: SealerOptions) {
    this.#options = options;
  }

  /** Finds the last seal, and begins. */
  async start(): Promise<void> {
    const { ledger, intervalMs = sealIntervalMs, everyEvents = sealEveryEvents } = this.#options;
    const seal = await lastSeal(ledger);
    if (seal !== null) {
      const { size } = seal.data as DataOf<"LedgerSealed">;
      this.#last = { size, recordedAt: seal.recordedAt };
    }
    this.#timer = setInterval(() => void this.#turn(), intervalMs).unref();
    this.#stopListening = ledger.onProjected((sequence) => {
      if (this.#unsealed(sequence) >= everyEvents) void this.#turn();
    });
  }

  /** Seals what is new a last time, and stops. */
  async stop(): Promise<void> {
    if (this.#timer === null) return;
    clearInterval(this.#timer);
    this.#timer = null;
    this.#stopListening();
    this.#stopping.abort();
    await this.#running;
    await this.#turn();
  }

  status(): SealerStatus {
    const { size, recordedAt } = this.#last;
    return {
      sealedSize: size,
      sealedAtMs: size === 0 ? null : recordedAt,
      secondPlace: this.#options.place?.description ?? null,
      isBehind: this.#unsent !== null,
      failures: this.#failures,
      lastError: this.#lastError,
    };
  }

  /** Events up to the head that the last seal is not over, itself aside: another instance's may stand before it. */
  #unsealed(head: number): number {
    const { size } = this.#last;
    return size === 0 ? head : head - size - 1;
  }

  /** One at a time; never rejects. */
  #turn(): Promise<void> {
    this.#running ??= this.#sealAndSend().finally(() => {
      this.#running = null;
    });
    return this.#running;
  }

  async #sealAndSend(): Promise<void> {
    try {
      if (await this.#isDue()) await this.#seal();
    } catch (error) {
      this.#failed(error, "sealing the ledger");
    }
    await this.#send();
  }

  /** Something new beside seals; or a long time without any, so that ledger time goes on. */
  async #isDue(): Promise<boolean> {
    const { ledger, clock, idleIntervalMs = idleSealIntervalMs } = this.#options;
    // Of several instances on one store, the holder of its lease seals.
    if (ledger.store.status?.().holdsLease === false) return false;
    const { sequence } = await ledger.store.head();
    if (this.#unsealed(sequence) > 0) return true;
    return sequence > 0 && clock.nowMs() - this.#last.recordedAt >= idleIntervalMs;
  }

  async #seal(): Promise<void> {
    const { ledger, tree, signer, clock } = this.#options;
    const { size, checkpoint } = await sealNow({ ledger, tree, signer, clock });
    this.#last = { size, recordedAt: clock.nowMs() };
    if (this.#options.place !== undefined) this.#unsent = checkpoint;
  }

  async #send(): Promise<void> {
    const { place, retryAfterMs = 1_000 } = this.#options;
    const checkpoint = this.#unsent;
    if (place === undefined || checkpoint === null) return;
    for (let attempt = 1; ; attempt++) {
      try {
        await place.write(checkpoint);
        this.#unsent = null;
        this.#lastError = null;
        return;
      } catch (error) {
        if (attempt >= maxSealAttempts || this.#stopping.signal.aborted) {
          this.#failures++;
          this.#failed(error, `sending the checkpoint to ${place.description}`);
          return;
        }
      }
      await this.#pause(retryAfterMs * 2 ** (attempt - 1));
    }
  }

  /** A stop cuts the pause short. */
  async #pause(ms: number): Promise<void> {
    const { signal } = this.#stopping;
    await Promise.race([
      sleep(ms, undefined, { ref: false }),
      new Promise<void>((resume) => {
        signal.addEventListener("abort", () => resume(), { once: true });
      }),
    ]);
  }

  #failed(error: unknown, what: string): void {
    this.#lastError = `${what}: ${error instanceof Error ? error.message : String(error)}`;
    this.#options.onFailure(error, what);
  }
}

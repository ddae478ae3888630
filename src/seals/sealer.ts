/**
 * Seals the ledger while it serves: by time and by number of events, it appends the signed head of the tree over all
 * events so far, and sends the same checkpoint to a witness. A witness that does not answer delays nothing; the newest
 * checkpoint is sent again with the next seal.
 */
import type { Clock } from "../clock.ts";
import { isLedgerError } from "../errors.ts";
import type { DataOf } from "../events/catalogue.ts";
import type { Ledger } from "../ledger/ledger.ts";
import { idleSealIntervalMs, sealEveryEvents, sealIntervalMs } from "../limits/seals.ts";
import { CheckpointSender, wordsWithCause } from "./checkpoint-sender.ts";
import type { LedgerTree } from "../tree/ledger-tree.ts";
import { lastSeal } from "./past-seals.ts";
import { sealNow } from "./seal-now.ts";
import type { Witness } from "./witness.ts";
import type { NoteSigner } from "../tree/signed-note.ts";

export interface SealerOptions {
  readonly ledger: Ledger;
  readonly tree: LedgerTree;
  readonly signer: NoteSigner;
  readonly clock: Clock;
  readonly witness?: Witness | undefined;
  /** Called with each failure; none of them stops the ledger. */
  readonly onFailure: (error: unknown, what: string) => void;
  readonly intervalMs?: number | undefined;
  readonly everyEvents?: number | undefined;
  readonly idleIntervalMs?: number | undefined;
  /** Delay before the second attempt to send; it doubles with each attempt. */
  readonly retryAfterMs?: number | undefined;
}

export interface SealerStatus {
  /** Events under the last seal; 0 if there is none. */
  readonly sealedSize: number;
  /** Milliseconds since the epoch; `null` without a seal. */
  readonly sealedAtMs: number | null;
  readonly witness: string | null;
  /** Whether the witness does not have the last seal's checkpoint yet. */
  readonly isBehind: boolean;
  /** Checkpoints that could not be sent in all their attempts, since the start. */
  readonly failures: number;
  readonly lastError: string | null;
  /**
   * Why sealing has stopped: an event or a seal in the ledger is not what was stored; `null` if no such thing is known.
   */
  readonly corruption: string | null;
}

interface LastSeal {
  /** Events under it; 0 if there is none. */
  readonly size: number;
  readonly recordedAt: number;
}

export class Sealer {
  readonly #options: SealerOptions;
  readonly #sender: CheckpointSender | null;
  #last: LastSeal = { size: 0, recordedAt: 0 };
  #timer: NodeJS.Timeout | null = null;
  #stopListening: () => void = () => undefined;
  #running: Promise<void> | null = null;
  /** Another instance was to seal, when it was last looked at. */
  #wasOthers = false;
  #lastError: string | null = null;
  #corruption: string | null = null;

  constructor(options: SealerOptions) {
    this.#options = options;
    const { witness } = options;
    this.#sender = witness === undefined ? null : new CheckpointSender({ ...options, witness });
  }

  /** Finds the last seal, and begins. Whether the witness has its checkpoint is unknown, so it is sent again. */
  async start(): Promise<void> {
    const { ledger, intervalMs = sealIntervalMs, everyEvents = sealEveryEvents } = this.#options;
    const checkpoint = await this.#findLast();
    if (checkpoint !== null) this.#sender?.send(checkpoint);
    this.#timer = setInterval(() => this.#turn(), intervalMs).unref();
    this.#stopListening = ledger.onProjected((sequence) => {
      if (this.#unsealed(sequence) >= everyEvents) this.#turn();
    });
  }

  /** Seals what is new without waiting for its time, if it is this instance that seals. Never rejects. */
  async seal(): Promise<void> {
    await this.#running;
    this.#turn();
    await this.#running;
  }

  /** Seals what is new a last time, and stops. */
  async stop(): Promise<void> {
    if (this.#timer === null) return;
    clearInterval(this.#timer);
    this.#timer = null;
    this.#stopListening();
    await this.#running;
    this.#turn();
    await this.#running;
    await this.#sender?.stop();
  }

  status(): SealerStatus {
    const { size, recordedAt } = this.#last;
    return {
      sealedSize: size,
      sealedAtMs: size === 0 ? null : recordedAt,
      witness: this.#options.witness?.description ?? null,
      isBehind: this.#sender?.isBehind ?? false,
      failures: this.#sender?.failures ?? 0,
      lastError: this.#lastError ?? this.#sender?.lastError ?? null,
      corruption: this.#corruption,
    };
  }

  /** Events up to the head that the last seal is not over, itself aside: another instance's may stand before it. */
  #unsealed(head: number): number {
    const { size } = this.#last;
    return size === 0 ? head : head - size - 1;
  }

  /** Gives its checkpoint. */
  async #findLast(): Promise<string | null> {
    const seal = await lastSeal(this.#options.ledger);
    if (seal === null) return null;
    const { size, checkpoint } = seal.data as DataOf<"LedgerSealed">;
    this.#last = { size, recordedAt: seal.recordedAt };
    return checkpoint;
  }

  /** One at a time. */
  #turn(): void {
    this.#sender?.retry();
    this.#running ??= this.#sealAll().finally(() => {
      this.#running = null;
    });
  }

  /** Seals, and again if as many events came meanwhile as are sealed at once. Never rejects. */
  async #sealAll(): Promise<void> {
    const { ledger, everyEvents = sealEveryEvents, onFailure } = this.#options;
    try {
      do {
        if (!(await this.#isDue())) break;
        await this.#seal();
      } while (this.#unsealed(ledger.sequence()) >= everyEvents);
      this.#lastError = null;
      this.#corruption = null;
    } catch (error) {
      const what = "sealing the ledger";
      this.#lastError = `${what}: ${wordsWithCause(error)}`;
      if (isLedgerError(error, "corrupt-event")) this.#corruption = error.message;
      onFailure(error, what);
    }
  }

  /** Something new besides seals, or a long time without anything, so that ledger time advances. */
  async #isDue(): Promise<boolean> {
    const { ledger, clock, idleIntervalMs = idleSealIntervalMs } = this.#options;
    // Of several instances on one store, the holder of its lease seals; the others look at what it has sealed.
    const isOthers = ledger.store.status?.().holdsLease === false;
    const wasOthers = this.#wasOthers;
    this.#wasOthers = isOthers;
    if (isOthers || wasOthers) {
      const checkpoint = await this.#findLast();
      if (isOthers) return false;
      // The previous holder may have ended after a seal but before the witness got it.
      if (checkpoint !== null) this.#sender?.send(checkpoint);
    }
    const { sequence } = await ledger.store.head();
    if (this.#unsealed(sequence) > 0) return true;
    return sequence > 0 && clock.nowMs() - this.#last.recordedAt >= idleIntervalMs;
  }

  async #seal(): Promise<void> {
    const { ledger, tree, signer, clock } = this.#options;
    const { size: heldUpTo } = this.#last;
    const { size, checkpoint } = await sealNow({ ledger, tree, signer, clock, heldUpTo });
    this.#last = { size, recordedAt: clock.nowMs() };
    this.#sender?.send(checkpoint);
  }
}

/**
 * Sends the newest checkpoint to the witness, independently of sealing. A failure is reported, and the sending is
 * retried on request.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { stopSealMs } from "../limits/clients.ts";
import { maxSealAttempts } from "../limits/seals.ts";
import type { Witness } from "./witness.ts";

interface CheckpointSenderOptions {
  readonly witness: Witness;
  readonly onFailure: (error: unknown, what: string) => void;
  /** Delay before the second attempt to send; it doubles with each attempt. */
  readonly retryAfterMs?: number | undefined;
  /** How long a stop waits for the last attempt. */
  readonly stopMs?: number | undefined;
}

export class CheckpointSender {
  readonly #options: CheckpointSenderOptions;
  readonly #stopping = new AbortController();
  #running: Promise<void> | null = null;
  /** The newest checkpoint that the witness does not have, as far as is known. */
  #unsent: string | null = null;
  #failures = 0;
  #lastError: string | null = null;

  constructor(options: CheckpointSenderOptions) {
    this.#options = options;
  }

  get isBehind(): boolean {
    return this.#unsent !== null;
  }

  /** Checkpoints that could not be sent in all their attempts. */
  get failures(): number {
    return this.#failures;
  }

  get lastError(): string | null {
    return this.#lastError;
  }

  /** Sends the checkpoint once the one in progress has arrived or was given up; older ones that wait are skipped. */
  send(checkpoint: string): void {
    this.#unsent = checkpoint;
    this.retry();
  }

  /** Retries the checkpoint that has not arrived yet. */
  retry(): void {
    if (this.#unsent === null || this.#running !== null) return;
    this.#running = this.#sendAll().finally(() => {
      this.#running = null;
    });
  }

  /**
   * Makes a last attempt to send what the witness does not have. A witness that does not answer does not delay the
   * stop.
   */
  async stop(): Promise<void> {
    this.#stopping.abort();
    const { witness, onFailure, stopMs = stopSealMs } = this.#options;
    const last = async () => {
      await this.#running;
      this.retry();
      await this.#running;
    };
    if (await endsWithin(last(), stopMs)) return;
    this.#failures++;
    const error = new Error(
      `there was no answer for ${stopMs / 1_000} s, and the ledger is stopping`,
    );
    onFailure(error, `sending the checkpoint to ${witness.description}`);
  }

  /** Never rejects. */
  async #sendAll(): Promise<void> {
    while (this.#unsent !== null) {
      const checkpoint = this.#unsent;
      const isSent = await this.#trySend(checkpoint);
      if (this.#unsent !== checkpoint) continue;
      if (!isSent) return;
      this.#unsent = null;
    }
  }

  async #trySend(checkpoint: string): Promise<boolean> {
    const { witness, onFailure, retryAfterMs = 1_000 } = this.#options;
    for (let attempt = 1; ; attempt++) {
      try {
        await witness.write(checkpoint);
        this.#lastError = null;
        return true;
      } catch (error) {
        if (attempt >= maxSealAttempts || this.#stopping.signal.aborted) {
          this.#failures++;
          const what = `sending the checkpoint to ${witness.description}`;
          this.#lastError = `${what}: ${wordsWithCause(error)}`;
          onFailure(error, what);
          return false;
        }
      }
      await this.#pause(retryAfterMs * 2 ** (attempt - 1));
    }
  }

  /** A stop cuts the pause short. */
  async #pause(ms: number): Promise<void> {
    const { signal } = this.#stopping;
    await sleep(ms, undefined, { ref: false, signal }).catch((error: unknown) => {
      if (!signal.aborted) throw error;
    });
  }
}

/** Whether the work ended in time; the work never rejects. */
async function endsWithin(work: Promise<void>, ms: number): Promise<boolean> {
  return await new Promise((resolve) => {
    const timer = setTimeout(() => resolve(false), ms);
    void work.then(() => {
      clearTimeout(timer);
      resolve(true);
    });
  });
}

/** The error's message with its cause: "fetch failed" alone says little. */
export function wordsWithCause(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause === undefined
    ? error.message
    : `${error.message}: ${wordsWithCause(error.cause)}`;
}

/**
 * A sink for log lines, in order, that never blocks the process. Lines that cannot be written are kept up to a limit
 * and retried; beyond it they are dropped and counted, and the count is reported when lines can be written again.
 */
import { Buffer } from "node:buffer";
import { logRetryMs, maxLogBytes, maxLogWriteBytes } from "../../limits/log.ts";

/** Writes some of the bytes and returns how many, or why it failed. Never blocks, and never throws. */
export type WriteSome = (
  bytes: Buffer,
  done: (error: NodeJS.ErrnoException | null, written: number) => void,
) => void;

/** The reader of the output has closed it. */
const endings: ReadonlySet<string | undefined> = new Set([
  "EPIPE",
  "ECONNRESET",
  "EBADF",
  "ERR_STREAM_DESTROYED",
]);

export class LogSink {
  readonly #write: WriteSome;
  readonly #queue: Buffer[] = [];
  #queuedBytes = 0;
  #isWriting = false;
  #hasEnded = false;
  #retry: NodeJS.Timeout | undefined;
  #error: string | null = null;
  #lost = 0;
  /** Number of lost lines that were already reported. */
  #told = 0;
  #whenQuiet: (() => void)[] = [];
  /** Called with the number of lost lines, once lines can be written again. */
  onLost: (lines: number) => void = (lines) => {
    this.write(
      `fleetledger: ${lines} log lines were lost here because they could not be written\n`,
    );
  };

  constructor(writeSome: WriteSome) {
    this.#write = writeSome;
  }

  /** Why lines cannot be written now, and how many were lost since the start. */
  state(): { readonly error: string | null; readonly lostLines: number } {
    return { error: this.#error, lostLines: this.#lost };
  }

  write(line: string): void {
    const bytes = Buffer.from(line);
    if (this.#hasEnded || this.#queuedBytes + bytes.length > maxLogBytes) {
      this.#lost++;
      return;
    }
    this.#queue.push(bytes);
    this.#queuedBytes += bytes.length;
    this.#pump();
  }

  /** Writes what is left; waits until everything is written or cannot be, at most `limitMs`. */
  async flush(limitMs: number): Promise<void> {
    clearTimeout(this.#retry);
    this.#retry = undefined;
    this.#pump();
    if (!this.#isWriting) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, limitMs);
      this.#whenQuiet.push(() => {
        clearTimeout(timer);
        resolve();
      });
    });
  }

  #pump(): void {
    if (this.#isWriting || this.#retry !== undefined) return;
    if (this.#queue.length === 0) {
      for (const resolve of this.#whenQuiet.splice(0)) resolve();
      return;
    }
    const bytes = this.#nextBytes();
    this.#isWriting = true;
    this.#write(bytes, (error, written) => {
      this.#isWriting = false;
      if (error === null) this.#wrote(bytes, written);
      else this.#failed(bytes, error);
    });
  }

  /** As many lines as fit into one write, at least one. */
  #nextBytes(): Buffer {
    let count = 0;
    let length = 0;
    for (const line of this.#queue) {
      if (count > 0 && length + line.length > maxLogWriteBytes) break;
      length += line.length;
      count++;
    }
    return Buffer.concat(this.#queue.splice(0, count), length);
  }

  #wrote(bytes: Buffer, written: number): void {
    this.#queuedBytes -= written;
    if (written < bytes.length) this.#queue.unshift(bytes.subarray(written));
    this.#error = null;
    const lost = this.#lost - this.#told;
    this.#told = this.#lost;
    if (lost > 0) this.onLost(lost);
    this.#pump();
  }

  #failed(bytes: Buffer, error: NodeJS.ErrnoException): void {
    this.#error = error.message;
    this.#queue.unshift(bytes);
    if (endings.has(error.code)) {
      this.#hasEnded = true;
      this.#lost += this.#queue.length;
      this.#queuedBytes = 0;
      this.#queue.length = 0;
    } else {
      // The timer must not keep the process alive.
      this.#retry = setTimeout(() => {
        this.#retry = undefined;
        this.#pump();
      }, logRetryMs).unref();
    }
    for (const resolve of this.#whenQuiet.splice(0)) resolve();
  }
}

/**
 * Readers of live streams. A message that was written to the socket is not kept. What is held for slow readers is
 * bounded, per reader and in total: a reader that stops reading is given some time, and is then cut off with a reason.
 */
import type { Writable } from "node:stream";
import type { FastifyBaseLogger } from "fastify";
import { drained } from "../../drained.ts";
import { streamPagesPerTurn } from "../../limits/clients.ts";
import type { ConnectionLimits } from "./connection-limits.ts";

type Limits = Pick<ConnectionLimits, "readerStallMs" | "readerBytesTogether" | "readerFarewellMs">;

/** The output that a reader's messages are written to. */
interface ReaderOutput {
  readonly raw: Writable;
  /** Ends the answer; nothing more is written to it. */
  readonly end: () => void;
}

/** The readers of a process, who share one budget whatever part of the ledger each of them sees. */
export function loggedReaders(limits: Limits, log: FastifyBaseLogger): StreamReaders {
  const readers: StreamReaders = new StreamReaders(limits, (reason) =>
    log.warn({ reason, heldBytes: readers.heldBytes }, "stream reader disconnected"),
  );
  return readers;
}

export class StreamReaders {
  readonly #limits: Limits;
  readonly #onCutOff: (reason: string) => void;
  /** Readers that are behind, longest first, with the bytes held for each. */
  readonly #behind = new Map<Reader, number>();
  #heldBytes = 0;
  #waitingForRoom: (() => void)[] = [];
  #pagesThisTurn = 0;
  #nextTurn: Promise<void> | null = null;

  constructor(limits: Limits, onCutOff: (reason: string) => void) {
    this.#limits = limits;
    this.#onCutOff = onCutOff;
  }

  /** Total bytes held for readers that are behind. */
  get heldBytes(): number {
    return this.#heldBytes;
  }

  /** `over` ends every wait: the client has disconnected, or the server stops. */
  open(output: ReaderOutput, over: AbortSignal): Reader {
    return new Reader(this, output, over);
  }

  /** Resolves when the next page may be read for any reader: only a few per turn of the event loop, so that other requests get theirs. */
  async turn(): Promise<void> {
    while (this.#pagesThisTurn >= streamPagesPerTurn) await this.#nextTurn;
    this.#pagesThisTurn++;
    this.#nextTurn ??= new Promise((resolve) => {
      setImmediate(() => {
        this.#pagesThisTurn = 0;
        this.#nextTurn = null;
        resolve();
      });
    });
  }

  /** Resolves once the reader accepts more and there is room, or `over` is aborted. */
  async ready(reader: Reader, { raw }: ReaderOutput, over: AbortSignal): Promise<void> {
    if (raw.writableNeedDrain) {
      this.#hold(reader, raw.writableLength);
      const how = await drained(raw, { patienceMs: this.#limits.readerStallMs, stop: over });
      if (how === "late") {
        this.#cutOff(reader, `the client read nothing for ${this.#limits.readerStallMs / 1_000} s`);
        await drained(raw, { stop: over });
      }
      this.#letGo(reader);
    }
    while (this.#heldBytes >= this.#limits.readerBytesTogether && !over.aborted) {
      await this.#room(over);
    }
  }

  #hold(reader: Reader, bytes: number): void {
    this.#behind.set(reader, bytes);
    this.#heldBytes += bytes;
    if (this.#heldBytes < this.#limits.readerBytesTogether) return;
    for (const longest of this.#behind.keys()) {
      if (longest.isCutOff) continue;
      this.#cutOff(longest, "too many readers are behind, and this one has been idle longest");
      return;
    }
  }

  #letGo(reader: Reader): void {
    this.#heldBytes -= this.#behind.get(reader) ?? 0;
    this.#behind.delete(reader);
    const waiting = this.#waitingForRoom;
    this.#waitingForRoom = [];
    for (const wake of waiting) wake();
  }

  #cutOff(reader: Reader, reason: string): void {
    if (reader.isCutOff) return;
    reader.cutOff(reason, this.#limits.readerFarewellMs);
    this.#onCutOff(reason);
  }

  #room(over: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const wake = () => {
        over.removeEventListener("abort", wake);
        resolve();
      };
      over.addEventListener("abort", wake);
      this.#waitingForRoom.push(wake);
    });
  }
}

/** One reader. It signals when it accepts more; unsent events are not held for it, but read again. */
export class Reader {
  readonly #all: StreamReaders;
  readonly #output: ReaderOutput;
  readonly #over: AbortSignal;
  #lastId: string | null = null;
  #isCutOff = false;

  constructor(all: StreamReaders, output: ReaderOutput, over: AbortSignal) {
    this.#all = all;
    this.#output = output;
    this.#over = over;
  }

  get isCutOff(): boolean {
    return this.#isCutOff;
  }

  get isOver(): boolean {
    return this.#isCutOff || this.#over.aborted || this.#output.raw.destroyed;
  }

  /** Sends one message; returns false if the reader must be waited for before the next one. */
  send(message: Message): boolean {
    if (this.isOver) return false;
    this.#lastId = message.id ?? this.#lastId;
    this.#output.raw.write(textOf(message));
    return !this.#output.raw.writableNeedDrain;
  }

  /** Resolves when the next page may be read for this reader. */
  async turn(): Promise<void> {
    await this.#all.turn();
  }

  async ready(): Promise<void> {
    await this.#all.ready(this, this.#output, this.#over);
  }

  /** Sends the reason and ends the stream: immediately if the client reads, after a moment if it does not. */
  cutOff(reason: string, farewellMs: number): void {
    const { raw, end } = this.#output;
    this.#isCutOff = true;
    const data = { detail: `The stream ends here: ${reason}.`, lastEventId: this.#lastId };
    raw.write(textOf({ event: "cut-off", data }));
    end();
    setTimeout(() => raw.destroy(), farewellMs).unref();
  }
}

interface Message {
  readonly id?: string;
  readonly event: string;
  readonly data: unknown;
  readonly retry?: number;
}

/** JSON text contains no line breaks, so one `data` line holds it. */
function textOf({ id, event, data, retry }: Message): string {
  return (
    (id === undefined ? "" : `id: ${id}\n`) +
    `event: ${event}\ndata: ${JSON.stringify(data)}\n` +
    (retry === undefined ? "\n" : `retry: ${retry}\n\n`)
  );
}

/**
 * Readers of live streams. Nothing is kept for a message once it is on its way, and what is held for
 * readers that do not read is bounded, for each and for all: a reader waits, and is then cut off with a word.
 */
import type { Writable } from "node:stream";
import { drained } from "../../drained.ts";
import { streamPagesPerTurn } from "../../limits/clients.ts";
import type { ConnectionLimits } from "./connection-limits.ts";

type Limits = Pick<ConnectionLimits, "readerStallMs" | "readerBytesTogether" | "readerFarewellMs">;

/** Where a reader's messages go. */
interface ReaderOutput {
  readonly raw: Writable;
  /** Ends the answer; nothing more is written to it. */
  readonly end: () => void;
}

export class StreamReaders {
  readonly #limits: Limits;
  readonly #onCutOff: (reason: string) => void;
  /** Those that are behind, the longest first, each with the bytes that are held for it. */
  readonly #behind = new Map<Reader, number>();
  #heldBytes = 0;
  #waitingForRoom: (() => void)[] = [];
  #pagesThisTurn = 0;
  #nextTurn: Promise<void> | null = null;

  constructor(limits: Limits, onCutOff: (reason: string) => void) {
    this.#limits = limits;
    this.#onCutOff = onCutOff;
  }

  /** Bytes that are held for readers that are behind. */
  get heldBytes(): number {
    return this.#heldBytes;
  }

  /** `over` ends every wait: the client is gone, or the server stops. */
  open(output: ReaderOutput, over: AbortSignal): Reader {
    return new Reader(this, output, over);
  }

  /** Resolves when the next page may be read for some reader: few in a turn of the event loop, so that other requests get theirs. */
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

  /** Resolves once the reader takes more, there is room, or it is over. */
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

/** One reader. It says when it takes more; what is not sent yet is not held for it, but read again. */
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

  /** Sends one message; false where the reader is to be waited for before the next. */
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

  /** Sends the reason and ends: at once for a client that reads, after a moment for one that does not. */
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

/** JSON has no line breaks of its own, so that one `data` line holds it. */
function textOf({ id, event, data, retry }: Message): string {
  return (
    (id === undefined ? "" : `id: ${id}\n`) +
    `event: ${event}\ndata: ${JSON.stringify(data)}\n` +
    (retry === undefined ? "\n" : `retry: ${retry}\n\n`)
  );
}

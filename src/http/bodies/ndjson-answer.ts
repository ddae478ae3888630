/**
 * The answer to a streamed import, written while it runs: one line per outcome and a summary at the end, or one JSON
 * object with a list of outcomes.
 */
import { at } from "../../../projections/arithmetic/invariants.ts";
import { Readable } from "node:stream";
import type { Submission } from "../../ledger/append/submission.ts";
import { LedgerError } from "../../errors.ts";
import { maxAnswerStallMs, maxWaitingAnswerBytes } from "../../limits/clients.ts";
import type { FindingsJson } from "../submissions/made-findings.ts";
import type { RefusalJson, Tally } from "../submissions/submission-json.ts";
import { refusalJson } from "../submissions/submission-json.ts";

/** How a NDJSON submission ended. */
export interface IngestSummary extends Tally, FindingsJson {
  /** Number of the last line that has an outcome; 0 if none has. */
  readonly lastLine: number;
  /** False if lines may not have been read; the same import can be sent again. */
  readonly complete: boolean;
  /** Why it is not complete. */
  readonly error?: RefusalJson;
}

interface AnswerForm {
  /** One JSON object instead of lines. */
  readonly asObject: boolean;
  /** Only refused lines are listed. */
  readonly refusedOnly: boolean;
}

/** Size of unread answers of all streamed imports together. */
export class AnswerRoom {
  readonly #maxBytes: number;
  #bytes = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  get isFull(): boolean {
    return this.#bytes > this.#maxBytes;
  }

  add(bytes: number): void {
    this.#bytes += bytes;
  }
}

export class IngestAnswer {
  readonly stream: Readable;
  readonly #form: AnswerForm;
  readonly #room: AnswerRoom;
  #isEmpty = true;
  /** Text that is written but not requested by the reader yet. */
  readonly #waiting: (string | null)[] = [];
  #waitingBytes = 0;
  #isAskedFor = false;
  #onTaken: () => void = () => undefined;

  constructor(form: AnswerForm, room: AnswerRoom) {
    this.#form = form;
    this.#room = room;
    this.stream = new Readable({
      read: () => {
        this.#isAskedFor = true;
        this.#hand();
      },
    });
    this.stream.once("close", () => {
      this.#waiting.length = 0;
      this.#count(-this.#waitingBytes);
      this.#onTaken();
    });
  }

  /** Whether nothing of the answer has been written yet. */
  get isEmpty(): boolean {
    return this.#isEmpty;
  }

  /** The reader is gone: nothing more needs to be written. */
  get isClosed(): boolean {
    return this.stream.destroyed;
  }

  /** Writes outcomes; waits for a reader that is far behind, up to a limit. */
  async write(
    lines: readonly { readonly number: number }[],
    outcomes: readonly Submission[],
  ): Promise<void> {
    const texts: string[] = [];
    for (const [i, outcome] of outcomes.entries()) {
      if (this.#form.refusedOnly && outcome.status !== "refused") continue;
      texts.push(lineJson(at(lines, i).number, outcome));
    }
    if (texts.length === 0 || this.isClosed) return;
    const opening = this.#isEmpty ? '{"results":[' : ",";
    this.#add(this.#form.asObject ? opening + texts.join(",") : `${texts.join("\n")}\n`);
    await this.#taken();
  }

  end(summary: IngestSummary): void {
    if (this.isClosed) return;
    const text = JSON.stringify(summary);
    this.#add(
      this.#form.asObject
        ? `${this.#isEmpty ? '{"results":[' : ""}],${text.slice(1)}\n`
        : `{"summary":${text}}\n`,
    );
    this.#waiting.push(null);
    this.#hand();
  }

  #add(text: string): void {
    this.#isEmpty = false;
    this.#waiting.push(text);
    this.#count(text.length);
    this.#hand();
  }

  #count(bytes: number): void {
    this.#waitingBytes += bytes;
    this.#room.add(bytes);
  }

  /** Passes on as much as the reader requests. */
  #hand(): void {
    while (this.#isAskedFor && this.#waiting.length > 0) {
      const text = this.#waiting.shift() ?? null;
      this.#count(-(text?.length ?? 0));
      this.#isAskedFor = this.stream.push(text) && text !== null;
      this.#onTaken();
    }
  }

  /** Whether the import has to wait for the reader. */
  #isFarBehind(): boolean {
    if (this.isClosed || this.#waitingBytes === 0) return false;
    return this.#waitingBytes > maxWaitingAnswerBytes || this.#room.isFull;
  }

  async #taken(): Promise<void> {
    while (this.#isFarBehind()) {
      await new Promise<void>((resolve, reject) => {
        const timer = setTimeout(() => reject(notRead()), maxAnswerStallMs);
        this.#onTaken = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  }
}

function notRead(): LedgerError {
  return new LedgerError(
    "request-timeout",
    `The answer was not read for ${maxAnswerStallMs / 1_000} s. Read it while you send, or send "Prefer: return=minimal".`,
  );
}

function lineJson(number: number, outcome: Submission): string {
  if (outcome.status === "refused") {
    return JSON.stringify({
      line: number,
      status: "refused",
      id: outcome.id,
      error: refusalJson(outcome.error),
    });
  }
  return `{"line":${number},"status":"${outcome.status}","sequence":${outcome.sequence}}`;
}

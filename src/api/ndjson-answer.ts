/**
 * The answer to a streamed import, written while the import runs: a line an outcome and a summary at
 * the end, or one JSON object with the outcomes as a list.
 */
import { once } from "node:events";
import { PassThrough } from "node:stream";
import type { Submission } from "../ledger/ledger.ts";
import { LedgerError } from "../errors.ts";
import { maxAnswerStallMs, maxWaitingAnswerBytes } from "../limits.ts";
import type { FindingsJson } from "./made-findings.ts";
import type { RefusalJson, Tally } from "./submission-json.ts";
import { refusalJson } from "./submission-json.ts";

/** How a streamed import ended. */
export interface IngestSummary extends Tally, FindingsJson {
  /** The last line that has an outcome; 0 if none has. */
  readonly lastLine: number;
  /** False where lines may have been left unread: the same import can be sent again. */
  readonly complete: boolean;
  /** Why it is not complete. */
  readonly error?: RefusalJson;
}

export interface AnswerForm {
  /** One JSON object instead of lines. */
  readonly asObject: boolean;
  /** Only refused lines are listed. */
  readonly refusedOnly: boolean;
}

export class IngestAnswer {
  readonly stream = new PassThrough({ highWaterMark: maxWaitingAnswerBytes });
  readonly #form: AnswerForm;
  #isEmpty = true;

  constructor(form: AnswerForm) {
    this.#form = form;
  }

  /** Whether nothing of the answer has been written yet. */
  get isEmpty(): boolean {
    return this.#isEmpty;
  }

  /** The reader is gone: nothing more needs to be written. */
  get isClosed(): boolean {
    return this.stream.destroyed;
  }

  /** Writes outcomes; waits where the reader is far behind, but not for ever. */
  async write(
    lines: readonly { readonly number: number }[],
    outcomes: readonly Submission[],
  ): Promise<void> {
    const texts: string[] = [];
    for (const [i, outcome] of outcomes.entries()) {
      if (this.#form.refusedOnly && outcome.status !== "refused") continue;
      texts.push(lineJson(lines[i]?.number ?? 0, outcome));
    }
    if (texts.length === 0) return;
    const opening = this.#isEmpty ? '{"results":[' : ",";
    const text = this.#form.asObject ? opening + texts.join(",") : `${texts.join("\n")}\n`;
    this.#isEmpty = false;
    if (this.isClosed || this.stream.write(text)) return;
    await this.#drained();
  }

  end(summary: IngestSummary): void {
    if (this.isClosed) return;
    const text = JSON.stringify(summary);
    if (this.#form.asObject) {
      this.stream.end(`${this.#isEmpty ? '{"results":[' : ""}],${text.slice(1)}\n`);
    } else {
      this.stream.end(`{"summary":${text}}\n`);
    }
    this.#isEmpty = false;
  }

  async #drained(): Promise<void> {
    const patience = AbortSignal.timeout(maxAnswerStallMs);
    const ended = new AbortController();
    const signal = AbortSignal.any([patience, ended.signal]);
    try {
      await Promise.race([
        once(this.stream, "drain", { signal }),
        once(this.stream, "close", { signal }),
      ]);
    } catch (error) {
      if (!patience.aborted) throw error;
      throw new LedgerError(
        "request-timeout",
        `The answer was not read for ${maxAnswerStallMs / 1_000} s; read it while you send, or send "Prefer: return=minimal".`,
        { cause: error },
      );
    } finally {
      ended.abort();
    }
  }
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

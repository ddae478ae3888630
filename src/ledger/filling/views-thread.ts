/**
 * A thread that makes the views of a ledger while this one fills it, and writes them to the file of derived data. Nothing is
 * read from them meanwhile; without them, the next start makes them.
 */
import { Worker } from "node:worker_threads";
import type { Say } from "../../store/telling.ts";

/** Whose views are made, with so many events to a segment of the file. */
export interface ViewsPlace {
  readonly path: string;
  readonly segmentEvents: number;
}

/** The thread is done once it has the views up to that sequence. */
export interface ToViews {
  readonly upTo: number;
}

/** How far the views are, or something that the operator should know. */
export type FromViews =
  | { readonly sequence: number }
  | { readonly text: string; readonly level: Parameters<Say>[1] };

export class ViewsThread {
  readonly #worker: Worker;
  readonly #say: Say;
  readonly #ended: Promise<void>;
  /** Nothing more is to be said: it was stopped, or has failed. */
  #isSilent = false;
  #sequence = 0;
  #onProgress: (sequence: number) => void = () => undefined;

  private constructor(place: ViewsPlace, say: Say, program: URL) {
    this.#say = say;
    this.#worker = new Worker(program, { workerData: place });
    this.#worker.on("message", (message: FromViews) => {
      if ("text" in message) {
        say(message.text, message.level);
        return;
      }
      this.#sequence = message.sequence;
      this.#onProgress(message.sequence);
    });
    this.#worker.on("error", (error) => this.#fail(String(error)));
    this.#ended = new Promise((resolve) => {
      this.#worker.once("exit", (code) => {
        if (code !== 0) this.#fail(`it ended with exit code ${code}`);
        resolve();
      });
    });
  }

  /** `null` if no thread can be started, which is said. */
  static start(
    place: ViewsPlace,
    say: Say,
    program: URL = new URL("./views-worker.ts", import.meta.url),
  ): ViewsThread | null {
    try {
      return new ViewsThread(place, say, program);
    } catch (error) {
      sayFailed(say, String(error));
      return null;
    }
  }

  /** Resolves once the views contain `sequence`, or the thread has failed, which was said. */
  async finish(sequence: number, onProgress: (sequence: number) => void): Promise<void> {
    onProgress(this.#sequence);
    this.#onProgress = onProgress;
    const message: ToViews = { upTo: sequence };
    this.#worker.postMessage(message, []);
    await this.#ended;
  }

  /** Ends the thread wherever it is; the file of views then holds what was made. */
  async stop(): Promise<void> {
    this.#isSilent = true;
    await this.#worker.terminate();
  }

  #fail(why: string): void {
    if (!this.#isSilent) sayFailed(this.#say, why);
    this.#isSilent = true;
  }
}

function sayFailed(say: Say, why: string): void {
  const meaning = "the events are in the ledger, and the next start makes the views";
  say(`the thread that makes the views has failed: ${why}; ${meaning}`, "warn");
}

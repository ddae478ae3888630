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
  readonly #ended: Promise<void>;
  #onProgress: (sequence: number) => void = () => undefined;

  constructor(
    place: ViewsPlace,
    say: Say,
    program: URL = new URL("./views-worker.ts", import.meta.url),
  ) {
    this.#worker = new Worker(program, { workerData: place });
    this.#worker.on("message", (message: FromViews) => {
      if ("sequence" in message) this.#onProgress(message.sequence);
      else say(message.text, message.level);
    });
    this.#worker.on("error", (error) => {
      const meaning = "the events are in the ledger, and the next start makes the views";
      say(`the thread that makes the views has failed: ${String(error)}; ${meaning}`, "warn");
    });
    this.#ended = new Promise((resolve) => this.#worker.once("exit", () => resolve()));
  }

  /** Resolves once the views contain `sequence`, or the thread has failed, which was said. */
  async finish(sequence: number, onProgress: (sequence: number) => void): Promise<void> {
    this.#onProgress = onProgress;
    const message: ToViews = { upTo: sequence };
    this.#worker.postMessage(message, []);
    await this.#ended;
  }
}

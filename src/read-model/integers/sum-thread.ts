/** A second thread for the sums of nodes: it is started when there is work for it, and ends when there has been none for a while. */
import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import { codeOfType } from "../../../projections/node-integers/node-integers.ts";
import { eventTypes } from "../../events/catalogue.ts";
import { keptRoomMs } from "../../limits/read-model.ts";
import { abandonPart, isOpen, isUnderWay } from "./offered-part.ts";
import type { OfferedList, OfferedPart, PartState } from "./offered-part.ts";

/** The integer of each type, by the type's code in the columns. */
export const stateCodeOf: Uint8Array = Uint8Array.from(eventTypes, codeOfType);

export class SumThread {
  /** After a failure, nothing is to be given to it any more. */
  hasFailed = false;
  readonly #program: URL;
  #worker: Worker | null = null;
  /** Of what was offered to it, as far as that is open. */
  #states: PartState[] = [];
  #end: NodeJS.Timeout | undefined;

  constructor(program: URL = new URL("./sum-worker.ts", import.meta.url)) {
    this.#program = program;
  }

  /** Whether it would help: with one processor, both threads would wait for it. */
  get isUseful(): boolean {
    return !this.hasFailed && availableParallelism() > 1;
  }

  /** Gives it the list of a part that follows, for it to sort. */
  offerList(list: OfferedList): void {
    this.#say(list, list.state);
  }

  /** Gives it a part, which it begins as soon as it can. */
  offer(part: OfferedPart): void {
    this.#say(part, part.list.state);
  }

  /** What it is not told of, because it has failed, stays offered, and is taken back. */
  #say(message: OfferedList | OfferedPart, state: PartState): void {
    if (this.hasFailed) return;
    try {
      this.#worker ??= this.#started();
      this.#worker.postMessage(message, []);
    } catch (error) {
      this.#fail(error);
      return;
    }
    this.#states = [...new Set([...this.#states.filter(isOpen), state])];
    clearTimeout(this.#end);
    this.#end = setTimeout(() => this.#endIfIdle(), keptRoomMs).unref();
  }

  #started(): Worker {
    const worker = new Worker(this.#program, { workerData: stateCodeOf });
    worker.unref();
    worker.on("error", (error) => this.#fail(error));
    worker.on("exit", () => {
      for (const state of this.#states.splice(0)) abandonPart(state);
      if (this.#worker === worker) this.#worker = null;
    });
    return worker;
  }

  #fail(error: unknown): void {
    this.hasFailed = true;
    const meaning = "sums over a long past are right, and take longer";
    process.emitWarning(`the thread for sums has failed: ${String(error)}; ${meaning}`);
  }

  /** What it has not begun by then, it will not begin: that is taken back by who offered it. */
  #endIfIdle(): void {
    if (this.#states.some(isUnderWay))
      this.#end = setTimeout(() => this.#endIfIdle(), keptRoomMs).unref();
    else void this.#worker?.terminate();
  }
}

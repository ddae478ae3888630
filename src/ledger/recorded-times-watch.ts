/**
 * Learns whether recorded times were preserved, also by another instance: its import says so
 * in the store before the first event, so that a look at the first event, and one now and then, see it.
 */
import { recordedTimesLookMs } from "../limits/kurrentdb.ts";
import type { Projector } from "../read-model/projector.ts";
import type { EventStore } from "../store/port.ts";
import { isLedgerError, LedgerError } from "../errors.ts";
import { readRecordedTimes } from "./append/recorded-times.ts";

export class RecordedTimesWatch {
  readonly #store: EventStore;
  #areKept = false;
  #timer: NodeJS.Timeout | null = null;
  #stopListening: () => void = () => undefined;
  #looking: Promise<void> | null = null;

  private constructor(store: EventStore) {
    this.#store = store;
  }

  /** Throws what the store throws. */
  static async start(
    store: EventStore,
    projector: Pick<Projector, "onProjected">,
    everyMs: number = recordedTimesLookMs,
  ): Promise<RecordedTimesWatch> {
    const watch = new RecordedTimesWatch(store);
    watch.#areKept = (await readRecordedTimes(store)) !== "own";
    // Into a file only this process writes, and what it does itself the writer knows.
    const hasOthers = store.status !== undefined;
    if (watch.#areKept || !hasOthers) return watch;
    if ((await store.head()).sequence === 0) {
      watch.#stopListening = projector.onProjected(() => {
        watch.#stopListening();
        void watch.#look();
      });
    }
    watch.#timer = setInterval(() => void watch.#look(), everyMs).unref();
    return watch;
  }

  /** Once they are, they stay so. */
  get areKept(): boolean {
    return this.#areKept;
  }

  async stop(): Promise<void> {
    this.#stopListening();
    if (this.#timer !== null) clearInterval(this.#timer);
    await this.#looking;
  }

  #look(): Promise<void> {
    this.#looking ??= this.#read().finally(() => {
      this.#looking = null;
    });
    return this.#looking;
  }

  async #read(): Promise<void> {
    try {
      this.#areKept ||= (await readRecordedTimes(this.#store)) !== "own";
    } catch (error) {
      // What does not answer now is asked again. That the store is unavailable is reported elsewhere.
      if (isLedgerError(error) && !isLedgerError(error, "corrupt-event")) return;
      const words = error instanceof Error ? error.message : String(error);
      const why = `whether recorded times were preserved is unknown: ${words}`;
      this.#store.distrust?.(new LedgerError("corrupt-event", why, { cause: error }), null);
    }
    if (this.#areKept && this.#timer !== null) clearInterval(this.#timer);
  }
}

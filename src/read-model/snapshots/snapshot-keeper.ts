/**
 * Brings a read model up from its snapshot, and keeps the snapshot up with the model. Whatever is wrong with
 * the snapshot's file costs time and nothing else: it is said, the events are read instead, and the file is
 * tried again later (ADR 0029).
 */
import { setImmediate as nextTurn } from "node:timers/promises";
import { segmentEvents } from "../../limits/read-model.ts";
import { derivedRetryMs } from "../../limits/store.ts";
import type { EventStore } from "../../store/port.ts";
import type { Say } from "../../store/telling.ts";
import { definitionHash } from "./definition-hash.ts";
import type { ModelSizes } from "../live/live-model.ts";
import { LiveModel } from "../live/live-model.ts";
import type { FoundSegment, SegmentSource, Snapshot } from "./snapshot-file.ts";
import { sourceOf, strangeness } from "./segment-source.ts";
import { SnapshotFile } from "./snapshot-file.ts";

export interface SnapshotOptions {
  /** Where the snapshot is; `null` for none. */
  readonly path: string | null;
  /** `read` leaves the file as it is. */
  readonly mode: "read" | "write";
  /** Left out: those of `limits/`. */
  readonly sizes?: ModelSizes;
  /** Told of what is wrong with the file, and when it is right again. */
  readonly say?: Say | undefined;
  /** How long after a failure the file is tried again at the earliest; left out: that of `limits/`. */
  readonly retryMs?: number;
}

/** A model as far as its snapshot goes; stale if other definitions made it. */
interface LoadedModel {
  readonly model: LiveModel;
  readonly isStale: boolean;
}

export class SnapshotKeeper {
  readonly #store: EventStore;
  readonly #path: string | null;
  readonly #mode: "read" | "write";
  readonly #sizes: ModelSizes;
  readonly #say: Say;
  readonly #retryMs: number;
  readonly #segmentEvents: number;
  #file: SnapshotFile | null = null;
  /** Segments that are in the file. */
  #kept = 0;
  /** The file holds what is not of this model: before anything is kept it is begun anew. */
  #mustRestart = false;
  #error: string | null = null;
  #nextTry = 0;
  #turn: Promise<void> = Promise.resolve();

  constructor(store: EventStore, options: SnapshotOptions) {
    const { path, mode, sizes = {}, say = () => undefined, retryMs = derivedRetryMs } = options;
    this.#store = store;
    this.#path = path;
    this.#mode = mode;
    this.#sizes = sizes;
    this.#say = say;
    this.#retryMs = retryMs;
    this.#segmentEvents = sizes.segmentEvents ?? segmentEvents;
  }

  /** Why the file is not kept up at the moment; `null` if it is. */
  get error(): string | null {
    return this.#error;
  }

  newModel(): LiveModel {
    return new LiveModel(this.#sizes);
  }

  /** The model as far as the snapshot is whole and made from the events that the store has. */
  async load(onLoaded: (sequence: number) => void): Promise<LoadedModel> {
    const snapshot = this.#guarded(() => this.#opened()?.read() ?? null);
    this.#mustRestart = snapshot === null;
    if (snapshot === null) return { model: this.newModel(), isStale: false };
    const model = this.newModel();
    for (const found of this.#segmentsOf(snapshot)) {
      const what = await strangeness(this.#store, found, model.sequence);
      if (what !== null) {
        this.#say(
          `${this.#path} is not of this ledger: ${what}. It is not used; the events are read instead`,
          "warn",
        );
        this.#mustRestart = true;
        this.#kept = 0;
        return { model: this.newModel(), isStale: false };
      }
      model.applySegment(found.segment);
      this.#kept++;
      onLoaded(model.sequence);
      await nextTurn();
    }
    return { model, isStale: snapshot.definitionHash !== definitionHash() };
  }

  /** Keeps the segments that became full. Never fails: what is wrong with the file is said. */
  async keep(model: LiveModel): Promise<void> {
    // One at a time: two at once would add the same segment twice.
    this.#turn = this.#turn.then(() => this.#keepNow(model));
    await this.#turn;
  }

  /** Throws away what was kept, and keeps the model instead. */
  async replace(model: LiveModel): Promise<void> {
    await this.#turn;
    this.#mustRestart = true;
    this.#kept = 0;
    await this.keep(model);
  }

  close(): void {
    this.#guarded(() => this.#file?.close());
    this.#file = null;
  }

  async #keepNow(model: LiveModel): Promise<void> {
    if (this.#path === null || this.#mode === "read") return;
    const isDue = this.#mustRestart || model.sequence >= (this.#kept + 1) * this.#segmentEvents;
    if (!isDue || performance.now() < this.#nextTry) return;
    for (const segment of model.fullSegments.slice(this.#kept)) {
      const source = await this.#sourceIfKnown(this.#kept * this.#segmentEvents);
      if (source === null || !this.#write((file) => file.append(segment, source))) return;
      this.#kept++;
    }
    this.#write(() => undefined);
  }

  #opened(): SnapshotFile | null {
    if (this.#path === null) return null;
    this.#file ??= SnapshotFile.open(this.#path, this.#mode, this.#segmentEvents);
    return this.#file;
  }

  /** Segments as far as the file can be read. */
  *#segmentsOf(snapshot: Snapshot): Iterable<FoundSegment> {
    const segments = snapshot.segments[Symbol.iterator]();
    for (;;) {
      const next = this.#guarded(() => segments.next());
      if (next === null || next.done === true) return;
      yield next.value;
    }
  }

  /** Tells whether it worked. */
  #write(work: (file: SnapshotFile) => void): boolean {
    const isDone = this.#guarded(() => {
      const file = this.#opened();
      if (file === null) return false;
      if (this.#mustRestart) file.restart(definitionHash());
      this.#mustRestart = false;
      work(file);
      return true;
    });
    if (isDone !== true) return false;
    if (this.#error !== null) this.#say(`${this.#path} is kept up again`, "info");
    this.#error = null;
    return true;
  }

  /** `null` if the file stood in the way: that is said, and the file is not tried again for a while. */
  #guarded<T>(work: () => T): T | null {
    try {
      return work();
    } catch (error) {
      this.#doWithout(error);
      return null;
    }
  }

  #doWithout(error: unknown): void {
    if (!(error instanceof Error)) throw error;
    const message = `${this.#path} cannot be read or written: ${error.message}`;
    if (this.#error === null) {
      const meaning = "figures are right, but the next start reads more events";
      this.#say(`${message}. It is done without: ${meaning}`, "warn");
    }
    this.#error = message;
    this.#nextTry = performance.now() + this.#retryMs;
  }

  async #sourceIfKnown(after: number): Promise<SegmentSource | null> {
    try {
      return await sourceOf(this.#store, after, this.#segmentEvents);
    } catch (error) {
      this.#doWithout(error);
      return null;
    }
  }
}

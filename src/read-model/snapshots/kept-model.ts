/**
 * A read model with the file of its full segments: loaded from the file, and saved to it as it grows. Whatever is wrong
 * with the file costs only time or memory: the problem is reported, and the file is tried again later (ADR 0029).
 */
import { renameSync, rmSync } from "node:fs";
import { setImmediate as nextTurn } from "node:timers/promises";
import type { StoredEvent } from "../../events/envelope.ts";
import { derivedRetryMs } from "../../limits/store.ts";
import { maxKeptPartBytes, segmentEvents, turnMs } from "../../limits/read-model.ts";
import type { Say } from "../../store/telling.ts";
import type { Targets } from "../columns/fact-log.ts";
import { isAmendmentType } from "../columns/fact-log.ts";
import { keptWithin } from "../columns/stored-bytes.ts";
import type { SealedSegment } from "../columns/kept-segment.ts";
import type { ModelSizes } from "../live/model-sizes.ts";
import { LiveModel } from "../live/live-model.ts";
import type { ViewedStore } from "./viewed-store.ts";
import { definitionHash } from "./definition-hash.ts";
import { DerivedFile } from "./derived-file.ts";
import type { Derived, DerivedOptions as FileOptions, FoundSegment } from "./derived-file.ts";
import type { SegmentSource } from "./segment-block.ts";
import { sourceOf, strangeness } from "./segment-source.ts";

export interface DerivedOptions {
  /** The file's path; `null` for a temporary file. */
  readonly path: string | null;
  /** With `read`, the file is not changed. */
  readonly mode: "read" | "write";
  /** Default: as in limits.ts. */
  readonly sizes?: ModelSizes;
  /** Called when something is wrong with the file, and when it is right again. */
  readonly say?: Say | undefined;
  /** The shortest time after a failure before the file is tried again. Default: as in limits.ts. */
  readonly retryMs?: number;
  /** Called when another program changed the file, so that the model can no longer be read completely. */
  readonly onChanged?: () => void;
}

/** A model as far as its file goes; stale if other definitions made it. */
interface LoadedModel {
  readonly kept: KeptModel;
  readonly isStale: boolean;
}

export class KeptModel {
  model: LiveModel;
  readonly #store: ViewedStore;
  #derived: DerivedOptions;
  readonly #say: Say;
  readonly #options: FileOptions;
  #file: DerivedFile | null = null;
  /** The temporary file of a process that may not write beside the ledger. */
  #temporary: DerivedFile | null = null;
  /** The file holds something other than this model, so it is restarted before anything is written. */
  #mustRestart = false;
  /** Segments that are sealed but not in the file yet. */
  #waiting: SealedSegment[] = [];
  #error: string | null = null;
  #nextTry = 0;
  #isChanged = false;

  private constructor(store: ViewedStore, derived: DerivedOptions) {
    const { sizes = {}, say = () => undefined } = derived;
    this.#store = store;
    this.#derived = derived;
    this.#say = say;
    this.#options = {
      segmentEvents: sizes.segmentEvents ?? segmentEvents,
      kept: keptWithin(sizes.maxKeptPartBytes ?? maxKeptPartBytes),
      onChanged: (what) => this.#changed(what),
    };
    this.model = new LiveModel(sizes);
  }

  /** An empty model, whose file is restarted. */
  static fresh(store: ViewedStore, options: DerivedOptions): KeptModel {
    const kept = new KeptModel(store, options);
    kept.#mustRestart = true;
    return kept;
  }

  /** The model as far as the file is intact and made from the store's events. */
  static async load(
    store: ViewedStore,
    options: DerivedOptions,
    onLoaded: (sequence: number) => void,
  ): Promise<LoadedModel> {
    const kept = new KeptModel(store, options);
    const derived = kept.#guarded(() => kept.#opened()?.read() ?? null);
    kept.#mustRestart = derived === null;
    if (derived === null) return { kept, isStale: false };
    const isOurs = await kept.#take(derived, onLoaded);
    if (!isOurs) kept.#mustRestart = true;
    return { kept, isStale: isOurs && derived.definitionHash !== definitionHash() };
  }

  /** Why the file is not kept up to date now; `null` if it is. */
  get error(): string | null {
    return this.#error;
  }

  /** Applies the events that follow the model's last, and stores the segments that they fill. */
  async apply(events: readonly StoredEvent[]): Promise<void> {
    const targets = await targetsIn(this.#store, events);
    for (let rest = events; rest.length > 0;) {
      rest = rest.slice(this.model.apply(rest, targets));
      if (this.model.isSealDue) this.#waiting.push(await sealed(this.model));
      await this.keep();
    }
  }

  /** Writes the waiting segments. Never fails: problems with the file are reported. */
  async keep(): Promise<void> {
    if (this.#waiting.length === 0 && !this.#mustRestart) return;
    if (performance.now() < this.#nextTry) return;
    for (;;) {
      const [next] = this.#waiting;
      if (next === undefined) break;
      const source = await this.#sourceIfKnown(next.first - 1);
      if (source === null || !this.#write((file) => file.append(next, source))) return;
      this.#waiting.shift();
    }
    this.#write(() => undefined);
  }

  /** Renames the model's file over another one; only for a model made by `fresh`. */
  replaceFile(path: string): void {
    const { path: own } = this.#derived;
    if (own === null || own === path) return;
    this.#guarded(() => {
      // Done even if no segment was full, so that the next start finds the present definitions.
      this.#write(() => undefined);
      renameSync(own, path);
      this.#derived = { ...this.#derived, path };
    });
  }

  close(): void {
    this.#guarded(() => this.#file?.close());
    this.#guarded(() => this.#temporary?.close());
    [this.#file, this.#temporary] = [null, null];
  }

  /** A function that closes the files later and keeps nothing of the model alive. */
  closer(): () => void {
    const files = [this.#file, this.#temporary].filter((file) => file !== null);
    return closingAll(files.map((file) => file.closer()));
  }

  /** Returns false if the file belongs to another ledger; the model is then as if there were no file. */
  async #take(derived: Derived, onLoaded: (sequence: number) => void): Promise<boolean> {
    this.model.log.reserve((await this.#store.head()).sequence);
    for await (const found of this.#segmentsOf(derived)) {
      const what = await strangeness(this.#store, found, this.model.sequence);
      if (what !== null) {
        const meaning = "It is ignored; the events are read instead";
        this.#say(
          `${this.#derived.path} does not belong to this ledger: ${what}. ${meaning}`,
          "warn",
        );
        this.model = new LiveModel(this.#derived.sizes);
        return false;
      }
      this.model.applySegment(found);
      onLoaded(this.model.sequence);
      await nextTurn();
    }
    return true;
  }

  #changed(what: string): void {
    if (this.#isChanged) return;
    this.#isChanged = true;
    const name = this.#derived.path ?? "the file of derived data";
    this.#say(`another program changed ${name}: ${what}. It is being rebuilt`, "warn");
    this.#derived.onChanged?.();
  }

  #opened(): DerivedFile | null {
    const { path, mode } = this.#derived;
    if (path !== null) this.#file ??= DerivedFile.open(path, mode, this.#options);
    return this.#file;
  }

  /** The segments, as far as the file can be read. */
  async *#segmentsOf(derived: Derived): AsyncIterable<FoundSegment> {
    try {
      yield* derived.segments;
    } catch (error) {
      this.#doWithout(error);
    }
  }

  /** The file to write to; a reader gets a temporary one that is gone when it ends. */
  #forWriting(): DerivedFile {
    const { path, mode } = this.#derived;
    const file = path === null || mode === "read" ? null : this.#opened();
    if (file !== null) return file;
    this.#temporary ??= DerivedFile.temporary(this.#options);
    return this.#temporary;
  }

  /** A new file instead of truncating the old one, so that readers of the old one can continue. */
  #begunAnew(): DerivedFile {
    const { path, mode } = this.#derived;
    if (path !== null && mode === "write" && this.#file !== null) {
      this.#file.close();
      this.#file = null;
      rmSync(path, { force: true });
    }
    const file = this.#forWriting();
    file.restart(definitionHash());
    this.#mustRestart = false;
    return file;
  }

  /** Returns whether it worked. */
  #write(work: (file: DerivedFile) => void): boolean {
    const isDone = this.#guarded(() => {
      work(this.#mustRestart ? this.#begunAnew() : this.#forWriting());
      return true;
    });
    if (isDone !== true) return false;
    const { path, mode } = this.#derived;
    // A reader's temporary file says nothing about the file beside the ledger.
    if (mode === "read" && path !== null) return true;
    if (this.#error !== null)
      this.#say(`${path ?? "a temporary file"} is being updated again`, "info");
    this.#error = null;
    return true;
  }

  /** `null` if the file caused an error: this is reported, and the file is left alone for a while. */
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
    const message = `${this.#derived.path ?? "a temporary file"} cannot be read or written: ${error.message}`;
    if (this.#error === null) {
      const meaning = "figures are right, but the next start has to read more events";
      this.#say(`${message}. The ledger continues without it: ${meaning}`, "warn");
    }
    this.#error = message;
    this.#nextTry = performance.now() + (this.#derived.retryMs ?? derivedRetryMs);
  }

  async #sourceIfKnown(after: number): Promise<SegmentSource | null> {
    try {
      return await sourceOf(this.#store, after, this.#options.segmentEvents);
    } catch (error) {
      this.#doWithout(error);
      return null;
    }
  }
}

/** At top level, so that the closure keeps nothing else alive. */
function closingAll(closers: readonly (() => void)[]): () => void {
  return () => {
    for (const close of closers) close();
  };
}

/** Seals the full segment in turns, so that the event loop is not blocked. */
export async function sealed(model: LiveModel): Promise<SealedSegment> {
  const work = model.seal();
  let turnEnds = performance.now() + turnMs;
  for (;;) {
    const step = work.next();
    if (step.done === true) return step.value;
    if (performance.now() < turnEnds) continue;
    await nextTurn();
    turnEnds = performance.now() + turnMs;
  }
}

/** The sequences of the events that corrections among these name. */
export async function targetsIn(
  store: Pick<ViewedStore, "findByIds">,
  events: readonly StoredEvent[],
): Promise<Targets> {
  const ids = new Set<string>();
  for (const { type, data } of events) {
    if (isAmendmentType(type) && "eventId" in data) ids.add(data.eventId.toLowerCase());
  }
  if (ids.size === 0) return new Map();
  const found = await store.findByIds([...ids]);
  return new Map(found.map(({ id, sequence }) => [id, sequence]));
}

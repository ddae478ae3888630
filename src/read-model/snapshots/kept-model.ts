/**
 * A read model with the file that its full segments lie in: loaded from the file, and saved to it as it grows.
 * Whatever is wrong with the file costs time or memory and nothing else: it is said, and the file is tried again later
 * (ADR 0029).
 */
import { renameSync, rmSync } from "node:fs";
import { setImmediate as nextTurn } from "node:timers/promises";
import type { StoredEvent } from "../../events/envelope.ts";
import { derivedRetryMs } from "../../limits/store.ts";
import { maxKeptPartBytes, segmentEvents, turnMs } from "../../limits/read-model.ts";
import type { EventStore } from "../../store/port.ts";
import type { Say } from "../../store/telling.ts";
import type { Targets } from "../columns/fact-log.ts";
import { isAmendmentType } from "../columns/fact-log.ts";
import { KeptParts } from "../columns/kept-parts.ts";
import type { SealedSegment } from "../columns/kept-segment.ts";
import type { ModelSizes } from "../live/live-model.ts";
import { LiveModel } from "../live/live-model.ts";
import { definitionHash } from "./definition-hash.ts";
import { DerivedFile } from "./derived-file.ts";
import type { Derived, FoundSegment } from "./derived-file.ts";
import type { SegmentSource } from "./segment-block.ts";
import { sourceOf, strangeness } from "./segment-source.ts";

export interface DerivedOptions {
  /** Where the file is; `null` for none that stays. */
  readonly path: string | null;
  /** `read` leaves the file as it is. */
  readonly mode: "read" | "write";
  /** Default: those of limits.ts. */
  readonly sizes?: ModelSizes;
  /** Called with what is wrong with the file, and when it is right again. */
  readonly say?: Say | undefined;
  /** How long after a failure the file is tried again at the earliest. Default: that of limits.ts. */
  readonly retryMs?: number;
  /** Called when something else changed the file: the model can no longer be read whole. */
  readonly onChanged?: () => void;
}

/** A model as far as its file goes; stale if other definitions made it. */
interface LoadedModel {
  readonly kept: KeptModel;
  readonly isStale: boolean;
}

export class KeptModel {
  model: LiveModel;
  readonly #store: EventStore;
  #derived: DerivedOptions;
  readonly #say: Say;
  readonly #options: { segmentEvents: number; kept: KeptParts; onChanged: (what: string) => void };
  #file: DerivedFile | null = null;
  /** The temporary file of a process that may not write beside the ledger. */
  #temporary: DerivedFile | null = null;
  /** The file holds what is not of this model: before anything is kept it is started again. */
  #mustRestart = false;
  /** Sealed, and not in the file yet. */
  #waiting: SealedSegment[] = [];
  #error: string | null = null;
  #nextTry = 0;
  #isChanged = false;

  private constructor(store: EventStore, derived: DerivedOptions) {
    const { sizes = {}, say = () => undefined } = derived;
    this.#store = store;
    this.#derived = derived;
    this.#say = say;
    this.#options = {
      segmentEvents: sizes.segmentEvents ?? segmentEvents,
      kept: new KeptParts(sizes.maxKeptPartBytes ?? maxKeptPartBytes),
      onChanged: (what) => this.#changed(what),
    };
    this.model = new LiveModel(sizes);
  }

  /** An empty model, whose file is started again. */
  static fresh(store: EventStore, options: DerivedOptions): KeptModel {
    const kept = new KeptModel(store, options);
    kept.#mustRestart = true;
    return kept;
  }

  /** The model as far as the file is whole and made from the events that the store has. */
  static async load(
    store: EventStore,
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

  /** Why the file is not kept up at the moment; `null` if it is. */
  get error(): string | null {
    return this.#error;
  }

  /** Takes events that follow on those that the model has, and keeps the segments that they fill. */
  async apply(events: readonly StoredEvent[]): Promise<void> {
    const targets = await targetsIn(this.#store, events);
    for (let rest = events; rest.length > 0;) {
      rest = rest.slice(this.model.apply(rest, targets));
      if (this.model.isSealDue) this.#waiting.push(await sealed(this.model));
      await this.keep();
    }
  }

  /** Writes what waits. Never fails: what is wrong with the file is said. */
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

  /** The file replaces another one; only of a model that was made fresh. */
  replaceFile(path: string): void {
    const { path: own } = this.#derived;
    if (own === null || own === path) return;
    this.#guarded(() => {
      // Also where nothing was full, so that the next start finds the definitions of today.
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

  /** What closes its files later, and holds nothing of the model meanwhile. */
  closer(): () => void {
    const files = [this.#file, this.#temporary].filter((file) => file !== null);
    return closingAll(files.map((file) => file.closer()));
  }

  /** False where the file is of another ledger: then the model is as if there were none. */
  async #take(derived: Derived, onLoaded: (sequence: number) => void): Promise<boolean> {
    for (const found of this.#segmentsOf(derived)) {
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

  /** Segments as far as the file can be read. */
  *#segmentsOf(derived: Derived): Iterable<FoundSegment> {
    const segments = derived.segments[Symbol.iterator]();
    for (;;) {
      const next = this.#guarded(() => segments.next());
      if (next === null || next.done === true) return;
      yield next.value;
    }
  }

  /** What a reader makes beside the file is gone when it ends. */
  #forWriting(): DerivedFile {
    const { path, mode } = this.#derived;
    const file = path === null || mode === "read" ? null : this.#opened();
    if (file !== null) return file;
    this.#temporary ??= DerivedFile.temporary(this.#options);
    return this.#temporary;
  }

  /** A new file, not the old one truncated: readers of the old one can continue. */
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

  /** Tells whether it worked. */
  #write(work: (file: DerivedFile) => void): boolean {
    const isDone = this.#guarded(() => {
      work(this.#mustRestart ? this.#begunAnew() : this.#forWriting());
      return true;
    });
    if (isDone !== true) return false;
    const { path, mode } = this.#derived;
    // What a reader keeps elsewhere says nothing of the file.
    if (mode === "read" && path !== null) return true;
    if (this.#error !== null)
      this.#say(`${path ?? "a temporary file"} is being updated again`, "info");
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

/** In a scope of its own, where nothing else is held. */
function closingAll(closers: readonly (() => void)[]): () => void {
  return () => {
    for (const close of closers) close();
  };
}

/** Seals the full segment, and lets others have their turns meanwhile. */
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

/** Where the events are that corrections among these name. */
export async function targetsIn(
  store: Pick<EventStore, "findByIds">,
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

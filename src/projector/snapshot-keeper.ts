/** Brings a read model up from its snapshot, and keeps the snapshot up with the model. */
import { setImmediate as nextTurn } from "node:timers/promises";
import type { EventStore } from "../store/event-store.ts";
import { definitionHash } from "./definition-hash.ts";
import type { EventSegment } from "./event-columns.ts";
import { segmentEvents } from "../limits.ts";
import type { ModelSizes } from "./live-model.ts";
import { LiveModel } from "./live-model.ts";
import { SnapshotFile } from "./snapshot-file.ts";

export interface SnapshotOptions {
  /** Where the snapshot is; `null` for none. */
  readonly path: string | null;
  /** `read` leaves the file as it is. */
  readonly mode: "read" | "write";
  /** Left out: those of limits.ts. */
  readonly sizes?: ModelSizes;
}

/** A model as far as its snapshot goes; stale if other definitions made it. */
export interface LoadedModel {
  readonly model: LiveModel;
  readonly isStale: boolean;
}

export class SnapshotKeeper {
  readonly #sizes: ModelSizes;
  readonly #segmentEvents: number;
  readonly #file: SnapshotFile | null;
  /** Segments that are in the file. */
  #kept = 0;

  constructor({ path, mode, sizes = {} }: SnapshotOptions) {
    this.#sizes = sizes;
    this.#segmentEvents = sizes.segmentEvents ?? segmentEvents;
    this.#file = path === null ? null : SnapshotFile.open(path, mode, this.#segmentEvents);
  }

  newModel(): LiveModel {
    return new LiveModel(this.#sizes);
  }

  /** The model as far as the snapshot is whole and agrees with the store. */
  async load(store: EventStore, onLoaded: (sequence: number) => void): Promise<LoadedModel> {
    const model = this.newModel();
    const snapshot = this.#file?.read() ?? null;
    if (snapshot === null) {
      this.#restart();
      return { model, isStale: false };
    }
    for (const segment of snapshot.segments) {
      if (!(await isOfStore(store, segment, model.sequence + segment.length))) {
        this.#restart();
        return { model: this.newModel(), isStale: false };
      }
      model.applySegment(segment);
      this.#kept++;
      onLoaded(model.sequence);
      await nextTurn();
    }
    return { model, isStale: snapshot.definitionHash !== definitionHash() };
  }

  /** Keeps the segments that became full. */
  keep(model: LiveModel): void {
    if (model.sequence < (this.#kept + 1) * this.#segmentEvents) return;
    for (const segment of model.fullSegments.slice(this.#kept)) {
      this.#file?.append(segment);
      this.#kept++;
    }
  }

  /** Throws away what was kept, and keeps the model instead. */
  replace(model: LiveModel): void {
    this.#restart();
    this.keep(model);
  }

  close(): void {
    this.#file?.close();
  }

  #restart(): void {
    this.#kept = 0;
    this.#file?.restart(definitionHash());
  }
}

/** Whether the segment ends with the event that the store has there: another ledger's hardly does. */
async function isOfStore(
  store: EventStore,
  segment: EventSegment,
  lastSequence: number,
): Promise<boolean> {
  const place = segment.length - 1;
  const last = await store.readAt(lastSequence);
  return last?.id === segment.idAt(place) && last.recordedAt === segment.recordedAt[place];
}

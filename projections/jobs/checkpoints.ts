/** The checkpoints of a job. */
import { numberAt } from "../arithmetic/number-rows.ts";

interface JobCheckpoint {
  readonly checkpointId: string;
  /** When it was complete. */
  readonly at: number;
  readonly durationMs: number;
  /** Wall-clock time since the run's checkpoint before it; `null` for a run's first. */
  readonly sinceLastMs: number | null;
}

/** When it was complete, how long it took, how long after the one before (or `firstOfRun`), where its id ends in the text. */
const numbersEach = 4;
const firstOfRun = -1;

/**
 * Checkpoints by time, as numbers and one text: a month of a large fleet has half a million, which as objects would be
 * looked at whenever garbage is collected.
 */
export class PackedCheckpoints implements Iterable<JobCheckpoint> {
  readonly numbers: readonly number[];
  /** Their ids behind each other. */
  readonly ids: string;

  constructor(numbers: readonly number[], ids: string) {
    this.numbers = numbers;
    this.ids = ids;
  }

  get length(): number {
    return this.numbers.length / numbersEach;
  }

  /** When the last one was complete; `null` if there is none. */
  get lastAt(): number | null {
    return this.numbers.at(-numbersEach) ?? null;
  }

  *[Symbol.iterator](): Generator<JobCheckpoint, undefined> {
    let idBegin = 0;
    for (let i = 0; i < this.numbers.length; i += numbersEach) {
      const idEnd = numberAt(this.numbers, i + 3);
      const sinceLastMs = numberAt(this.numbers, i + 2);
      yield {
        checkpointId: this.ids.slice(idBegin, idEnd),
        at: numberAt(this.numbers, i),
        durationMs: numberAt(this.numbers, i + 1),
        sinceLastMs: sinceLastMs === firstOfRun ? null : sinceLastMs,
      };
      idBegin = idEnd;
    }
  }

  /** As JSON they are a list like any other. */
  toJSON(): JobCheckpoint[] {
    return [...this];
  }

  /** Calls `visit` with each that was complete in `[from, to)`, by time. */
  eachIn(
    from: number,
    to: number,
    visit: (durationMs: number, sinceLastMs: number | null) => void,
  ): void {
    for (let i = 0; i < this.numbers.length; i += numbersEach) {
      const at = numberAt(this.numbers, i);
      if (at >= to) break;
      if (at < from) continue;
      const sinceLastMs = numberAt(this.numbers, i + 2);
      visit(numberAt(this.numbers, i + 1), sinceLastMs === firstOfRun ? null : sinceLastMs);
    }
  }
}

/** Packs checkpoints that come by time, and knows the last one. */
export class CheckpointPacker {
  readonly #numbers: number[] = [];
  readonly #ids: string[] = [];
  #idEnd = 0;
  #lastAt: number | null = null;

  get length(): number {
    return this.#ids.length;
  }

  /** When the last one was complete; `null` if there is none. */
  get lastAt(): number | null {
    return this.#lastAt;
  }

  add({ checkpointId, at, durationMs, sinceLastMs }: JobCheckpoint): void {
    this.#idEnd += checkpointId.length;
    this.#ids.push(checkpointId);
    this.#numbers.push(at, durationMs, sinceLastMs ?? firstOfRun, this.#idEnd);
    this.#lastAt = at;
  }

  /** When those from an index on were complete, by id; the latest of each id. */
  completions(first: number): Map<string, number> {
    const found = new Map<string, number>();
    for (let i = first; i < this.#ids.length; i++)
      found.set(this.#ids[i] ?? "", this.#numbers[numbersEach * i] ?? Number.NaN);
    return found;
  }

  packed(): PackedCheckpoints {
    // A copy has no room to grow.
    return new PackedCheckpoints(this.#numbers.slice(), this.#ids.join(""));
  }
}

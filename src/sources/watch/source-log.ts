/** What came of each source since this process started: when it was seen, what became of its payloads, what was refused. */
import type { ErrorCode } from "../../errors.ts";
import { keptPayloads, keptRefusals } from "../../limits/sources.ts";
import type { Source } from "../config/sources-file.ts";
import type { Answer } from "../intake/answer.ts";

export const sourceOutcomes = [
  "appended",
  "duplicates",
  "absorbed",
  "ignored",
  "truncated",
  "refused",
] as const;

/** A payload in numbers, as its answer has them. */
interface PayloadNote extends Readonly<Record<(typeof sourceOutcomes)[number], number>> {
  /** When it was taken, in milliseconds since the epoch. */
  readonly at: number;
  readonly observations: number;
}

/** Something of a payload, or the whole of it (an empty path), that was not taken. */
interface RefusalNote {
  readonly at: number;
  readonly path: string;
  readonly code: ErrorCode;
  readonly detail: string;
}

export interface SourceState {
  readonly source: Source;
  /** The last payload or heartbeat that this process took; `null` if there was none. */
  lastSeenAt: number | null;
  /** The latest first. */
  readonly payloads: PayloadNote[];
  readonly refusals: RefusalNote[];
}

interface Listener {
  readonly onSeen?: (source: Source, at: number) => void;
  readonly onTaken?: (source: Source, answer: Answer) => void;
}

export class SourceLog {
  readonly #states: ReadonlyMap<string, SourceState>;
  readonly #listeners: Listener[] = [];

  constructor(sources: readonly Source[]) {
    this.#states = new Map(
      sources.map((source) => [
        source.name,
        { source, lastSeenAt: null, payloads: [], refusals: [] },
      ]),
    );
  }

  all(): readonly SourceState[] {
    return [...this.#states.values()];
  }

  of(name: string): SourceState | null {
    return this.#states.get(name) ?? null;
  }

  listen(listener: Listener): void {
    this.#listeners.push(listener);
  }

  /** A sign of life: a payload or a heartbeat. */
  see(name: string, at: number): void {
    const state = this.#states.get(name);
    if (state === undefined) return;
    state.lastSeenAt = Math.max(state.lastSeenAt ?? -Infinity, at);
    for (const { onSeen } of this.#listeners) onSeen?.(state.source, at);
  }

  taken(name: string, answer: Answer, at: number): void {
    const state = this.#states.get(name);
    if (state === undefined) return;
    const { observations, appended, duplicates, absorbed, ignored, truncated, refused } = answer;
    const counts = { observations, appended, duplicates, absorbed, ignored, truncated };
    state.payloads.unshift({ at, ...counts, refused: refused.length });
    state.payloads.splice(keptPayloads);
    this.#refuse(
      state,
      refused.map((each) => ({ at, ...each })),
    );
    for (const { onTaken } of this.#listeners) onTaken?.(state.source, answer);
    this.see(name, at);
  }

  /** A payload that was refused as a whole: its sender lives, but what it sends is not understood. */
  refused(name: string, error: { readonly code: ErrorCode; readonly message: string }, at: number) {
    const state = this.#states.get(name);
    if (state !== undefined)
      this.#refuse(state, [{ at, path: "", code: error.code, detail: error.message }]);
  }

  #refuse({ refusals }: SourceState, some: readonly RefusalNote[]): void {
    const shown = some.slice(0, keptRefusals).map((each) => ({
      ...each,
      path: each.path.slice(0, 200),
      detail: each.detail.slice(0, 500).toWellFormed(),
    }));
    refusals.unshift(...shown);
    refusals.splice(keptRefusals);
  }
}

/**
 * When the ledger grew: a minute and a sequence for each minute in which anything was recorded, and the sequences of
 * corrections and seals. It stays in memory, so that the history of the ledger is told without reading events.
 */
import type { EventType } from "../../events/catalogue.ts";
import { at } from "../../../projections/arithmetic/invariants.ts";
import { indexAfter } from "./rising.ts";

const minuteMs = 60_000;

export class RecordingIndex {
  /** Minutes since the epoch to which the largest recorded time moved on, ascending. */
  readonly #minutes: number[] = [];
  /** The last sequence before each of them. */
  readonly #before: number[] = [];
  readonly #corrections: number[] = [];
  readonly #seals: number[] = [];
  #last = 0;
  #firstAt: number | null = null;

  /** Adds the next event. */
  add(sequence: number, type: EventType, recordedAt: number): void {
    const minute = Math.floor(recordedAt / minuteMs);
    if (minute > (this.#minutes.at(-1) ?? -Infinity)) {
      this.#minutes.push(minute);
      this.#before.push(sequence - 1);
    }
    if (type === "FactCorrected" || type === "FactRetracted") this.#corrections.push(sequence);
    else if (type === "LedgerSealed") this.#seals.push(sequence);
    this.#last = sequence;
    this.#firstAt ??= recordedAt;
  }

  /** Adds the next events; `types` gives the type of each. */
  addAll(first: number, recordedAts: Float64Array, types: (index: number) => EventType): void {
    for (let i = 0; i < recordedAts.length; i++) this.add(first + i, types(i), at(recordedAts, i));
  }

  /** The sequence of the first event; `null` if there is none. */
  get first(): number | null {
    return this.#firstAt === null ? null : 1;
  }

  /** When the first event was recorded; `null` if there is none. */
  get firstAt(): number | null {
    return this.#firstAt;
  }

  /** The last sequence up to which nothing was recorded in the minute, counted from the epoch, or later. */
  lastBefore(minute: number): number {
    return this.#before[indexAfter(this.#minutes, minute - 1)] ?? this.#last;
  }

  /** The minute of the largest recorded time up to a sequence that there is. */
  minuteOf(sequence: number): number {
    return at(this.#minutes, indexAfter(this.#before, sequence - 1) - 1);
  }

  /** Events after one sequence and up to another. */
  events(after: number, upTo: number): number {
    return upTo - after;
  }

  /** Corrections and retractions after one sequence and up to another. */
  corrections(after: number, upTo: number): number {
    return indexAfter(this.#corrections, upTo) - indexAfter(this.#corrections, after);
  }

  /** The same of seals. */
  seals(after: number, upTo: number): number {
    return indexAfter(this.#seals, upTo) - indexAfter(this.#seals, after);
  }
}

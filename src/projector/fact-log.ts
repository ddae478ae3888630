/** Every event in the order of the ledger, with what corrects it: where facts as of any position come from. */
import { effectiveFact, isLedgersOwn, isTouch } from "../../projections/effective-facts.ts";
import type { RawEvent, Touch } from "../../projections/effective-facts.ts";
import type { Fact } from "../../projections/fact.ts";
import type { StoredEvent } from "../events/envelope.ts";
import { LedgerError } from "../errors.ts";

export class FactLog {
  readonly #events: RawEvent[] = [];
  readonly #sequenceOf = new Map<string, number>();
  /** By the sequence of what is corrected: all that touches it at any depth, by sequence. */
  readonly #touches = new Map<number, Touch[]>();
  /** By the sequence of a correction: that of the event that it is about in the end. */
  readonly #roots = new Map<number, number>();
  /** The largest `recordedAt` up to each sequence. */
  readonly #recordedUpTo: number[] = [];

  /** The last sequence; 0 if there is none. */
  get sequence(): number {
    return this.#events.length;
  }

  add(stored: StoredEvent): void {
    // StoredEvent is one shape for all types, RawEvent one for each.
    const event = stored as RawEvent;
    if (event.sequence !== this.#events.length + 1) {
      throw new LedgerError(
        "corrupt-event",
        `after sequence ${this.#events.length} comes ${event.sequence}`,
        {
          extra: { sequence: event.sequence },
        },
      );
    }
    this.#recordedUpTo.push(Math.max(event.recordedAt, this.#recordedUpTo.at(-1) ?? -Infinity));
    this.#events.push(event);
    this.#sequenceOf.set(event.id, event.sequence);
    if (isTouch(event)) this.#addTouch(event);
  }

  at(sequence: number): RawEvent {
    const event = this.#events[sequence - 1];
    if (event === undefined)
      throw new LedgerError("position-past-head", `there is no sequence ${sequence}`);
    return event;
  }

  /** What the correction or retraction at `sequence` is about in the end; `null` if it changes nothing. */
  rootOf(sequence: number): number | null {
    return this.#roots.get(sequence) ?? null;
  }

  /** Whether any correction or retraction, of whatever position, touches the event at `sequence`. */
  isTouched(sequence: number): boolean {
    return this.#touches.has(sequence);
  }

  /** The fact that the event at `sequence` states at position P; `null` if it states none. */
  factAt(sequence: number, P: number): Fact | null {
    return effectiveFact(this.at(sequence), this.#touches.get(sequence) ?? [], P);
  }

  /** The largest `recordedAt` up to a sequence; `null` of nothing. */
  recordedUpTo(sequence: number): number | null {
    return this.#recordedUpTo[sequence - 1] ?? null;
  }

  /** The last sequence up to which nothing was recorded after the instant. */
  sequenceAsOfTime(instantMs: number): number {
    let low = 0;
    let high = this.#recordedUpTo.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#recordedUpTo[middle] ?? Infinity) <= instantMs) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #addTouch(touch: Touch): void {
    const target = this.#sequenceOf.get(touch.data.eventId.toLowerCase());
    if (target === undefined || target >= touch.sequence) return;
    const event = this.at(target);
    if (isLedgersOwn(event.type)) return;
    const root = isTouch(event) ? this.#roots.get(target) : target;
    if (root === undefined) return;
    this.#roots.set(touch.sequence, root);
    const touches = this.#touches.get(root);
    if (touches === undefined) this.#touches.set(root, [touch]);
    else touches.push(touch);
  }
}

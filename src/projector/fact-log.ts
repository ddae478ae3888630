/** Every event in the order of the ledger, with what corrects it: where facts as of any position come from. */
import { effectiveFact, isLedgersOwn, isTouch } from "../../projections/effective-facts.ts";
import type { RawEvent, Touch } from "../../projections/effective-facts.ts";
import type { Fact } from "../../projections/fact.ts";
import type { StoredEvent } from "../events/envelope.ts";
import { LedgerError } from "../errors.ts";
import { placeAfter } from "./rising.ts";

/** Shared by all facts that nothing touched. */
const untouched: readonly string[] = Object.freeze([]);

export class FactLog {
  /** Each event is kept as the fact that it states while nothing touches it. */
  readonly #events: (RawEvent & Pick<Fact, "touchedBy">)[] = [];
  readonly #sequenceOf = new Map<string, number>();
  /** By the sequence of what is corrected: all that touches it at any depth, by sequence. */
  readonly #touches = new Map<number, Touch[]>();
  /** By the sequence of a correction: that of the event that it is about in the end. */
  readonly #roots = new Map<number, number>();
  /** The largest `recordedAt` up to each sequence. */
  readonly #recordedUpTo: number[] = [];
  /** Zone tables that were adopted, by sequence. */
  readonly #zoneTables: { readonly sequence: number; readonly version: string }[] = [];

  /** The last sequence; 0 if there is none. */
  get sequence(): number {
    return this.#events.length;
  }

  /** Throws `corrupt-event` for an event that is not the next one. */
  add(stored: StoredEvent): void {
    const { type, id, sequence, occurredAt, recordedAt, data } = stored;
    if (sequence !== this.#events.length + 1) {
      const detail = `sequence ${sequence} comes after ${this.#events.length}`;
      throw new LedgerError("corrupt-event", detail, { extra: { sequence } });
    }
    const fact = { type, id, sequence, occurredAt, recordedAt, touchedBy: untouched, data };
    // A stored event is one shape for all types, a fact is one for each.
    const event = fact as RawEvent & Fact;
    this.#events.push(event);
    this.#recordedUpTo.push(Math.max(recordedAt, this.#recordedUpTo.at(-1) ?? -Infinity));
    this.#sequenceOf.set(id, sequence);
    if (isTouch(event)) this.#addTouch(event);
    if (event.type === "ZoneTableAdopted") {
      this.#zoneTables.push({ sequence, version: event.data.tzdata });
    }
  }

  /** The event as it was stated. Throws `position-past-head`. */
  at(sequence: number): RawEvent {
    return this.#at(sequence);
  }

  /** What the correction or retraction at `sequence` is about in the end; `null` if it changes nothing. */
  rootOf(sequence: number): number | null {
    return this.#roots.get(sequence) ?? null;
  }

  /** Corrections and retractions, of whatever position, that touch the event at `sequence`; by sequence. */
  touchesOf(sequence: number): readonly Touch[] {
    return this.#touches.get(sequence) ?? [];
  }

  /** The fact that an event which nothing touches states; the event is no correction. */
  untouchedFact(sequence: number): Fact {
    return this.#at(sequence);
  }

  /** The fact that the event at `sequence` states at position P; `null` if it states none. */
  factAt(sequence: number, P: number): Fact | null {
    return effectiveFact(this.#at(sequence), this.touchesOf(sequence), P);
  }

  /** The largest `recordedAt` up to a sequence; `null` of nothing. */
  recordedUpTo(sequence: number): number | null {
    return this.#recordedUpTo[sequence - 1] ?? null;
  }

  /** The version of the zone table that was adopted last, as of a position; `null` if none was. */
  zoneTableAt(P: number): string | null {
    return this.#zoneTables.findLast(({ sequence }) => sequence <= P)?.version ?? null;
  }

  /** Sequences after `after` and up to `upTo` at which a zone table was adopted. */
  zoneTableChanges(after: number, upTo: number): number[] {
    return this.#zoneTables
      .map(({ sequence }) => sequence)
      .filter((sequence) => sequence > after && sequence <= upTo);
  }

  /** The last sequence up to which nothing was recorded after the instant. */
  sequenceAsOfTime(instantMs: number): number {
    return placeAfter(this.#recordedUpTo, instantMs);
  }

  #at(sequence: number): RawEvent & Pick<Fact, "touchedBy"> {
    const event = this.#events[sequence - 1];
    if (event !== undefined) return event;
    throw new LedgerError("position-past-head", `there is no sequence ${sequence}`);
  }

  #addTouch(touch: Touch): void {
    const target = this.#sequenceOf.get(touch.data.eventId.toLowerCase());
    if (target === undefined || target >= touch.sequence) return;
    const event = this.#at(target);
    if (isLedgersOwn(event.type)) return;
    const root = isTouch(event) ? this.#roots.get(target) : target;
    if (root === undefined) return;
    this.#roots.set(touch.sequence, root);
    const touches = this.#touches.get(root);
    if (touches === undefined) this.#touches.set(root, [touch]);
    else touches.push(touch);
  }
}

/**
 * Checks the positions of a history's events: revisions without gaps, each id once, each event in the stream that its
 * type and data determine, and recorded no earlier than the events before it.
 */
import { eventTypes } from "../../events/catalogue.ts";
import type { EventType } from "../../events/catalogue.ts";
import { IdTable } from "./id-table.ts";
import { noNumber, runNumbers } from "./leaf-block.ts";
import { idWords } from "./leaf-id.ts";
import type { LeafBlockLook } from "./leaf-block.ts";
import { RecordedOrder } from "./recorded-order.ts";

/** A finding about the position of an event. */
interface WrongPosition {
  readonly sequence: number;
  readonly message: string;
}

/** The position of an event that others name. */
interface EventPosition {
  readonly sequence: number;
  readonly type: EventType;
  readonly stream: string;
}

type Tell = (at: number, message: string) => void;

const firstEvents = 1 << 12;

export class EventPositions {
  readonly recordedOrder = new RecordedOrder();
  /** Numbers of the streams; their names and last revisions by number. A name has one character per byte. */
  readonly #numbers = new Map<string, number>();
  readonly #names: string[] = [];
  readonly #revisions: number[] = [];
  readonly #ids = new IdTable();
  /** By sequence minus one. */
  #streamOf = new Uint32Array(firstEvents);
  #typeOf = new Uint8Array(firstEvents);

  /** Adds the first `count` leaves of the next block; returns what is wrong with their positions. */
  take(look: LeafBlockLook, count: number): WrongPosition[] {
    const wrong: WrongPosition[] = [];
    const before = this.#ids.length;
    const tell: Tell = (at, message) => {
      if (at < count) wrong.push({ sequence: before + at + 1, message });
    };
    const numbers = this.#takeStreams(look, tell);
    for (const { at, stream, revision, expected } of look.revisionFindings)
      tell(at, misplaced(stream, revision, expected));
    this.#keepPositions(look, count, numbers);
    for (const at of look.misfits) {
      tell(
        at,
        `${eventTypes[look.typeOf[at] ?? 0]} is in ${this.#streamAt(before + at + 1)}, which is not the stream of its data`,
      );
    }
    this.recordedOrder.take(look.recordedAt.subarray(0, count), tell);
    const absent = new Set(look.noted.filter(({ isInForm }) => !isInForm).map(({ at }) => at));
    this.#ids.add(look.ids.subarray(0, count * idWords), absent, (at, other) => {
      tell(at, `the id ${this.#ids.textOf(other)} is already used by event ${other}`);
    });
    return wrong;
  }

  /** The first added event with this id (lower case); `null` if there is none. */
  find(id: string): EventPosition | null {
    const sequence = this.#ids.find(id);
    const type = eventTypes[this.#typeOf[sequence - 1] ?? 0];
    if (sequence === 0 || type === undefined) return null;
    return { sequence, type, stream: this.#streamAt(sequence) };
  }

  /** The numbers of the block's streams, in the block's order. */
  #takeStreams({ streams: { names, numbers } }: LeafBlockLook, tell: Tell): number[] {
    const streams = names === "" && numbers.length === 0 ? [] : names.split("\n");
    return streams.map((stream, i) => {
      const at = numbers[i * runNumbers] ?? 0;
      const firstRevision = numbers[i * runNumbers + 1] ?? 0;
      const lastRevision = numbers[i * runNumbers + 2] ?? 0;
      const number = this.#numberOf(stream);
      const expected = (this.#revisions[number] ?? -1) + 1;
      if (firstRevision !== expected) tell(at, misplaced(stream, firstRevision, expected));
      this.#revisions[number] = lastRevision;
      return number;
    });
  }

  #numberOf(stream: string): number {
    const known = this.#numbers.get(stream);
    if (known !== undefined) return known;
    // A substring would keep the whole leaf in memory, so the name is copied.
    const name = Buffer.from(stream, "latin1").toString("latin1");
    const number = this.#names.push(name) - 1;
    this.#numbers.set(name, number);
    return number;
  }

  #keepPositions(look: LeafBlockLook, count: number, numbers: readonly number[]): void {
    const before = this.#ids.length;
    while (before + count > this.#typeOf.length) {
      this.#streamOf = grown(this.#streamOf, new Uint32Array(this.#streamOf.length * 2));
      this.#typeOf = grown(this.#typeOf, new Uint8Array(this.#typeOf.length * 2));
    }
    this.#typeOf.set(look.typeOf.subarray(0, count), before);
    for (let at = 0; at < count; at++) {
      const number = look.streamOf[at] ?? noNumber;
      this.#streamOf[before + at] = number === noNumber ? noNumber : (numbers[number] ?? noNumber);
    }
  }

  #streamAt(sequence: number): string {
    const number = this.#streamOf[sequence - 1] ?? noNumber;
    return asText(this.#names[number] ?? "");
  }
}

function grown<T extends Uint32Array | Uint8Array>(from: T, to: T): T {
  to.set(from);
  return to;
}

/** A stream's name as text, from one character per byte; a leaf writes the name as JSON does. */
function asText(name: string): string {
  const written = Buffer.from(name, "latin1").toString();
  try {
    return String(JSON.parse(`"${written}"`));
  } catch (error) {
    if (error instanceof SyntaxError) return written;
    throw error;
  }
}

function misplaced(stream: string, revision: number, expected: number): string {
  return `it has revision ${revision} of ${asText(stream)} instead of ${expected}`;
}

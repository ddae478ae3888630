/** Whether the events of a history stand where they must: revisions without gaps, each id once. */
import { idWords, runNumbers } from "./leaf-block.ts";
import type { LeafBlockLook } from "./leaf-block.ts";

/** Something about the place of an event that is wrong. */
export interface WrongPlace {
  readonly sequence: number;
  readonly message: string;
}

const firstSlots = 1 << 12;
/** Beyond this part of its slots in use, the table grows: probes stay short. */
const maxLoad = 0.5;
/** Each growth puts all ids in again: seldom, then. */
const growth = 4;

export class EventPlaces {
  readonly #revisions = new Map<string, number>();
  readonly #ids = new IdTable();

  /** Takes the next block, as far as its first `count` leaves; tells what is wrong with their places. */
  take(look: LeafBlockLook, count: number): WrongPlace[] {
    const wrong: WrongPlace[] = [];
    const before = this.#ids.length;
    const tell = (at: number, message: string): void => {
      if (at < count) wrong.push({ sequence: before + at + 1, message });
    };
    const { names, numbers } = look.streams;
    const streams = names === "" && numbers.length === 0 ? [] : names.split("\n");
    for (const [i, stream] of streams.entries()) {
      const at = numbers[i * runNumbers] ?? 0;
      const firstRevision = numbers[i * runNumbers + 1] ?? 0;
      const lastRevision = numbers[i * runNumbers + 2] ?? 0;
      const expected = (this.#revisions.get(stream) ?? -1) + 1;
      if (firstRevision !== expected) tell(at, misplaced(stream, firstRevision, expected));
      // A name cut out of a leaf would keep the whole leaf in memory.
      this.#revisions.set(expected === 0 ? copyOf(stream) : stream, lastRevision);
    }
    for (const { at, stream, revision, expected } of look.faults)
      tell(at, misplaced(stream, revision, expected));
    const absent = new Set(look.noted.filter(({ isInForm }) => !isInForm).map(({ at }) => at));
    this.#ids.add(look.ids.subarray(0, count * idWords), absent, (at, other) => {
      tell(at, `the id ${this.#ids.textOf(other)} is that of event ${other} already`);
    });
    return wrong;
  }
}

function copyOf(text: string): string {
  return Buffer.from(text, "latin1").toString("latin1");
}

function misplaced(stream: string, revision: number, expected: number): string {
  const name = Buffer.from(stream, "latin1").toString();
  return `revision ${revision} of ${name} stands where ${expected} must be`;
}

/** Ids by sequence, four words each, and a table of open addressing over them. */
class IdTable {
  /** Ids so far. */
  length = 0;
  #words = new Int32Array(firstSlots * idWords);
  /** Sequences; 0 is an empty slot. */
  #slots = new Uint32Array(firstSlots);
  readonly #absent = new Set<number>();
  // Seeded, so that ids cannot be chosen to collide.
  readonly #seeds = crypto.getRandomValues(new Int32Array(2));

  /** Appends ids, but for those absent; tells of each that was there before, by its number and the other's sequence. */
  add(
    ids: Int32Array,
    absent: ReadonlySet<number>,
    onSame: (at: number, sequence: number) => void,
  ): void {
    this.#reserve(this.length + ids.length / idWords);
    this.#words.set(ids, this.length * idWords);
    for (let at = 0; at < ids.length / idWords; at++) {
      this.length++;
      if (absent.size > 0 && absent.has(at)) {
        this.#absent.add(this.length);
        continue;
      }
      const other = this.#put(this.length);
      if (other !== 0) onSame(at, other);
    }
  }

  textOf(sequence: number): string {
    const base = (sequence - 1) * idWords;
    const hex = Array.from(this.#words.subarray(base, base + idWords), (word) =>
      (word >>> 0).toString(16).padStart(8, "0"),
    ).join("");
    return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
  }

  /** Gives the sequence that has the id already, or 0 and takes it. */
  #put(sequence: number): number {
    const slots = this.#slots;
    const words = this.#words;
    const mask = slots.length - 1;
    const base = (sequence - 1) * idWords;
    const a = words[base] ?? 0;
    const b = words[base + 1] ?? 0;
    const c = words[base + 2] ?? 0;
    const d = words[base + 3] ?? 0;
    let mixed = Math.imul((this.#seeds[0] ?? 0) ^ a, 0x9e3779b1);
    mixed = Math.imul(mixed ^ (mixed >>> 15) ^ b, 0x85ebca6b);
    mixed = Math.imul(mixed ^ (mixed >>> 13) ^ c, 0xc2b2ae35);
    mixed = Math.imul(mixed ^ (mixed >>> 16) ^ d ^ (this.#seeds[1] ?? 0), 0x27d4eb2f);
    mixed ^= mixed >>> 15;
    for (let slot = mixed & mask; ; slot = (slot + 1) & mask) {
      const other = slots[slot] ?? 0;
      if (other === 0) {
        slots[slot] = sequence;
        return 0;
      }
      const at = (other - 1) * idWords;
      const isSame =
        words[at] === a && words[at + 1] === b && words[at + 2] === c && words[at + 3] === d;
      if (isSame) return other;
    }
  }

  #reserve(count: number): void {
    if (count * idWords > this.#words.length) {
      const larger = new Int32Array(Math.max(count * idWords, this.#words.length * 2));
      larger.set(this.#words.subarray(0, this.length * idWords));
      this.#words = larger;
    }
    if (count <= this.#slots.length * maxLoad) return;
    let slots = this.#slots.length;
    while (count > slots * maxLoad) slots *= growth;
    this.#slots = new Uint32Array(slots);
    for (let sequence = 1; sequence <= this.length; sequence++) {
      if (!this.#absent.has(sequence)) this.#put(sequence);
    }
  }
}

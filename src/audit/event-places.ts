/** Whether the events of a history stand where they must: revisions without gaps, each id once. */
import { IdIndex } from "../store/id-index.ts";
import type { LeafPlace } from "./leaf-place.ts";

const idBytes = 36;

export class EventPlaces {
  readonly #revisions = new Map<string, number>();
  readonly #index = new IdIndex((sequence, id) => this.#idAt(sequence) === id);
  /** Ids by sequence, in one piece of memory. */
  #ids = Buffer.allocUnsafe(1_024 * idBytes);

  /** Takes the next event; tells what is wrong with its place. */
  take(sequence: number, place: LeafPlace): string[] {
    const { id, stream, revision } = place;
    const wrong: string[] = [];
    const last = this.#revisions.get(stream);
    const expected = (last ?? -1) + 1;
    if (revision !== expected) {
      wrong.push(`revision ${revision} of ${stream} stands where ${expected} must be`);
    }
    // A name cut out of a leaf would keep the whole leaf in memory.
    this.#revisions.set(last === undefined ? copyOf(stream) : stream, revision);
    const other = this.#index.find(id);
    if (other !== 0) wrong.push(`the id ${id} is that of event ${other} already`);
    this.#keepId(sequence, id);
    this.#index.add(id, sequence);
    return wrong;
  }

  #keepId(sequence: number, id: string): void {
    const end = sequence * idBytes;
    if (end > this.#ids.length) {
      const larger = Buffer.allocUnsafe(Math.max(end, 2 * this.#ids.length));
      larger.set(this.#ids);
      this.#ids = larger;
    }
    this.#ids.write(id, end - idBytes, idBytes, "latin1");
  }

  #idAt(sequence: number): string {
    return this.#ids.toString("latin1", (sequence - 1) * idBytes, sequence * idBytes);
  }
}

function copyOf(text: string): string {
  return Buffer.from(text).toString();
}

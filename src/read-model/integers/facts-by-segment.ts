/** Facts of a list in the order of the segments in which their events lie. The memory is used again for other lists. */
import { wordAt } from "../../../projections/arithmetic/invariants.ts";

/** Facts between two pauses. */
const perStep = 65_536;

export class FactsBySegment {
  /** The place of each fact in the list. */
  places = new Uint32Array(0);
  /** The index of the event of each within its segment. */
  indexes = new Uint32Array(0);
  /** Where those of each segment begin, and where those of the last one end. */
  begins = new Uint32Array(1);

  /** Makes room for a list of so many facts. */
  reserve(count: number): void {
    if (this.places.length >= count) return;
    this.places = new Uint32Array(count);
    this.indexes = new Uint32Array(count);
  }

  /** Sorts a list of sequences; `size` is how many events a segment has. */
  *sort(sequences: Uint32Array, size: number): Generator<undefined, void> {
    const count = sequences.length;
    let last = 0;
    for (let place = 0; place < count; place++) last = Math.max(last, wordAt(sequences, place));
    const segments = Math.ceil(last / size);
    const segmentOf = (sequence: number): number => Math.floor((sequence - 1) / size);
    // A counting sort: how many come before the first of each segment.
    const next = new Uint32Array(segments + 1);
    for (let place = 0; place < count; place++) {
      const after = segmentOf(wordAt(sequences, place)) + 1;
      next[after] = wordAt(next, after) + 1;
      if (place % perStep === 0) yield;
    }
    for (let i = 1; i <= segments; i++) next[i] = wordAt(next, i) + wordAt(next, i - 1);
    this.begins = next.slice();
    for (let place = 0; place < count; place++) {
      const sequence = wordAt(sequences, place);
      const segment = segmentOf(sequence);
      const to = wordAt(next, segment);
      next[segment] = to + 1;
      this.places[to] = place;
      this.indexes[to] = sequence - 1 - segment * size;
      if (place % perStep === 0) yield;
    }
  }

  /** The numbers of the segments in which any of the events lie, ascending. */
  *segments(): Iterable<number> {
    for (let segment = 0; segment + 1 < this.begins.length; segment++)
      if (wordAt(this.begins, segment) < wordAt(this.begins, segment + 1)) yield segment;
  }
}

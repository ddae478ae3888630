/**
 * Caches folded timelines of windows, within a bound in bytes over all entities; the least recently used go first. A
 * timeline holds as of the positions between two changes of the facts that it was folded from.
 */
import type { Interval } from "../../../projections/arithmetic/intervals.ts";

/** A timeline and what it depends on. */
export interface KeptTimeline extends Interval {
  /** It holds as of positions from this one on, */
  readonly since: number;
  /** and before this one; Infinity if nothing it depends on has changed since. */
  readonly before: number;
  /** A new fact up to this instant would affect it; Infinity if a later fact may still end something. */
  readonly until: number;
  /** Ids that the fold looked up, wherever a fact states them. */
  readonly asked: ReadonlySet<string>;
  readonly timeline: unknown;
}

interface Entry {
  readonly kept: KeptTimeline;
  readonly sizeBytes: number;
  readonly forget: (kept: KeptTimeline) => void;
}

/** How far below its bound eviction goes: a map's oldest entries are dear to find one at a time. */
const evictedShare = 0.05;

export class KeptTimelines {
  readonly #maxBytes: number;
  /** In order of use, the most recent last. */
  readonly #entries = new Map<KeptTimeline, Entry>();
  #bytes = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** `forget` is called when the timeline is evicted. */
  add(kept: KeptTimeline, forget: (kept: KeptTimeline) => void): void {
    const sizeBytes = sizeOf(kept.timeline);
    this.#entries.set(kept, { kept, sizeBytes, forget });
    this.#bytes += sizeBytes;
    if (this.#bytes <= this.#maxBytes) return;
    const enough = this.#maxBytes * (1 - evictedShare);
    for (const entry of this.#entries.values()) {
      if (this.#bytes <= enough) break;
      this.drop(entry.kept);
      entry.forget(entry.kept);
    }
  }

  used(kept: KeptTimeline): void {
    const entry = this.#entries.get(kept);
    if (entry === undefined) return;
    this.#entries.delete(kept);
    this.#entries.set(kept, entry);
  }

  drop(kept: KeptTimeline): void {
    const entry = this.#entries.get(kept);
    if (entry === undefined) return;
    this.#entries.delete(kept);
    this.#bytes -= entry.sizeBytes;
  }
}

/** Timelines that hold only as of earlier positions have a bound of their own, because they are soon useless. */
export interface TimelineKeeper {
  readonly ofHead: KeptTimelines;
  readonly ofPast: KeptTimelines;
}

/** An estimate: an object in a timeline's lists takes about 170 bytes with its texts, the name of a node about 40 (measured). */
function sizeOf(timeline: unknown): number {
  if (typeof timeline !== "object" || timeline === null) return 64;
  let [elements, names] = [0, 0];
  for (const each of Object.values(timeline)) {
    if (!Array.isArray(each)) continue;
    elements += each.length;
    for (const element of each as unknown[]) names += namesIn(element);
  }
  return 512 + 170 * elements + 40 * names;
}

/** The number of names in an element's node list, which may be as long as senders make it. */
function namesIn(element: unknown): number {
  if (typeof element !== "object" || element === null || !("nodes" in element)) return 0;
  return Array.isArray(element.nodes) ? element.nodes.length : 0;
}

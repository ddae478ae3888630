/**
 * Caches folded timelines of windows, within a bound in bytes over all entities; the least recently used go first. A
 * timeline holds as of the positions between two changes of the facts that it was folded from.
 */
import { PackedCheckpoints } from "../../../projections/jobs/checkpoints.ts";
import { PackedPieces } from "../../../projections/jobs/pieces.ts";
import { PackedSegments } from "../../../projections/nodes/packed-segments.ts";

/** A timeline and what it depends on. */
export interface KeptTimeline {
  readonly from: number;
  /** The latest end of the windows that it has served. */
  to: number;
  /** It holds as of positions from this one on, */
  readonly since: number;
  /** and before this one; Infinity if nothing it depends on has changed since. */
  readonly before: number;
  /** A new fact up to this instant would affect it; Infinity if a later fact may still end something. */
  until: number;
  /** Whether every fact there is went into it, so that it serves windows that end later. A new fact ends that. */
  hasEveryFact: boolean;
  /** Whether something is open after its last fact, so that any later fact may end it. */
  readonly staysOpen: boolean;
  /** Ids that the fold looked up, wherever a fact states them. */
  readonly asked: ReadonlySet<string>;
  readonly timeline: unknown;
}

/** A timeline of a window, or a whole one. */
export type HeldTimeline = Pick<KeptTimeline, "timeline">;

interface Entry {
  readonly held: HeldTimeline;
  readonly sizeBytes: number;
  readonly forget: () => void;
}

/** How far below its bound eviction goes: a map's oldest entries are dear to find one at a time. */
const evictedShare = 0.05;

export class KeptTimelines {
  readonly #maxBytes: number;
  /** In order of use, the most recent last. */
  readonly #entries = new Map<HeldTimeline, Entry>();
  #bytes = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** `forget` is called when the timeline is evicted. */
  add(held: HeldTimeline, forget: () => void): void {
    const sizeBytes = sizeOf(held.timeline);
    this.#entries.set(held, { held, sizeBytes, forget });
    this.#bytes += sizeBytes;
    if (this.#bytes <= this.#maxBytes) return;
    const enough = this.#maxBytes * (1 - evictedShare);
    for (const entry of this.#entries.values()) {
      if (this.#bytes <= enough) break;
      this.drop(entry.held);
      entry.forget();
    }
  }

  used(held: HeldTimeline): void {
    const entry = this.#entries.get(held);
    if (entry === undefined) return;
    this.#entries.delete(held);
    this.#entries.set(held, entry);
  }

  drop(held: HeldTimeline): void {
    const entry = this.#entries.get(held);
    if (entry === undefined) return;
    this.#entries.delete(held);
    this.#bytes -= entry.sizeBytes;
  }
}

/** Timelines that hold only as of earlier positions have a bound of their own, because they are soon useless. */
export interface TimelineKeeper {
  readonly ofHead: KeptTimelines;
  readonly ofPast: KeptTimelines;
}

/**
 * An estimate. The elements of a list are alike, so the first one stands for all, besides their lists of nodes; texts that
 * several share are counted each time. Of a large fleet it is within a quarter of what the heap grows by (measured).
 */
function sizeOf(timeline: unknown): number {
  if (typeof timeline !== "object" || timeline === null) return 64;
  let sizeBytes = 512;
  for (const list of Object.values(timeline)) {
    if (list instanceof PackedPieces || list instanceof PackedSegments)
      sizeBytes += 8 * list.numbers.length + packedBytes;
    if (list instanceof PackedCheckpoints)
      sizeBytes += 8 * list.numbers.length + list.ids.length + packedBytes;
    if (!Array.isArray(list)) continue;
    sizeBytes += list.length * (8 + objectBytes(list[0]));
    for (const element of list as unknown[]) sizeBytes += nameBytes * namesIn(element);
  }
  return sizeBytes;
}

const nameBytes = 40;

/** Of a packed list, besides its numbers and ids. */
const packedBytes = 64;

/** Of one object in V8: a header, a slot for each member, and what the slots point to. */
function objectBytes(element: unknown): number {
  if (typeof element !== "object" || element === null) return 0;
  return Object.values(element).reduce((sum: number, value) => sum + 8 + valueBytes(value), 32);
}

function valueBytes(value: unknown): number {
  if (typeof value === "string") return 16 + value.length;
  // Small whole numbers are in the slot itself; instants are not.
  if (typeof value === "number") return (value | 0) === value ? 0 : 16;
  return Array.isArray(value) ? 16 + 8 * value.length : 0;
}

/** The number of names in an element's node list, which may be as long as senders make it. */
function namesIn(element: unknown): number {
  if (typeof element !== "object" || element === null || !("nodes" in element)) return 0;
  return Array.isArray(element.nodes) ? element.nodes.length : 0;
}

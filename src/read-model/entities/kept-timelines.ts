/**
 * Timelines of windows that were folded, as many as fit into a bound of bytes over all entities: what was
 * used last stays. A timeline holds as of the positions between two changes of what went into it.
 */
import type { Interval } from "../../../projections/arithmetic/intervals.ts";

/** A timeline with what it was folded from. */
export interface KeptTimeline extends Interval {
  /** The positions that it holds as of: from this one on, */
  readonly since: number;
  /** and before this one; Infinity where nothing that went in changed since. */
  readonly before: number;
  /** A fact up to this instant would have gone in too; Infinity where a later one may still end something. */
  readonly until: number;
  /** Ids that were looked up wherever a fact states them. */
  readonly asked: ReadonlySet<string>;
  readonly timeline: unknown;
}

interface Entry {
  readonly kept: KeptTimeline;
  readonly sizeBytes: number;
  readonly forget: (kept: KeptTimeline) => void;
}

export class KeptTimelines {
  readonly #maxBytes: number;
  /** The one used last at the end. */
  readonly #entries = new Map<KeptTimeline, Entry>();
  #bytes = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** `forget` is called when there is no room for it any more. */
  add(kept: KeptTimeline, forget: (kept: KeptTimeline) => void): void {
    const sizeBytes = sizeOf(kept.timeline);
    this.#entries.set(kept, { kept, sizeBytes, forget });
    this.#bytes += sizeBytes;
    for (const entry of this.#entries.values()) {
      if (this.#bytes <= this.#maxBytes) break;
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

/** What only holds as of earlier positions is soon of no use: it does not take the room of the rest. */
export interface TimelineKeeper {
  readonly ofHead: KeptTimelines;
  readonly ofPast: KeptTimelines;
}

/** About: an object of a timeline's lists takes some 170 bytes with its texts (measured), the name of a node 40. */
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

/** Node lists are as long as their senders make them. */
function namesIn(element: unknown): number {
  if (typeof element !== "object" || element === null || !("nodes" in element)) return 0;
  return Array.isArray(element.nodes) ? element.nodes.length : 0;
}

/** Gives events to a model as a follower of a store does, all in one turn. */
import type { StoredEvent } from "../../src/events/envelope.ts";
import type { SealedSegment } from "../../src/read-model/columns/kept-segment.ts";
import type { LiveModel } from "../../src/read-model/live/live-model.ts";

const taken = new WeakMap<LiveModel, Map<string, number>>();

/** Returns the segments that the events filled. */
export function take(model: LiveModel, events: readonly StoredEvent[]): SealedSegment[] {
  const sequences = taken.get(model) ?? new Map<string, number>();
  taken.set(model, sequences);
  for (const { id, sequence } of events) sequences.set(id, sequence);
  const filled: SealedSegment[] = [];
  for (let rest = events; rest.length > 0;) {
    rest = rest.slice(model.apply(rest, sequences));
    if (model.isSealDue) filled.push(sealAtOnce(model));
  }
  return filled;
}

function sealAtOnce(model: LiveModel): SealedSegment {
  const work = model.seal();
  for (;;) {
    const step = work.next();
    if (step.done === true) return step.value;
  }
}

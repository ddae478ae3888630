/** What came from the store, as the mirror takes it in. */
import type { StreamAppend } from "../port.ts";
import type { MirroredEvent } from "../kurrentdb/client/event.ts";

/** Neighbours of one stream together, each at the revision that it has in the store. */
export function partsOf(events: readonly MirroredEvent[]): StreamAppend[] {
  const parts: { stream: string; first: bigint; events: MirroredEvent[] }[] = [];
  for (const event of events) {
    const last = parts.at(-1);
    const follows =
      last !== undefined &&
      last.stream === event.stream &&
      event.revision === last.first + BigInt(last.events.length);
    if (follows) last.events.push(event);
    else parts.push({ stream: event.stream, first: event.revision, events: [event] });
  }
  return parts.map((part) => ({
    stream: part.stream,
    expectedRevision: part.first === 0n ? "no-stream" : part.first - 1n,
    events: part.events.map(({ event }) => event),
    recordedAt: part.events.map(({ recordedAt }) => recordedAt),
  }));
}

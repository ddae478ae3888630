/** Waits, before a decision, until all is seen that the streams that it reads hold in the store. */
import { maxReadsTogether } from "../../limits/store.ts";
import type { EventStore } from "../../store/port.ts";

/** Some streams at a time: each is a call to the store. Does nothing for a store that is read itself. */
export async function reachEnds(
  store: Pick<EventStore, "reachEnd">,
  streams: readonly string[],
  patientUntil: number,
): Promise<void> {
  if (store.reachEnd === undefined) return;
  for (let i = 0; i < streams.length; i += maxReadsTogether) {
    const some = streams.slice(i, i + maxReadsTogether);
    await Promise.all(some.map(async (each) => await store.reachEnd?.(each, patientUntil)));
  }
}

/**
 * The facts of the stream that a decision is about, read from the store up to its last revision, together with facts that
 * corrections moved there from other streams, as far as these are projected.
 */
import type { KindName } from "../../../projections/kinds.ts";
import type { StoredEvent } from "../../events/envelope.ts";
import type { EventStore } from "../../store/port.ts";
import type { Ledger } from "../../ledger/ledger.ts";
import { type OwnFacts, ownFactsFrom } from "./facts-of-stream.ts";

/** With `upTo`, as they were when that revision was the stream's last. */
export async function readOwnFacts(
  ledger: Ledger,
  kind: KindName & ("rollout" | "nfz"),
  name: string,
  P: number,
  upTo: bigint | null = null,
): Promise<OwnFacts> {
  const events = await eventsOf(ledger.store, `${kind}-${name}`, upTo);
  return ownFactsFrom(ledger, kind, name, P, events);
}

async function eventsOf(
  store: EventStore,
  stream: string,
  upTo: bigint | null,
): Promise<StoredEvent[]> {
  const events: StoredEvent[] = [];
  for await (const event of store.readStream(stream, 0n)) {
    if (upTo !== null && event.revision > upTo) break;
    events.push(event);
  }
  return events;
}

/** Reads a history for folds in passes: first the ids that corrections name, then all events. */
import type { RawEvent } from "../../../projections/facts/effective-facts.ts";
import { isLedgerError } from "../../errors.ts";
import type { LeafStore } from "../../store/leaf-store.ts";
import { checkedLeaf } from "../../tree/leaf.ts";
import type { FactsByEntity } from "./facts-by-entity.ts";

type OnRead = (events: number) => void;

/** How the leaf of a correction or retraction ends, since members are ordered by name. */
const amendmentEnds = ['"type":"FactCorrected"}', '"type":"FactRetracted"}'];

/** The ids, in lower case, that corrections and retractions name. */
export async function namedByAmendments(store: LeafStore, P: number): Promise<Set<string>> {
  const named = new Set<string>();
  try {
    for await (const batch of store.readLeaves(0, { upTo: P })) {
      for (const leaf of batch) {
        if (!amendmentEnds.some((end) => leaf.endsWith(end))) continue;
        const { data } = JSON.parse(leaf) as { data?: { eventId?: unknown } };
        if (typeof data?.eventId === "string") named.add(data.eventId.toLowerCase());
      }
    }
  } catch (error) {
    // The pass over all events reads this one again, and reports the first that is wrong.
    if (!(error instanceof SyntaxError) && !isLedgerError(error, "corrupt-event")) throw error;
  }
  return named;
}

/** Returns the largest recorded time. */
export async function readFacts(
  store: LeafStore,
  P: number,
  facts: FactsByEntity,
  onRead: OnRead,
): Promise<number> {
  let headRecordedAt = -Infinity;
  let sequence = 0;
  for await (const batch of store.readLeaves(0, { upTo: P })) {
    for (const leaf of batch) {
      // A stored event has one shape for all types, a raw event has one per type.
      const event = checkedLeaf(leaf, ++sequence) as unknown as RawEvent;
      facts.take(event);
      headRecordedAt = Math.max(headRecordedAt, event.recordedAt);
    }
    onRead(sequence);
  }
  facts.settle();
  return headRecordedAt;
}

/** Reads a history for folds in passes: first what corrections name, then all events. */
import type { RawEvent } from "../../../projections/facts/effective-facts.ts";
import { isLedgerError } from "../../errors.ts";
import type { LeafStore } from "../../store/leaf-store.ts";
import { checkedLeaf } from "../../tree/leaf.ts";
import type { FactsByEntity } from "./facts-by-entity.ts";

type OnRead = (events: number) => void;

/** How a leaf ends that is a correction or a retraction: members stand in the order of their names. */
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
    // The pass that takes all events in comes to it again, and tells of the first that is not right.
    if (!(error instanceof SyntaxError) && !isLedgerError(error, "corrupt-event")) throw error;
  }
  return named;
}

/** Returns the largest time at which anything was recorded. */
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
      // A stored event is one shape for all types, a raw event is one for each.
      const event = checkedLeaf(leaf, ++sequence) as unknown as RawEvent;
      facts.take(event);
      headRecordedAt = Math.max(headRecordedAt, event.recordedAt);
    }
    onRead(sequence);
  }
  facts.settle();
  return headRecordedAt;
}

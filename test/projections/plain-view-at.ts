import type { RawEvent } from "../../projections/facts/effective-facts.ts";
import { effectiveFacts } from "./effective-facts-at.ts";
import { plainClusterView } from "../../projections/plain-view.ts";
import type { DecisionView } from "../../projections/view.ts";

/** The view of a cluster at position P by the plain fold over raw events, in the order of their sequence. */
export function plainClusterViewAt(
  events: readonly RawEvent[],
  cluster: string,
  P: number,
): DecisionView {
  let headRecordedAt: number | null = null;
  let sequence = 0;
  for (const event of events) {
    if (event.sequence > P) continue;
    if (headRecordedAt === null || event.recordedAt > headRecordedAt)
      headRecordedAt = event.recordedAt;
    if (event.sequence > sequence) sequence = event.sequence;
  }
  return plainClusterView(effectiveFacts(events, P), cluster, sequence, headRecordedAt);
}

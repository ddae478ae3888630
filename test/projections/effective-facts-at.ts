/** The facts of a whole history at once, as the product takes them one after another. */
import {
  EffectiveFacts,
  isAmendment,
  type RawEvent,
} from "../../projections/facts/effective-facts.ts";
import type { Fact } from "../../projections/facts/fact.ts";

/** All facts that stand at position P, by the sequence of the events that stated them; `events` are in that order too. */
export function effectiveFacts(events: readonly RawEvent[], P: number): Fact[] {
  const named = new Set<string>();
  for (const event of events) {
    if (isAmendment(event) && event.sequence <= P) named.add(event.data.eventId.toLowerCase());
  }
  const facts = new EffectiveFacts(named);
  for (const event of events) if (event.sequence <= P) facts.take(event);
  return facts.all();
}

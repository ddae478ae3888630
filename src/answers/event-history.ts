/** A fact's whole history: what was stated, its amendments at any depth, and its content after each. */
import { z } from "zod";
import type { RawEvent, Amendment } from "../../projections/facts/effective-facts.ts";
import { FactVersions } from "../../projections/facts/fact-versions.ts";
import type { Standing as Version } from "../../projections/facts/fact-versions.ts";
import type { StoredEvent } from "../events/envelope.ts";
import type { EventStore } from "../store/port.ts";
import { isGivenAway } from "../access/scope/visible.ts";
import { correctionsOf } from "../ledger/corrections/corrections-of.ts";
import { formatInstant } from "../../projections/time/instant.ts";
import { eventJson } from "./event-json.ts";
import { instantText } from "./schemas.ts";

export const standing = z.strictObject({
  retracted: z.boolean().describe("The fact has no effect, as if it had never been stated."),
  occurredAt: instantText,
  data: z.record(z.string(), z.unknown()),
});

/** The content of a fact as it stands; `occurredAt` is text. */
export type Standing = ReturnType<typeof standingJson>;

/** The event and all its amendments up to `upTo`, and its content after them. */
export async function eventHistory(store: EventStore, event: StoredEvent, upTo: number) {
  const amendedBy = await correctionsOf(store, event, upTo);
  const versions = versionsOf(event, amendedBy);
  const away = givenAwayAfter(amendedBy);
  const history = versions.all.map((version, i) => ({
    sequence: version.since,
    eventId: (amendedBy[i - 1] ?? event).id,
    ...standingJson(version, i > 0 && away[i - 1] === true),
  }));
  return {
    amendedBy: amendedBy.map(eventJson),
    standing: standingJson(versions.latest, away.at(-1) === true),
    history,
  };
}

/** After each amendment, whether the fact belongs to a cluster that the reader does not see: for them it has no effect. */
function givenAwayAfter(amendedBy: readonly StoredEvent[]): boolean[] {
  let by: string | null = null;
  return amendedBy.map((each) => {
    const { eventId } = each.data as { readonly eventId: string };
    if (isGivenAway(each)) by = each.id;
    else if ("data" in each.data || eventId.toLowerCase() === by) by = null;
    return by !== null;
  });
}

function versionsOf(event: StoredEvent, amendedBy: readonly StoredEvent[]): FactVersions {
  // A stored event is one shape for all types; corrections were picked by what they name.
  const versions = new FactVersions(event as RawEvent);
  for (const each of amendedBy) versions.add(each as unknown as Amendment);
  return versions;
}

function standingJson({ retracted, occurredAt, data }: Version, isAway: boolean) {
  return { retracted: retracted || isAway, occurredAt: formatInstant(occurredAt), data };
}

/**
 * A note for somebody who retracts an event that was retracted before; `null` if it was not. `own` is the id of the new
 * retraction.
 */
export async function retractedBefore(
  store: EventStore,
  eventId: string,
  own: string,
): Promise<string | null> {
  const event = await store.findById(eventId.toLowerCase());
  if (event === null) return null;
  const corrections = await correctionsOf(store, event, Infinity);
  const end = corrections.findIndex(({ id }) => id === own.toLowerCase());
  const before = end < 0 ? corrections : corrections.slice(0, end);
  const earlier = versionsOf(event, before).standingRetractions();
  const first = before.find(({ id }) => id === earlier[0]);
  if (first === undefined) return null;
  const all = [...earlier.slice(0, namedRetractions), own.toLowerCase()];
  return `event ${event.id} was retracted already, by event ${first.id} at sequence ${first.sequence}; this further retraction changes no figure. To bring the event back, retract each of ${all.join(", ")}`;
}

/** The maximum number of retractions that a note names; an event is rarely retracted more than once. */
const namedRetractions = 10;

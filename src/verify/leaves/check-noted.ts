/**
 * Repeats the checks of an append for the events that verification reads whole: envelope, data and size; for system
 * events the stream; for corrections the event that they name. The number of corrections of an event is limited only at
 * the append (ADR 0028).
 */
import { LedgerError } from "../../errors.ts";
import { canonicalJson } from "../../events/canonical/canonical.ts";
import { definitionOf, isSystemEvent } from "../../events/catalogue.ts";
import { checkEvent } from "../../events/check/check.ts";
import type { CheckedEvent, StoredEvent } from "../../events/envelope.ts";
import { asStored, resolveCorrection } from "../../ledger/corrections/corrections.ts";
import type { CorrectionTarget } from "../../ledger/corrections/corrections.ts";
import { formatInstant } from "../../../projections/time/instant.ts";
import type { EventPositions } from "./event-positions.ts";

export class NotedEvents {
  readonly #positions: EventPositions;
  /** Ids that corrections name, by the corrections' own ids. */
  readonly #names = new Map<string, string>();

  constructor(positions: EventPositions) {
    this.#positions = positions;
  }

  /** Ids that any correction or retraction names. */
  get named(): ReadonlySet<string> {
    return new Set(this.#names.values());
  }

  /** What is wrong with an event; `null` if nothing is. Its data must be as first stated. */
  async check(event: StoredEvent): Promise<string | null> {
    const isCorrection = definitionOf(event.type).entity === "correction";
    if (isCorrection) {
      const { eventId } = event.data as { readonly eventId: string };
      this.#names.set(event.id, eventId.toLowerCase());
    }
    const checked = asAppended(event);
    if (checked instanceof LedgerError) return checked.message;
    if (!isCorrection) return inForm(checked, event);
    const find = async (id: string): Promise<CorrectionTarget | null> =>
      this.#targetBefore(event.sequence, id);
    const resolved = await resolveCorrection(checked, find, asStored);
    if (resolved instanceof LedgerError) return resolved.message;
    if (resolved.stream !== event.stream) {
      return `it corrects an event of ${resolved.stream} but is in ${event.stream}`;
    }
    return inForm(resolved.event, event);
  }

  #targetBefore(sequence: number, id: string): CorrectionTarget | null {
    const position = this.#positions.find(id);
    if (position === null || position.sequence >= sequence) return null;
    const eventId = this.#names.get(id);
    return { ...position, data: eventId === undefined ? {} : { eventId } };
  }
}

function inForm({ id, dataJson }: CheckedEvent, event: StoredEvent): string | null {
  return dataJson === canonicalJson(event.data) && id === event.id
    ? null
    : "its id or data are not in the form in which the ledger writes them";
}

/**
 * Why an append would refuse this event now; `null` if it would not. Its data must be as first stated. The event that a
 * correction names is not checked.
 */
export function whyNotTaken(event: StoredEvent): string | null {
  const checked = asAppended(event);
  return checked instanceof LedgerError ? checked.message : inForm(checked, event);
}

/** The event as it would be appended, in the schema version in which it was written; or why it would be refused. */
function asAppended(event: StoredEvent): CheckedEvent | LedgerError {
  const { id, type, schemaVersion, occurredAt, data, attribution } = event;
  // Decisions follow ledger time, and preserved times may be ahead of any clock, so no instant is refused here.
  const door = isSystemEvent(type) ? "system" : "moved";
  const options = { nowMs: Infinity, isStored: true, door } as const;
  const at = formatInstant(occurredAt);
  return checkEvent({ ...attribution, id, type, schemaVersion, occurredAt: at, data }, options);
}

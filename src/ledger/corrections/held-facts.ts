/**
 * Facts while a round is planned: as stored, plus the amendments that the round has planned so far. Each fact's stream
 * is read once per round.
 */
import type { RawEvent, Amendment } from "../../../projections/facts/effective-facts.ts";
import { FactVersions } from "../../../projections/facts/fact-versions.ts";
import type { Standing } from "../../../projections/facts/fact-versions.ts";
import type { CheckedEvent } from "../../events/envelope.ts";
import type { EventStore } from "../../store/port.ts";
import { correctionsOf } from "./corrections-of.ts";

/** Planned amendments come after everything that is stored. */
const firstPlanned = 2 ** 52;

export class HeldFacts {
  readonly #store: EventStore;
  readonly #planned: (id: string) => CheckedEvent | null;
  readonly #versions = new Map<string, FactVersions>();
  readonly #amendments: Amendment[] = [];
  #next = firstPlanned;

  /** `planned` finds an event of the same round. */
  constructor(store: EventStore, planned: (id: string) => CheckedEvent | null) {
    this.#store = store;
    this.#planned = planned;
  }

  /** Takes note of a correction or retraction that will be appended. */
  note(event: CheckedEvent): void {
    const amendment = this.#asAmendment(event);
    this.#amendments.push(amendment);
    for (const versions of this.#versions.values()) versions.add(amendment);
  }

  /** The event with that id after the correction; `null` if the correction has no effect. */
  async after(id: string, correction: CheckedEvent): Promise<Standing | null> {
    const versions = await this.#versionsOf(id);
    if (versions === null) return null;
    const before = versions.latest;
    versions.add(this.#asAmendment(correction));
    const after = versions.latest;
    // This is only a trial: retracting the correction undoes it.
    const takenBack = { ...correction, type: "FactRetracted", id: `${correction.id} taken back` };
    versions.add(
      this.#asAmendment({ ...takenBack, data: { eventId: correction.id } } as CheckedEvent),
    );
    return after.data === before.data && after.occurredAt === before.occurredAt ? null : after;
  }

  #asAmendment(event: CheckedEvent): Amendment {
    // A checked event is one shape for all types; its type says that it is a correction or retraction.
    return { ...event, sequence: this.#next++, recordedAt: 0 } as unknown as Amendment;
  }

  async #versionsOf(id: string): Promise<FactVersions | null> {
    const known = this.#versions.get(id);
    if (known !== undefined) return known;
    const stored = await this.#store.findById(id);
    const event = stored ?? this.#planned(id);
    if (event === null) return null;
    const raw = { sequence: 0, recordedAt: 0, ...event };
    const versions = new FactVersions(raw as unknown as RawEvent);
    const before = stored === null ? [] : await correctionsOf(this.#store, stored, Infinity);
    for (const each of before) versions.add(each as unknown as Amendment);
    for (const each of this.#amendments) versions.add(each);
    this.#versions.set(id, versions);
    return versions;
  }
}

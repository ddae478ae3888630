/**
 * Limits how often one event may be corrected. The views count what they contain; appends on their way to the views are
 * counted here. Other instances on the same store count separately until the views have their events, so the limit may
 * be exceeded by what is in flight: it is a safeguard, not a rule of the figures.
 */
import type { CheckedEvent } from "../../events/envelope.ts";
import { definitionOf } from "../../events/catalogue.ts";
import { LedgerError } from "../../errors.ts";
import {
  maxCorrectionDepth,
  maxCorrectionsPerEvent,
  spareRetractionsPerEvent,
} from "../../limits/events.ts";
import type { SaidOfEvent } from "../../read-model/columns/corrected-events.ts";
import type { Entry } from "./entry.ts";

/** What the views know of the event with that id (lower case); `null` if nothing. */
export type FindSaid = (id: string) => SaidOfEvent | null;

export class CorrectionBounds {
  readonly #known: FindSaid;
  /**
   * Corrections that the views do not contain yet, by id: the event that each amends in the end, and at which depth.
   */
  readonly #underWay = new Map<string, { readonly root: string; readonly depth: number }>();
  /** How many of them each event has. */
  readonly #counts = new Map<string, number>();

  constructor(known: FindSaid) {
    this.#known = known;
  }

  /** Forgets what the views contain by now. */
  beginRound(): void {
    for (const id of this.#underWay.keys()) if (this.#known(id) !== null) this.#forget(id);
  }

  /** Counts a correction or retraction that is to be appended; returns the error if it is one too many. */
  take({ id, type, data }: CheckedEvent): LedgerError | null {
    const { eventId } = data as { readonly eventId: string };
    const target = this.#underWay.get(eventId) ?? this.#known(eventId);
    const root = target?.root ?? eventId;
    const depth = (target?.depth ?? 0) + 1;
    if (depth > maxCorrectionDepth) {
      return tooMany(
        `it would be ${depth} corrections deep under event ${root}; the limit is ${maxCorrectionDepth}. Correct that event itself`,
      );
    }
    const count = (this.#known(root)?.count ?? 0) + (this.#counts.get(root) ?? 0);
    const spare = type === "FactRetracted" ? spareRetractionsPerEvent : 0;
    const limit = maxCorrectionsPerEvent + spare;
    if (count >= limit) {
      return tooMany(
        `the event ${root} has ${count} corrections and retractions; the limit is ${limit}: ` +
          (spare > 0
            ? "state it again under another id"
            : "retract it and state it again under another id"),
      );
    }
    this.#underWay.set(id, { root, depth });
    this.#counts.set(root, (this.#counts.get(root) ?? 0) + 1);
    return null;
  }

  /** Forgets what was not appended. */
  endRound(planned: readonly Entry[]): void {
    for (const { event, outcome } of planned) {
      if (event === null || definitionOf(event.type).entity !== "correction") continue;
      if (outcome?.status !== "appended") this.#forget(event.id);
    }
  }

  #forget(id: string): void {
    const known = this.#underWay.get(id);
    if (known === undefined) return;
    this.#underWay.delete(id);
    const left = (this.#counts.get(known.root) ?? 0) - 1;
    if (left > 0) this.#counts.set(known.root, left);
    else this.#counts.delete(known.root);
  }
}

function tooMany(message: string): LedgerError {
  return new LedgerError("too-many-corrections", message, {
    errors: [{ path: "/data/eventId", message }],
  });
}

/** The corrections and retractions of a segment, by the entities that what they amend is, or was, about. */
import type { Subject } from "../../../projections/facts/subject.ts";
import type { CorrectedEvent } from "../columns/corrected-events.ts";
import type { EventSegment } from "../columns/event-columns.ts";
import { amendmentTypes } from "../columns/fact-log.ts";
import type { FactLog } from "../columns/fact-log.ts";
import type { EntityHistory } from "../entities/entity-history.ts";

/** A correction or retraction, and the event that it amends in the end. */
export interface Amending {
  readonly sequence: number;
  readonly root: CorrectedEvent;
}

/** `first` is the sequence of the segment's first event; `entityOf` finds an entity or makes it. */
export function amendmentsIn(
  segment: EventSegment,
  first: number,
  log: FactLog,
  entityOf: (subject: Subject) => EntityHistory,
): Map<EntityHistory, Amending[]> {
  const found = new Map<EntityHistory, Amending[]>();
  for (const index of segment.indexesOf(amendmentTypes)) {
    const sequence = first + index;
    const root = log.rootOf(sequence);
    if (root === null) continue;
    const subjects = root.moveAt(sequence).filter((subject) => subject !== null);
    // Where it was about an entity before and still is, the entity is told once.
    for (const entity of new Set(subjects.map(entityOf))) {
      const known = found.get(entity);
      if (known === undefined) found.set(entity, [{ sequence, root }]);
      else known.push({ sequence, root });
    }
  }
  return found;
}

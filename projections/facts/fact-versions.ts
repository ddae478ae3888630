/**
 * Every version of one fact: as stated, and after each correction and retraction. Adding an amendment costs little
 * however many there are: its effect is passed on from what it names to the fact, and nothing else is looked at again.
 */
import { at } from "../arithmetic/invariants.ts";
import { type Decided, decidedBy } from "./decided.ts";
import type { RawEvent, Amendment } from "./effective-facts.ts";
import type { Fact } from "./fact.ts";
import { instantMs } from "../time/instant.ts";
import { LatestFirst } from "./latest-first.ts";

/** The present content of an event, which may itself be a correction. */
export interface Standing {
  readonly retracted: boolean;
  /** As corrected, or as it was stated. */
  readonly occurredAt: number;
  /** For a correction, `data` is what it says of the event that it names. */
  readonly data: object;
}

/** The content of the event from one sequence on. */
export interface Version extends Standing {
  readonly since: number;
  /** The largest `recordedAt` of its amendments; the event's own if there are none. */
  readonly recordedAt: number;
}

/** What a correction says of the event that it names. */
interface Stated {
  readonly occurredAt?: string | undefined;
  readonly data?: object | undefined;
}

type Field = "occurredAt" | "data";

/** A correction or retraction with what it names, or the event itself, which names nothing. */
interface Named {
  readonly sequence: number;
  readonly target: Named | null;
  readonly isRetraction: boolean;
  /** As it was stated, before any amendment. */
  readonly own: Stated;
  /** Number of its retractions that are in force. */
  retractions: number;
  /** Whether it counts among the retractions of its target. */
  isCounted: boolean;
  /** Corrections that set a field, in force or not, per field. */
  readonly corrections: { [F in Field]: LatestFirst<Named> | null };
}

export class FactVersions {
  readonly #event: RawEvent;
  readonly #decision: Decided | undefined;
  readonly #root: Named;
  readonly #byId = new Map<string, Named>();
  readonly #versions: Version[];
  #latest: Version;
  /** Ids of its amendments, by sequence. */
  readonly #amendedBy: string[] = [];

  constructor(event: RawEvent) {
    this.#event = event;
    this.#decision = decidedBy(event);
    this.#root = named(event.sequence, null, false, {});
    this.#byId.set(event.id.toLowerCase(), this.#root);
    const { sequence: since, occurredAt, recordedAt, data } = event;
    this.#latest = { since, recordedAt, retracted: false, occurredAt, data };
    this.#versions = [this.#latest];
  }

  /** The present version. */
  get latest(): Version {
    return this.#latest;
  }

  /** The version of the event itself, then the one after each correction and retraction, by sequence. */
  get all(): readonly Version[] {
    return this.#versions;
  }

  /**
   * Adds the next correction or retraction. It has no effect unless it names the event or an amendment that was added
   * before.
   */
  add(amendment: Amendment): void {
    const target = this.#byId.get(amendment.data.eventId.toLowerCase());
    if (target === undefined) return;
    const id = amendment.id.toLowerCase();
    const isRetraction = amendment.type === "FactRetracted";
    const own: Stated = isRetraction ? {} : amendment.data;
    const added = named(amendment.sequence, target, isRetraction, own);
    this.#byId.set(id, added);
    this.#amendedBy.push(id);
    for (let each = added; each.target !== null; each = each.target) tellTarget(each, each.target);
    const floor = this.#versions.length === 1 ? -Infinity : this.#latest.recordedAt;
    const recordedAt = Math.max(floor, amendment.recordedAt);
    this.#latest = { since: amendment.sequence, recordedAt, ...this.#standing() };
    this.#versions.push(this.#latest);
  }

  /** Ids of the retractions of the event itself that are in force, by sequence. */
  standingRetractions(): string[] {
    const stands = ({ target, isRetraction, retractions }: Named) =>
      target === this.#root && isRetraction && retractions === 0;
    return [...this.#byId].filter(([, each]) => stands(each)).map(([id]) => id);
  }

  /** The index in `all` of the version at position P; -1 before it was stated. */
  indexAt(P: number): number {
    let low = 0;
    let high = this.#versions.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (at(this.#versions, middle).since <= P) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }

  /** The fact at an index in `all`; `null` if it is retracted there, or the index is out of range. Corrections are not facts. */
  factAt(index: number): Fact | null {
    const version = this.#versions[index];
    if (version === undefined || version.retracted) return null;
    const { type, id, sequence } = this.#event;
    const { since, occurredAt, recordedAt, data } = version;
    const amendedBy = this.#amendedBy;
    const fact = {
      type,
      id: id.toLowerCase(),
      sequence,
      since,
      occurredAt,
      recordedAt,
      // Computed on request: a list for each version would grow with the square of the corrections.
      get amendedBy() {
        return amendedBy.slice(0, index);
      },
      data,
      ...(this.#decision === undefined ? {} : { decision: this.#decision }),
    };
    // A correction keeps the type, and its data were validated against it when it was appended.
    return fact as unknown as Fact;
  }

  #standing(): Standing {
    const occurredAt = latest(this.#root, "occurredAt")?.occurredAt;
    return {
      retracted: this.#root.retractions > 0,
      occurredAt: occurredAt === undefined ? this.#event.occurredAt : instantMs(occurredAt),
      data: latest(this.#root, "data")?.data ?? this.#event.data,
    };
  }
}

function named(sequence: number, target: Named | null, isRetraction: boolean, own: Stated): Named {
  const corrections = { occurredAt: null, data: null };
  return { sequence, target, isRetraction, own, retractions: 0, isCounted: false, corrections };
}

/** What a correction says after its own corrections. */
function statedBy(correction: Named): Stated {
  return latest(correction, "data")?.data ?? correction.own;
}

/** What the latest correction in force that sets the field says; `null` if there is none. */
function latest(target: Named, field: Field): Stated | null {
  const corrections = target.corrections[field];
  if (corrections === null) return null;
  const says = (each: Named) => each.retractions === 0 && statedBy(each)[field] !== undefined;
  const standing = corrections.first(says);
  return standing === null ? null : statedBy(standing);
}

/** Tells the target of an amendment that has changed whether the amendment is in force, and which fields it sets. */
function tellTarget(each: Named, target: Named): void {
  const stands = each.retractions === 0;
  if (!each.isRetraction) {
    // Nothing to add: entries that are not in force are skipped when they come first.
    if (!stands) return;
    const stated = statedBy(each);
    for (const field of ["occurredAt", "data"] as const) {
      if (stated[field] === undefined) continue;
      target.corrections[field] ??= new LatestFirst();
      target.corrections[field].add(each);
    }
  } else if (stands !== each.isCounted) {
    target.retractions += stands ? 1 : -1;
    each.isCounted = stands;
  }
}

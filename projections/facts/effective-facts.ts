/**
 * Facts as of a ledger position, after the corrections and retractions recorded up to there. A correction must name an
 * event of lower sequence that is not a system event; any other has no effect.
 */
import type { DataOf, EventType } from "../../src/events/catalogue.ts";
import { type MaybeDecided, decidedBy } from "./decided.ts";
import type { Fact } from "./fact.ts";
import { FactVersions } from "./fact-versions.ts";

/** The members of a stored event that folds need. Instants are in milliseconds. */
interface RawEventOf<T extends EventType> extends MaybeDecided {
  readonly type: T;
  readonly id: string;
  readonly sequence: number;
  readonly occurredAt: number;
  readonly recordedAt: number;
  readonly data: DataOf<T>;
}

export type RawEvent = { [T in EventType]: RawEventOf<T> }[EventType];

/** A correction or a retraction. */
export type Amendment = Extract<RawEvent, { type: "FactCorrected" | "FactRetracted" }>;

export function isAmendment(event: RawEvent): event is Amendment {
  return event.type === "FactCorrected" || event.type === "FactRetracted";
}

/** Whether events of this type cannot be corrected. */
export function isSystemEvent(type: EventType): boolean {
  return (
    type === "ReportIssued" ||
    type === "LedgerSealed" ||
    type === "ZoneTableAdopted" ||
    type === "ClockJumpAccepted" ||
    type === "KeyIssued" ||
    type === "KeyRevoked" ||
    type === "NoticeRaised"
  );
}

/** Takes events one by one, in the order of their sequence, and keeps the facts that they state. */
export class EffectiveFacts {
  readonly #named: ReadonlySet<string>;
  /** Events that no amendment names are plain facts; the others have versions. */
  readonly #stated: (Fact | FactVersions)[] = [];
  /** The fact that an id leads to: the id of an event that may be amended, or of an amendment. */
  readonly #roots = new Map<string, FactVersions>();

  /** `named` contains at least the lower-case ids that corrections and retractions name. */
  constructor(named: ReadonlySet<string>) {
    this.#named = named;
  }

  take(event: RawEvent): void {
    const id = event.id.toLowerCase();
    if (isAmendment(event)) {
      const root = this.#roots.get(event.data.eventId.toLowerCase());
      if (root === undefined) return;
      root.add(event);
      this.#roots.set(id, root);
    } else if (this.#named.has(id) && !isSystemEvent(event.type)) {
      const versions = new FactVersions(event);
      this.#roots.set(id, versions);
      this.#stated.push(versions);
    } else {
      this.#stated.push(unamendedFact(event));
    }
  }

  /** The facts that hold now, by the sequence of the events that first stated them. */
  all(): Fact[] {
    const facts: Fact[] = [];
    for (const each of this.#stated) {
      const fact = each instanceof FactVersions ? each.factAt(each.all.length - 1) : each;
      if (fact !== null) facts.push(fact);
    }
    return facts;
  }
}

/** The fact that an event states as long as nothing amends it. The event must not be a correction. */
export function unamendedFact(event: RawEvent): Fact {
  const { type, sequence, occurredAt, recordedAt, data } = event;
  const id = event.id.toLowerCase();
  const since = sequence;
  const fact = { type, id, sequence, since, occurredAt, recordedAt, amendedBy: untouched, data };
  const decision = decidedBy(event);
  return (decision === undefined ? fact : { ...fact, decision }) as Fact;
}

/** Shared by all facts that nothing amended. */
const untouched: readonly string[] = Object.freeze([]);

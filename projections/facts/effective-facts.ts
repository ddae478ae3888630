/**
 * Facts as they stand at a ledger position, after the corrections and retractions recorded up to there.
 * A correction names an event of lower sequence that is not a system event; any other changes nothing.
 */
import type { DataOf, EventType } from "../../src/events/catalogue.ts";
import { type MaybeDecided, decidedBy } from "./decided.ts";
import type { Fact } from "./fact.ts";
import { FactVersions } from "./fact-versions.ts";

/** What is needed of a stored event of one type. Instants in milliseconds. */
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

/** Events that nobody may correct. */
export function isSystemEvent(type: EventType): boolean {
  return (
    type === "ReportIssued" ||
    type === "LedgerSealed" ||
    type === "ZoneTableAdopted" ||
    type === "ClockJumpAccepted"
  );
}

/** The facts that events state, as they are taken one after another, in the order of their sequence. */
export class EffectiveFacts {
  readonly #named: ReadonlySet<string>;
  /** Events that nothing can amend: they are facts as they are. */
  readonly #stated: (Fact | FactVersions)[] = [];
  /** By the id of an event that is named and may be amended, or of an amendment: the fact that it is about in the end. */
  readonly #roots = new Map<string, FactVersions>();

  /** `named` has at least the ids, in lower case, that corrections and retractions name. */
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

  /** Those that stand now, by the sequence of the events that stated them. */
  all(): Fact[] {
    const facts: Fact[] = [];
    for (const each of this.#stated) {
      const fact = each instanceof FactVersions ? each.factAt(each.all.length - 1) : each;
      if (fact !== null) facts.push(fact);
    }
    return facts;
  }
}

/** The fact that an event states while nothing amends it; the event is not a correction. */
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

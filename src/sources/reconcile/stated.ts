/** Events of a source that begin or end something, with what became of them. */
import type { Amendment, RawEvent } from "../../../projections/facts/effective-facts.ts";
import { FactVersions } from "../../../projections/facts/fact-versions.ts";
import type { StoredEvent } from "../../events/envelope.ts";

/** One such event. Corrections and retractions of it are added as they come. */
export class Stated {
  readonly event: StoredEvent;
  /** The id of the fault, maintenance or lost observation that it begins or ends. */
  readonly of: string;
  readonly #versions: FactVersions;
  /** Its own source's corrections and retractions, at any depth, and the instants that they state. */
  readonly #own = new Map<string, number>();
  #isForeign = false;
  /** For an end: the claim that told it last; `null` for a bare one. */
  toldBy: number | null = null;
  /** For a start that somebody else retracted: the starts that went with it. */
  struck: readonly number[] = [];

  constructor(event: StoredEvent, of: string) {
    this.event = event;
    this.of = of;
    this.#versions = new FactVersions(event as unknown as RawEvent);
  }

  amend(amendment: StoredEvent, isOwn: boolean): void {
    this.#versions.add(amendment as unknown as Amendment);
    if (isOwn) this.#own.set(amendment.id, amendment.occurredAt);
    else this.#isForeign = true;
  }

  /** Whether somebody else has corrected or retracted it: it is touched no more. */
  get isForeign(): boolean {
    return this.#isForeign;
  }

  get isRetracted(): boolean {
    return this.#versions.latest.retracted;
  }

  /** When it occurred, as last corrected. */
  get occurredAt(): number {
    return this.#versions.latest.occurredAt;
  }

  /** Its data, as last corrected. */
  get data(): Readonly<Record<string, unknown>> {
    return this.#versions.latest.data as Readonly<Record<string, unknown>>;
  }

  /** Its source's retractions of it that are in force. */
  ownRetractions(): string[] {
    return this.#versions.standingRetractions().filter((id) => this.#own.has(id));
  }

  /** The instant of the latest of them; `null` if none is in force. */
  cancelledAt(): number | null {
    const instants = this.ownRetractions().map((id) => this.#own.get(id) ?? 0);
    return instants.length === 0 ? null : Math.max(...instants);
  }

  /** Whether a retraction of somebody else's is in force. */
  get isStruck(): boolean {
    return this.#versions.standingRetractions().some((id) => !this.#own.has(id));
  }
}

/** When the events that a key sees were recorded: the history of the ledger as if there were no others. */
import type { RawEvent } from "../../../projections/facts/effective-facts.ts";
import { indexAfter } from "../../read-model/columns/rising.ts";
import type { EventType } from "../../events/catalogue.ts";
import { eventTypes } from "../../events/catalogue.ts";
import type { Ledger, Recordings } from "../../ledger/ledger.ts";
import type { Steps } from "../../turns.ts";
import { stepsInTurns } from "../../turns.ts";

/** Reading as many takes a millisecond or two. */
const eventsPerStep = 512;

const everyType: ReadonlySet<EventType> = new Set(eventTypes);

/** Follows a ledger; `ledger` gives only what is seen. */
export class ScopedRecordings {
  readonly #ledger: Pick<Ledger, "eventsOf" | "sequence" | "minutes">;
  readonly #sequences: number[] = [];
  readonly #corrections: number[] = [];
  readonly #seals: number[] = [];
  #firstAt: number | null = null;
  #seen = 0;
  #following: Promise<undefined> | null = null;

  constructor(ledger: Pick<Ledger, "eventsOf" | "sequence" | "minutes">) {
    this.#ledger = ledger;
  }

  /** With everything that the ledger has by now; counted in turns, which takes seconds for a long history. */
  async now(): Promise<Recordings> {
    this.#following ??= stepsInTurns(this.#follow()).finally(() => {
      this.#following = null;
    });
    await this.#following;
    const whole = this.#ledger.minutes();
    const between = (list: readonly number[]) => (after: number, upTo: number) =>
      indexAfter(list, upTo) - indexAfter(list, after);
    return {
      firstAt: this.#firstAt,
      first: this.#sequences[0] ?? null,
      lastBefore: (minute) => whole.lastBefore(minute),
      minuteOf: (sequence) => whole.minuteOf(sequence),
      events: between(this.#sequences),
      corrections: between(this.#corrections),
      seals: between(this.#seals),
    };
  }

  *#follow(): Steps<undefined> {
    while (this.#seen < this.#ledger.sequence()) {
      const upTo = Math.min(this.#ledger.sequence(), this.#seen + eventsPerStep);
      for (const event of this.#ledger.eventsOf(everyType, this.#seen, upTo)) this.#add(event);
      this.#seen = upTo;
      yield;
    }
  }

  #add({ sequence, type, recordedAt }: RawEvent): void {
    this.#sequences.push(sequence);
    this.#firstAt ??= recordedAt;
    if (type === "FactCorrected" || type === "FactRetracted") this.#corrections.push(sequence);
    else if (type === "LedgerSealed") this.#seals.push(sequence);
  }
}

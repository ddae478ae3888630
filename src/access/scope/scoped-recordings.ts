/** When the events that a key sees were recorded: the history of the ledger as if there were no others. */
import { indexAfter } from "../../read-model/columns/rising.ts";
import type { EventType } from "../../events/catalogue.ts";
import { eventTypes } from "../../events/catalogue.ts";
import type { Ledger, Recordings } from "../../ledger/ledger.ts";

const everyType: ReadonlySet<EventType> = new Set(eventTypes);

/** Follows a ledger; `ledger` gives only what is seen. */
export class ScopedRecordings {
  readonly #ledger: Pick<Ledger, "eventsOf" | "sequence" | "recordings">;
  readonly #whole: () => Recordings;
  readonly #sequences: number[] = [];
  readonly #corrections: number[] = [];
  readonly #seals: number[] = [];
  #firstAt: number | null = null;
  #seen = 0;

  constructor(
    ledger: Pick<Ledger, "eventsOf" | "sequence" | "recordings">,
    whole: () => Recordings,
  ) {
    this.#ledger = ledger;
    this.#whole = whole;
  }

  now(): Recordings {
    this.#follow();
    const whole = this.#whole();
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

  #follow(): void {
    const upTo = this.#ledger.sequence();
    for (const { sequence, type, recordedAt } of this.#ledger.eventsOf(
      everyType,
      this.#seen,
      upTo,
    )) {
      this.#sequences.push(sequence);
      this.#firstAt ??= recordedAt;
      if (type === "FactCorrected" || type === "FactRetracted") this.#corrections.push(sequence);
      else if (type === "LedgerSealed") this.#seals.push(sequence);
    }
    this.#seen = Math.max(this.#seen, upTo);
  }
}

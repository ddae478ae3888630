/** States facts: each gets its id, and the time at which the ledger hears of it. */
import type { DataOf, EventType } from "../../events/catalogue.ts";
import type { Random } from "./prng.ts";
import type { Scenario } from "./scenario.ts";

/** A line on its way to the ledger. Instants in milliseconds. */
export interface StatedFact {
  readonly id: string;
  readonly type: EventType;
  readonly occurredAt: number;
  readonly recordedAt: number;
  readonly data: object;
  /** None of what the ledger decided. */
  readonly source?: string;
  readonly actor?: string;
  readonly reason?: string;
  /** Of what the ledger decided. */
  readonly decision?: StatedDecision;
}

/** Up to where it saw the facts of others is known once every line has its position. */
interface StatedDecision {
  readonly command: string;
  readonly request?: string;
  /** The id of the first event that was appended together with it. */
  readonly append: string;
}

/** A source that claims what is too early to be true; a little later it would be, so nothing of it is said again. */
export const staleSource = "stale-log";

interface Saying {
  /** How long the ledger takes to hear of it. Default: drawn. */
  readonly delayMs?: number;
  readonly source?: string;
  readonly actor?: string;
  readonly reason?: string;
}

export class Reporter {
  readonly facts: StatedFact[] = [];
  readonly #random: Random;
  readonly #scenario: Scenario;
  readonly #endMs: number;
  readonly #source: string;

  constructor(random: Random, scenario: Scenario, endMs: number, source: string) {
    this.#random = random;
    this.#scenario = scenario;
    this.#endMs = endMs;
    this.#source = source;
  }

  /** States a fact. What lies at or past the end has not happened and stays unsaid; its id is given all the same. */
  say<T extends EventType>(
    type: T,
    occurredAt: number,
    data: DataOf<T>,
    how: Saying = {},
  ): StatedFact {
    const { delayMs = this.delayMs(), ...rest } = how;
    const fact = {
      id: this.#random.uuid(),
      type,
      occurredAt,
      recordedAt: Math.min(this.#endMs, occurredAt + delayMs),
      data,
      source: this.#source,
      ...rest,
    };
    if (occurredAt < this.#endMs) this.facts.push(fact);
    return fact;
  }

  /** Most facts are heard of within seconds, some only hours later. */
  delayMs(): number {
    const { meanDelayMs, lateShare, lateMeanMs } = this.#scenario.reporting;
    const meanMs = this.#random.chance(lateShare) ? lateMeanMs : meanDelayMs;
    return Math.round(this.#random.exponential(meanMs));
  }
}

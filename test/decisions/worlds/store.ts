/** A store in memory with a revision for each stream, and processes that see it late and by clocks of their own. */
import { plainClusterView } from "../../../projections/plain-view.ts";
import type { RawEvent } from "../../../projections/facts/effective-facts.ts";
import type { Fact } from "../../../projections/facts/fact.ts";
import type { DecisionView } from "../../../projections/view.ts";
import type { Decision, StoredEvent } from "../../../src/events/envelope.ts";
import { type OwnFacts, ownFactsFrom } from "../../../src/decisions/command/facts-of-stream.ts";
import { KeptPlaces } from "../../../src/decisions/command/kept-places.ts";
import type { Ledger } from "../../../src/ledger/ledger.ts";
import { effectiveFacts } from "../../projections/effective-facts-at.ts";

export interface Stated {
  readonly id: string;
  readonly type: string;
  readonly occurredAt: number;
  readonly data: object;
  readonly decision?: Decision;
}

type Kept = RawEvent & Pick<StoredEvent, "stream" | "revision">;

export class ModelStore {
  readonly events: Kept[] = [];
  readonly #streams = new Map<string, Kept[]>();
  readonly #facts = new Map<number, readonly Fact[]>();
  readonly #views = new Map<number, DecisionView>();

  stream(name: string): readonly Kept[] {
    return this.#streams.get(name) ?? [];
  }

  /** Whether the stream stood where it was read; else nothing is appended. */
  append(stream: string, length: number, stated: readonly Stated[], recordedAt: number): boolean {
    const before = this.#streams.get(stream) ?? [];
    if (before.length !== length) return false;
    for (const { decision, ...rest } of stated) {
      const sequence = this.events.length + 1;
      const revision = BigInt(before.length);
      const attribution = decision === undefined ? {} : { decision };
      const event = { ...rest, sequence, stream, revision, recordedAt, attribution };
      before.push(event as unknown as Kept);
      this.events.push(event as unknown as Kept);
    }
    this.#streams.set(stream, before);
    return true;
  }

  factsAt(P: number): readonly Fact[] {
    const known = this.#facts.get(P);
    if (known !== undefined) return known;
    const made = effectiveFacts(this.events.slice(0, P), P);
    this.#facts.set(P, made);
    return made;
  }

  viewAt(P: number): DecisionView {
    const known = this.#views.get(P);
    if (known !== undefined) return known;
    let head: number | null = null;
    for (const { recordedAt } of this.events.slice(0, P)) head = Math.max(head ?? 0, recordedAt);
    const made = plainClusterView(this.factsAt(P), "c", P, head);
    this.#views.set(P, made);
    return made;
  }

  /** A stream's own facts as its first `length` events, and what corrections up to P moved there, leave them. */
  ownFacts(kind: "rollout" | "nfz", name: string, P: number, length: number): OwnFacts {
    const events = this.stream(`${kind}-${name}`).slice(0, length) as unknown as StoredEvent[];
    const seen = { clusters: () => ["c"], view: () => this.viewAt(P) };
    return ownFactsFrom(seen, kind, name, P, events);
  }
}

/** One process over the store. In the embedded store it sees everything there is. */
export class Process {
  readonly store: ModelStore;
  readonly isEmbedded: boolean;
  /** How far its clock is off. */
  offsetMs = 0;
  #mirror = 0;
  /** The last sequence that it has appended. */
  #appended = 0;
  #decidedAt = -Infinity;
  readonly places: KeptPlaces;

  constructor(store: ModelStore, isEmbedded: boolean) {
    this.store = store;
    this.isEmbedded = isEmbedded;
    const eventsOf: Ledger["eventsOf"] = (types, after, upTo) =>
      store.events.slice(after, upTo).filter(({ type }) => types.has(type));
    this.places = new KeptPlaces({ eventsOf });
  }

  /** Up to where it sees facts of other streams. */
  get P(): number {
    return this.isEmbedded ? this.store.events.length : Math.max(this.#mirror, this.#appended);
  }

  /** Its mirror follows up to a sequence. */
  follow(sequence: number): void {
    this.#mirror = Math.max(this.#mirror, Math.min(sequence, this.store.events.length));
  }

  hasAppended(): void {
    this.#appended = this.store.events.length;
  }

  hasDecided(at: number): void {
    this.hasAppended();
    this.#decidedAt = Math.max(this.#decidedAt, at);
  }

  /** The latest decision that it made or has seen. */
  latestDecisionAt(): number {
    let latest = this.#decidedAt;
    for (const event of this.store.events.slice(0, this.P))
      if (event.attribution?.decision !== undefined) latest = Math.max(latest, event.occurredAt);
    return latest;
  }

  /** It forgets what only it knew. */
  restart(): void {
    this.#appended = 0;
    this.#decidedAt = -Infinity;
  }
}

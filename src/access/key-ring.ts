/** The keys of a ledger, kept up to date as it grows: also with what other instances issue and revoke. */
import { isInForce, keyEventTypes, takeKeyEvent } from "../../projections/access/keys.ts";
import type { Key, KeyEvent } from "../../projections/access/keys.ts";
import type { EventType } from "../events/catalogue.ts";
import type { StoredEvent } from "../events/envelope.ts";
import { keysStream } from "../events/stream.ts";
import type { Ledger } from "../ledger/ledger.ts";
import { hashOf, parseKey, sameHash } from "./key-text.ts";

const types: ReadonlySet<EventType> = new Set(keyEventTypes);

/** What a timer of Node can wait for; it is set again then. */
const longestTimerMs = 2 ** 31 - 1;

/** Compared with where there is no such key, so that one that is unknown costs what a wrong secret costs. */
const nobodysHash = hashOf("");

export class KeyRing {
  readonly #ledger: Ledger;
  readonly #keys = new Map<string, Key>();
  readonly #listeners = new Set<() => void>();
  #seen: number;
  #stop: () => void = () => undefined;
  #nextEnd: NodeJS.Timeout | undefined;

  private constructor(ledger: Ledger) {
    this.#ledger = ledger;
    this.#seen = ledger.sequence();
  }

  static async open(ledger: Ledger): Promise<KeyRing> {
    const ring = new KeyRing(ledger);
    for (const event of await keyEventsOf(ledger)) takeKeyEvent(ring.#keys, event);
    ring.#stop = ledger.onProjected(() => ring.#follow());
    ring.#follow();
    ring.#awaitEnd();
    return ring;
  }

  /** Whether no key was ever issued. */
  get isEmpty(): boolean {
    return this.#keys.size === 0;
  }

  /** All keys, also those that are over, in the order in which they were issued. */
  all(): readonly Key[] {
    return [...this.#keys.values()];
  }

  /** The key by its public part, if it is in force now. */
  inForce(key: string): Key | null {
    const known = this.#keys.get(key);
    return known !== undefined && isInForce(known, this.#ledger.nowMs()) ? known : null;
  }

  /** The key that a text is, if it is in force now; a wrong one takes as long, whatever is wrong with it. */
  find(text: string): Key | null {
    const parsed = parseKey(text);
    const known = parsed === null ? undefined : this.#keys.get(parsed.key);
    const isRight = sameHash(hashOf(parsed?.secret ?? ""), known?.hash ?? nobodysHash);
    return isRight && known !== undefined ? this.inForce(known.key) : null;
  }

  /** Calls `listener` after a key was issued or revoked, or has come to its end; returns a function that stops this. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  close(): void {
    this.#stop();
    clearTimeout(this.#nextEnd);
  }

  #follow(): void {
    const upTo = this.#ledger.sequence();
    const events = this.#ledger.eventsOf(types, this.#seen, upTo);
    this.#seen = upTo;
    for (const event of events) takeKeyEvent(this.#keys, event as KeyEvent);
    if (events.length > 0) this.#tell();
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
    this.#awaitEnd();
  }

  /** Tells when the next key comes to its end. */
  #awaitEnd(): void {
    clearTimeout(this.#nextEnd);
    const nowMs = this.#ledger.nowMs();
    let next = Infinity;
    for (const { endsAt } of this.#keys.values()) {
      if (endsAt !== null && endsAt > nowMs) next = Math.min(next, endsAt);
    }
    const waitMs = this.#ledger.msUntil(next);
    if (!Number.isFinite(waitMs)) return;
    this.#nextEnd = setTimeout(() => this.#tell(), Math.min(waitMs, longestTimerMs)).unref();
  }
}

/** Every event about keys, in the order of the ledger. */
export async function keyEventsOf({
  store,
}: Pick<Ledger, "store">): Promise<(StoredEvent & KeyEvent)[]> {
  const events: (StoredEvent & KeyEvent)[] = [];
  for await (const event of store.readStream(keysStream)) {
    events.push(event as StoredEvent & KeyEvent);
  }
  return events;
}

/** API keys as their events say: who holds one, what it may do, and whether it is in force. */
import type { RawEvent } from "../facts/effective-facts.ts";
import { parseInstant } from "../time/instant.ts";

/** What is known of one key. Instants are milliseconds since the epoch. */
export interface Key {
  readonly key: string;
  readonly name: string;
  readonly roles: readonly string[];
  readonly clusters: readonly string[];
  /** SHA-256 of the secret, in hexadecimal. */
  readonly hash: string;
  readonly issuedAt: number;
  /** From when on it does not hold, by expiry or by a revocation in advance; `null` if nothing ends it. */
  readonly endsAt: number | null;
  /** When it was revoked at once; `null` if it was not. Whatever the clock reads, the key is over. */
  readonly revokedAt: number | null;
}

export type KeyEvent = Extract<RawEvent, { type: "KeyIssued" | "KeyRevoked" }>;

/** The types of events that make keys what they are. */
export const keyEventTypes = ["KeyIssued", "KeyRevoked"] as const;

/** Folds one event into the keys by their ids. Told again, an event changes nothing. */
export function takeKeyEvent(keys: Map<string, Key>, event: KeyEvent): void {
  if (event.type === "KeyIssued") {
    const { key, name, roles, clusters, hash, expiresAt } = event.data;
    if (keys.has(key)) return;
    const endsAt = instantOf(expiresAt);
    const issuedAt = event.recordedAt;
    keys.set(key, { key, name, roles, clusters, hash, issuedAt, endsAt, revokedAt: null });
    return;
  }
  const known = keys.get(event.data.key);
  if (known === undefined) return;
  const at = instantOf(event.data.at);
  if (at === null) {
    keys.set(known.key, { ...known, revokedAt: known.revokedAt ?? event.recordedAt });
  } else {
    keys.set(known.key, { ...known, endsAt: Math.min(at, known.endsAt ?? Infinity) });
  }
}

/** Whether a key holds at an instant, by the events that were folded. */
export function isInForce({ endsAt, revokedAt }: Key, atMs: number): boolean {
  return revokedAt === null && (endsAt === null || atMs < endsAt);
}

/** The keys in force at an instant, by what was recorded until then. */
export function keysInForce(events: Iterable<KeyEvent>, atMs: number): Key[] {
  const keys = new Map<string, Key>();
  for (const event of events) if (event.recordedAt <= atMs) takeKeyEvent(keys, event);
  return [...keys.values()].filter((key) => isInForce(key, atMs));
}

function instantOf(text: string | undefined): number | null {
  return text === undefined ? null : parseInstant(text);
}

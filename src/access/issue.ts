/** Issues, revokes and rotates API keys: each is an event, appended where the stream of keys stood when it was decided. */
import { randomUUID } from "node:crypto";
import { isInForce, takeKeyEvent } from "../../projections/access/keys.ts";
import type { Key } from "../../projections/access/keys.ts";
import { formatInstant } from "../../projections/time/instant.ts";
import { LedgerError } from "../errors.ts";
import type { Attribution } from "../events/envelope.ts";
import { stableId } from "../events/fields/stable-id.ts";
import { keysStream } from "../events/stream.ts";
import type { Made } from "../ledger/append/request.ts";
import type { Ledger } from "../ledger/ledger.ts";
import { maxKeys } from "../limits/access.ts";
import { maxDecisionAttempts } from "../limits/decisions.ts";
import { maxReadWaitMs } from "../limits/requests.ts";
import { hashOf, keyText, newKey } from "./key-text.ts";
import { keyEventsOf } from "./key-ring.ts";

/** What a key is issued with. */
export interface Granted {
  readonly name: string;
  readonly roles: readonly string[];
  readonly clusters: readonly string[];
  /** Milliseconds since the epoch. */
  readonly expiresAt?: number | undefined;
}

export interface Issued {
  /** The whole key: shown once, and kept nowhere. */
  readonly secret: string;
  readonly key: string;
  readonly sequence: number | null;
}

type Said = Pick<Attribution, "actor" | "reason" | "ticket">;

interface Asked {
  readonly said: Said;
  /** The id of the first event. Sent again, it is refused: a key is shown once. */
  readonly id?: string | undefined;
}

/** Issues a key of a new name. Throws `key-refused` if the name is another key's. */
export async function issueKey(
  ledger: Ledger,
  granted: Granted,
  { said, id = randomUUID() }: Asked,
): Promise<Issued> {
  const text = newKey();
  const { sequence } = await append(ledger, (keys) => {
    const other = [...keys.values()].find(({ name }) => name === granted.name);
    if (other !== undefined) {
      throw new LedgerError(
        "key-refused",
        `The name ${granted.name} is key ${other.key}'s. Names are never used again; access rotate gives it a second key.`,
        { errors: [{ path: "/name", message: "is used by another key" }] },
      );
    }
    return [issued(ledger, text, granted, { said, id })];
  });
  return { secret: keyText(text), key: text.key, sequence };
}

/** Ends a key, at once or at an instant. Throws `not-found`; a key that is over already stays as it is. */
export async function revokeKey(
  ledger: Ledger,
  key: string,
  atMs: number | undefined,
  { said, id = randomUUID() }: Asked,
): Promise<{ readonly sequence: number | null }> {
  return await append(ledger, (keys) => {
    const { endsAt, revokedAt } = known(keys, key);
    const isOver = revokedAt !== null || (atMs !== undefined && endsAt !== null && endsAt <= atMs);
    return isOver ? [] : [revoked(ledger, key, atMs, { said, id })];
  });
}

/** Issues a second key of the same name, roles and clusters, and ends the first one `overlapMs` later. */
export async function rotateKey(
  ledger: Ledger,
  key: string,
  overlapMs: number,
  { said, id = randomUUID() }: Asked,
): Promise<Issued> {
  const text = newKey();
  const { sequence } = await append(ledger, (keys) => {
    const before = known(keys, key);
    if (!isInForce(before, ledger.nowMs())) {
      throw new LedgerError("key-refused", `Key ${key} is over. Issue a key of another name.`);
    }
    const { name, roles, clusters } = before;
    const until = overlapMs === 0 ? undefined : Math.floor(ledger.nowMs()) + overlapMs;
    const end = stableId([id, "revoked"]);
    return [
      issued(ledger, text, { name, roles, clusters }, { said, id }),
      revoked(ledger, key, until, { said, id: end }),
    ];
  });
  return { secret: keyText(text), key: text.key, sequence };
}

function known(keys: ReadonlyMap<string, Key>, key: string): Key {
  const found = keys.get(key);
  if (found !== undefined) return found;
  throw new LedgerError("not-found", `There is no key ${key}.`);
}

interface Named {
  readonly said: Said;
  readonly id: string;
}

function issued(
  ledger: Ledger,
  { key, secret }: ReturnType<typeof newKey>,
  { name, roles, clusters, expiresAt }: Granted,
  { said, id }: Named,
): object {
  const end = expiresAt === undefined ? {} : { expiresAt: formatInstant(expiresAt) };
  const data = { key, name, roles, clusters, hash: hashOf(secret), ...end };
  return { ...envelopeOf(ledger, said, id), type: "KeyIssued", data };
}

function revoked(
  ledger: Ledger,
  key: string,
  atMs: number | undefined,
  { said, id }: Named,
): object {
  const data = atMs === undefined ? { key } : { key, at: formatInstant(atMs) };
  return { ...envelopeOf(ledger, said, id), type: "KeyRevoked", data };
}

function envelopeOf(ledger: Ledger, said: Said, id: string): object {
  const stated = Object.entries(said).filter(([, value]) => value !== undefined);
  const occurredAt = formatInstant(Math.floor(ledger.nowMs()));
  return { ...Object.fromEntries(stated), id, occurredAt };
}

/** Decides from all keys there are, and appends; decides again if another process was faster. */
async function append(
  ledger: Ledger,
  decide: (keys: ReadonlyMap<string, Key>) => readonly object[],
): Promise<{ readonly sequence: number | null }> {
  for (let attempt = 1; attempt <= maxDecisionAttempts; attempt++) {
    const submissions = await ledger.submitSystemIn(keysStream, async (): Promise<Made> => {
      const keys = new Map<string, Key>();
      let revision: bigint | null = null;
      for (const event of await keyEventsOf(ledger)) {
        takeKeyEvent(keys, event);
        ({ revision } = event);
      }
      const inputs = decide(keys);
      if (keys.size >= maxKeys) {
        throw new LedgerError("key-refused", `A ledger has at most ${maxKeys} keys.`);
      }
      return { inputs, revisions: new Map([[keysStream, revision]]) };
    });
    const refusal = submissions.find((each) => each.status === "refused");
    if (refusal === undefined) return { sequence: await seen(ledger, submissions) };
    if (refusal.error.code !== "wrong-expected-revision") throw refusal.error;
  }
  throw new LedgerError("overloaded", "Others changed the keys all the while. Try again.");
}

/** Waits until the views have it, so that a key that was revoked no longer opens anything once that is answered. */
async function seen(
  ledger: Ledger,
  submissions: Awaited<ReturnType<Ledger["submitSystemIn"]>>,
): Promise<number | null> {
  let last: number | null = null;
  for (const each of submissions) {
    if (each.status !== "refused" && each.sequence !== null) last = each.sequence;
  }
  if (last !== null) await ledger.waitFor(last, maxReadWaitMs);
  return last;
}

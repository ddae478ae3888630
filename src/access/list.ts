/** The keys of a ledger as people are told of them: who issued and revoked each, and whether it holds. */
import type { Key } from "../../projections/access/keys.ts";
import { isInForce, keysInForce, takeKeyEvent } from "../../projections/access/keys.ts";
import { formatInstant } from "../../projections/time/instant.ts";
import type { Attribution } from "../events/envelope.ts";
import type { Ledger } from "../ledger/ledger.ts";
import { keyEventsOf } from "./key-ring.ts";

export interface ListedKey {
  readonly key: string;
  readonly name: string;
  readonly roles: string[];
  readonly clusters: string[];
  readonly state: "in-force" | "revoked" | "expired";
  readonly issuedAt: string;
  readonly issuedBy: string | null;
  readonly endsAt: string | null;
  readonly revokedBy: string | null;
  readonly reason: string | null;
}

interface Listing {
  /** Only the keys that were in force at this instant. */
  readonly atMs?: number | undefined;
  /** By what was recorded up to this sequence. Default: all. */
  readonly upTo?: number;
  /** The instant whose states are told. Default: now. */
  readonly nowMs?: number;
}

/** All keys that were ever issued, in that order. */
export async function listKeys(
  ledger: Pick<Ledger, "store" | "nowMs">,
  { atMs, upTo = Infinity, nowMs = ledger.nowMs() }: Listing = {},
): Promise<ListedKey[]> {
  const keys = new Map<string, Key>();
  const issued = new Map<string, Attribution>();
  const revoked = new Map<string, Attribution>();
  const events = (await keyEventsOf(ledger)).filter(({ sequence }) => sequence <= upTo);
  for (const event of events) {
    takeKeyEvent(keys, event);
    const { key } = event.data;
    const said = event.type === "KeyIssued" ? issued : revoked;
    if (!said.has(key)) said.set(key, event.attribution);
  }
  const then = atMs === undefined ? null : new Set(keysInForce(events, atMs).map(({ key }) => key));
  const told = [...keys.values()].filter(({ key }) => then === null || then.has(key));
  return told.map((key) => {
    const end = revoked.get(key.key);
    const ended = key.revokedAt ?? key.endsAt;
    return {
      key: key.key,
      name: key.name,
      roles: [...key.roles],
      clusters: [...key.clusters],
      state: isInForce(key, nowMs)
        ? ("in-force" as const)
        : end === undefined
          ? ("expired" as const)
          : ("revoked" as const),
      issuedAt: formatInstant(key.issuedAt),
      issuedBy: issued.get(key.key)?.actor ?? null,
      endsAt: ended === null ? null : formatInstant(ended),
      revokedBy: end?.actor ?? null,
      reason: end?.reason ?? issued.get(key.key)?.reason ?? null,
    };
  });
}

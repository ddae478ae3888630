/** The ledger's last event as pages show it, so that a reader sees how fresh the page is. */
import type { Ledger } from "../ledger/ledger.ts";
import { formatInstant } from "../../projections/time/instant.ts";
import { ledgerTime } from "./asked-instant.ts";
import type { InstantQuery } from "./asked-instant.ts";
import { isLookBack } from "./look-back.ts";

export interface LastEvent {
  readonly at: string;
  /** Its age by the server's clock; `null` on a page about a requested position or instant. */
  readonly ageMs: number | null;
}

/** `null` in an empty ledger. */
export function lastEventOf(
  ledger: Ledger,
  asked: InstantQuery,
  sequence: number,
): LastEvent | null {
  const at = ledgerTime(ledger, sequence);
  if (at === null) return null;
  const isLive = !isLookBack(asked) && asked.at === undefined;
  const ageMs = isLive ? Math.max(0, Math.floor(ledger.nowMs()) - at) : null;
  return { at: formatInstant(at), ageMs };
}

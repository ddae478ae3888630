/** Who may bring which events: senders facts, the ledger itself what only it writes. */
import type { InputError } from "../../errors.ts";
import { type EventType, isSystemEvent, mayBeDecided } from "../catalogue.ts";
import type { Decision } from "../envelope.ts";

/**
 * `sender`: facts. `moved`: facts and decisions of another ledger, with the times at which it recorded them. `decision`:
 * what this ledger decided. `system`: what only the ledger itself writes.
 */
export type Door = "sender" | "moved" | "decision" | "system";

/** Why an event must not come by this door; `null` if it may. */
export function wrongDoor(
  type: EventType,
  decision: Decision | undefined,
  door: Door,
): InputError | null {
  const own = door === "system";
  if (isSystemEvent(type) !== own) {
    const message = own
      ? "is not a system event type"
      : "is a system event, which only the ledger writes";
    return { path: "/type", message };
  }
  if (decision === undefined) return null;
  const path = "/decision";
  if (door === "moved" || door === "decision") {
    const message = `does not go with ${type}, which is no decision`;
    return mayBeDecided(type) ? null : { path, message };
  }
  const message =
    "is written by the ledger itself, for what it decides; leave it out, or move a whole ledger with import events --keep-recorded-at";
  return { path, message };
}

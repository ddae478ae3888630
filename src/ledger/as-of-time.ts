/** The ledger position at a recorded time; it is final only for an instant in the past. */
import { LedgerError } from "../errors.ts";
import { formatInstant } from "../../projections/time/instant.ts";
import type { Ledger } from "./ledger.ts";

/**
 * The last sequence up to which nothing was recorded after the instant. First waits with `reachHead` until the views
 * contain all stored events. Throws `position-past-head` if the instant is not over, and `not-ready` if events from
 * before it may still arrive, which would change the answer.
 */
export async function sequenceAsOfTime(
  ledger: Pick<Ledger, "nowMs" | "closedTimestamp" | "sequence" | "sequenceAsOfTime">,
  instantMs: number,
  reachHead: () => Promise<void>,
): Promise<number> {
  // Final if the views contain an event that was recorded later.
  const early = ledger.sequenceAsOfTime(instantMs);
  if (early < ledger.sequence()) return early;
  const isSettled = instantMs < ledger.closedTimestamp();
  await reachHead();
  const sequence = ledger.sequenceAsOfTime(instantMs);
  const nowMs = ledger.nowMs();
  if (sequence < ledger.sequence() || isSettled) return sequence;
  if (instantMs < nowMs) {
    throw new LedgerError(
      "not-ready",
      `events recorded by ${formatInstant(instantMs)} may still be arriving; try again in a few seconds`,
    );
  }
  throw new LedgerError(
    "position-past-head",
    `${formatInstant(instantMs)} is in the future (it is ${formatInstant(Math.floor(nowMs))}): events recorded until then would change the answer.`,
    { errors: [{ path: "/query/asOfTime", message: "must be an instant in the past" }] },
  );
}

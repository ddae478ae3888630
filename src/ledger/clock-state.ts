/** How the ledger's time stands to the server's clock, and what an operator should know of it. */
import { LedgerError } from "../errors.ts";
import { canonicalJson } from "../events/canonical/canonical.ts";
import type { Attribution, StoredEvent } from "../events/envelope.ts";
import { maxFutureSkewMs } from "../limits/events.ts";
import { formatInstant } from "../../projections/time/instant.ts";
import type { ClockJump } from "./append/clock-guard.ts";
import type { Submission } from "./append/submission.ts";
import { idConflict } from "./append/same-content.ts";

export interface ClockState {
  /** Milliseconds since the epoch. */
  readonly nowMs: number;
  /** The largest recorded time; `null` in an empty ledger. */
  readonly ledgerTimeMs: number | null;
  /** The server's clock has jumped ahead, and nothing is recorded until it is right or accepted. */
  readonly jump: ClockJump | null;
  /** Recorded times were preserved from elsewhere: they may be in this clock's future. */
  readonly timesKept: boolean;
}

/** By how much ledger time is ahead of the clock, if that is more than clocks of honest machines differ by; else 0. */
export function aheadMs({ nowMs, ledgerTimeMs }: ClockState): number {
  const ahead = (ledgerTimeMs ?? -Infinity) - nowMs;
  return ahead > maxFutureSkewMs ? Math.round(ahead) : 0;
}

/** A warning in one sentence or two; `null` if all is well. */
export function clockWarning(state: ClockState): string | null {
  const { nowMs, ledgerTimeMs, jump, timesKept } = state;
  const now = formatInstant(Math.floor(nowMs));
  if (jump !== null) {
    const expected = formatInstant(Math.floor(jump.expectedMs));
    return `The server's clock has jumped ahead: it reads ${now} and should read about ${expected}. Nothing is recorded until the clock is set right or accepted.`;
  }
  if (ledgerTimeMs === null || aheadMs(state) === 0) return null;
  const why = timesKept
    ? "Recorded times were preserved from an import."
    : "A clock was ahead when an event was recorded, or this server's clock is behind.";
  return `Ledger time, ${formatInstant(ledgerTimeMs)}, is ahead of the server's clock, ${now}. Until the clock catches up, every event is recorded at ledger time, and months count as over before they are. ${why}`;
}

/** The event by which an operator accepts a clock that was ahead. Throws `invalid-request` where there is nothing to accept. */
export function clockAccepted(state: ClockState, said: Attribution, id: string): object {
  const { nowMs, ledgerTimeMs, jump } = state;
  if (jump === null && aheadMs(state) === 0) {
    throw new LedgerError(
      "invalid-request",
      "nothing to accept: the server's clock has not jumped, and ledger time is not ahead of it",
    );
  }
  const clock = formatInstant(Math.floor(nowMs));
  const expected = jump === null ? {} : { expected: formatInstant(Math.floor(jump.expectedMs)) };
  const ledgerTime = ledgerTimeMs === null ? {} : { ledgerTime: formatInstant(ledgerTimeMs) };
  return {
    ...said,
    id,
    type: "ClockJumpAccepted",
    occurredAt: clock,
    data: { clock, ...expected, ...ledgerTime },
  };
}

/** An acceptance that is sent again: the clock has gone on since, so that only who says so and why is compared. */
export function acceptedBefore(event: StoredEvent, said: Attribution): Submission {
  const { id, stream, revision, sequence, type, attribution } = event;
  const isSame = type === "ClockJumpAccepted" && canonicalJson(attribution) === canonicalJson(said);
  if (isSame) return { status: "duplicate", id, stream, revision, sequence };
  return { status: "refused", id, error: idConflict(id, `at sequence ${sequence}`) };
}

/** The ledger's time compared with the server's clock, and what an operator should know about it. */
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
  /**
   * A jump of the server's clock: nothing is recorded until the clock is right or accepted; `null` if there is none.
   */
  readonly jump: ClockJump | null;
  /** Recorded times were preserved from elsewhere: they may be in this clock's future. */
  readonly timesKept: boolean;
  /** Of a simulated fleet: how many seconds its clock counts in one, 0 while it stands; `null` for a real clock. */
  readonly speed: number | null;
}

/** How far ledger time is ahead of the clock, in milliseconds; 0 within the usual difference between clocks. */
export function aheadMs({ nowMs, ledgerTimeMs }: ClockState): number {
  const ahead = (ledgerTimeMs ?? -Infinity) - nowMs;
  return ahead > maxFutureSkewMs ? Math.round(ahead) : 0;
}

/** What is said of a simulated clock; `null` for a real one. */
export function simulationNote({ speed }: ClockState): string | null {
  if (speed === null) return null;
  const pace =
    speed === 0
      ? "stands still"
      : speed === 1
        ? "runs as fast as real time"
        : `runs ${speed} times as fast as real time`;
  return `This fleet is simulated: its clock ${pace}.`;
}

/** A warning of one or two sentences; `null` if all is well. */
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

/**
 * The event by which an operator accepts a clock that was ahead. Throws `invalid-request` if there is nothing to
 * accept.
 */
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

/** For an acceptance that is sent again: the clock has gone on since, so only actor and reason are compared. */
export function acceptedBefore(event: StoredEvent, said: Attribution): Submission {
  const { id, stream, revision, sequence, type, attribution } = event;
  const isSame = type === "ClockJumpAccepted" && canonicalJson(attribution) === canonicalJson(said);
  if (isSame) return { status: "duplicate", id, stream, revision, sequence };
  return { status: "refused", id, error: idConflict(id, `at sequence ${sequence}`) };
}

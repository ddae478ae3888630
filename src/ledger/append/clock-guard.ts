/**
 * Compares the server's clock with the time that has passed by the machine's own count. A clock that was set ahead
 * would give one event a recorded time that no later event could precede: appends then wait until the clock is
 * corrected, or an operator accepts it as correct (ADR 0039).
 */
import type { Clock } from "../../clock.ts";
import { LedgerError } from "../../errors.ts";
import { maxFutureSkewMs } from "../../limits/events.ts";
import type { EventStore } from "../../store/port.ts";
import { formatInstant, parseInstant } from "../../../projections/time/instant.ts";

/** A jump of the clock ahead of the time that had passed; milliseconds since the epoch. */
export interface ClockJump {
  /** What it would have read. */
  readonly expectedMs: number;
  /** What it read. */
  readonly readMs: number;
}

const markName = "clock-jump";

export class ClockGuard {
  readonly #clock: Clock;
  readonly #store: EventStore;
  /**
   * The clock minus the time passed, at the latest check at which the clock was right; `null` if nothing counts the
   * time.
   */
  #baseMs: number | null;
  #jump: ClockJump | null;
  /** Whether the jump is stored: a restart, which has nothing to compare with, must not lift it. */
  readonly #isKept: boolean;
  #keptText: string;

  private constructor(clock: Clock, store: EventStore, kept: string) {
    this.#clock = clock;
    this.#store = store;
    this.#isKept = store.status === undefined;
    this.#keptText = kept;
    this.#jump = jumpOf(kept);
    this.#baseMs = this.#jump === null ? this.#offsetMs() : null;
  }

  static async open(clock: Clock, store: EventStore): Promise<ClockGuard> {
    const kept = store.status === undefined ? await store.mark(markName) : null;
    return new ClockGuard(clock, store, kept ?? "");
  }

  /** The jump that blocks appends; `null` if the clock is right, or was corrected. What is found is stored. */
  async look(): Promise<ClockJump | null> {
    const jump = this.#found();
    await this.#keep(jump);
    return jump;
  }

  /** Why nothing may be recorded now; `null` if it may. */
  async refusal(): Promise<LedgerError | null> {
    const jump = await this.look();
    return jump === null ? null : clockJumped(jump);
  }

  /** Accepts the clock as it is from now on. */
  async accept(): Promise<void> {
    this.#begin();
    await this.#keep(null);
  }

  #begin(): void {
    this.#jump = null;
    this.#baseMs = this.#offsetMs();
  }

  #found(): ClockJump | null {
    const readMs = this.#clock.nowMs();
    const offsetMs = this.#offsetMs();
    if (this.#baseMs === null) {
      // The jump is from before this process began: a clock that reads less than then was corrected.
      if (this.#jump !== null && readMs >= this.#jump.readMs) return this.#jump;
      this.#begin();
      return null;
    }
    if (offsetMs === null) return null;
    if (offsetMs - this.#baseMs > maxFutureSkewMs) {
      this.#jump ??= { expectedMs: readMs - (offsetMs - this.#baseMs), readMs };
      return this.#jump;
    }
    // A clock that was set back and then right again has not jumped.
    this.#baseMs = Math.max(this.#baseMs, offsetMs);
    this.#jump = null;
    return null;
  }

  #offsetMs(): number | null {
    const elapsedMs = this.#clock.elapsedMs?.();
    return elapsedMs === undefined ? null : this.#clock.nowMs() - elapsedMs;
  }

  async #keep(jump: ClockJump | null): Promise<void> {
    const text =
      jump === null
        ? ""
        : `${formatInstant(Math.floor(jump.expectedMs))} ${formatInstant(Math.floor(jump.readMs))}`;
    if (!this.#isKept || text === this.#keptText) return;
    await this.#store.setMark(markName, text);
    this.#keptText = text;
  }
}

/** The stored jump; `null` if there is no text, or it only mentions a jump. */
function jumpOf(text: string): ClockJump | null {
  const [expectedMs = null, readMs = null] = text.split(" ").map(parseInstant);
  return expectedMs === null || readMs === null ? null : { expectedMs, readMs };
}

function clockJumped({ expectedMs, readMs }: ClockJump): LedgerError {
  const [expected, clock] = [
    formatInstant(Math.floor(expectedMs)),
    formatInstant(Math.floor(readMs)),
  ];
  return new LedgerError(
    "clock-jumped",
    `the server's clock read ${clock} when it should have read about ${expected}. Nothing is recorded, because every later event would have to be recorded after this time. Set the clock right or, if it is right, accept it (POST /v1/clock, or fleetledger accept-clock while no server runs)`,
    { extra: { expected, clock } },
  );
}

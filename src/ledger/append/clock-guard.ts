/**
 * Holds the server's clock against the time that has passed by the machine's own count. A clock that was set ahead would
 * give one event a recorded time that no later event can go behind: what is to be recorded then waits until the clock is
 * put right, or until an operator accepts it as right (ADR 0039).
 */
import type { Clock } from "../../clock.ts";
import { LedgerError } from "../../errors.ts";
import { maxFutureSkewMs } from "../../limits/events.ts";
import type { EventStore } from "../../store/port.ts";
import { formatInstant, parseInstant } from "../../../projections/time/instant.ts";

/** A clock that went ahead of the time that had passed; milliseconds since the epoch. */
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
  /** The clock less what had passed, at the latest look at which it was right; `null` where nothing counts the time. */
  #baseMs: number | null;
  #jump: ClockJump | null;
  /** A file keeps the jump: a restart, which has nothing to compare with, does not lift it. */
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

  /** The jump that holds appends up; `null` if the clock is right, or was put right again. A file keeps what is found. */
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

  /** From now on the clock is right as it is. */
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
      // Known from before this process began: a clock that reads less than then was put right.
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

/** `null` for no text, and for one that says no jump: it is only a word about one. */
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

import { loopSampleMs } from "../../limits/clients.ts";

/** How many turns of the event loop are averaged. */
const turns = 3;

/**
 * Measures how late the event loop's turns come. A single late turn was a pause that is over by the time it is seen; if
 * the last few were all late, a new request will wait as long. The current turn counts with its time so far, because
 * all requests of a burst may arrive within one turn.
 */
export class LoopDelay {
  readonly #late: number[] = [];
  #dueMs: number;

  constructor(nowMs: number) {
    this.#dueMs = nowMs + loopSampleMs;
  }

  /** Call at each turn. */
  tick(nowMs: number): void {
    this.#late.push(Math.max(0, nowMs - this.#dueMs));
    if (this.#late.length >= turns) this.#late.shift();
    this.#dueMs = nowMs + loopSampleMs;
  }

  /** The average delay of the last turns, in milliseconds. */
  at(nowMs: number): number {
    const running = Math.max(0, nowMs - this.#dueMs);
    return this.#late.reduce((sum, late) => sum + late, running) / turns;
  }
}

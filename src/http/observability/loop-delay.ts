import { loopSampleMs } from "../../limits/clients.ts";

/** Turns of the event loop that are averaged. */
const turns = 3;

/**
 * How late the event loop's turns come. One that is late was a pause, and is over when it is seen; where
 * the last few were late, a request that comes now waits as long. The turn that is under way counts with
 * what it has taken so far: all requests of a rush may come within one.
 */
export class LoopDelay {
  readonly #late: number[] = [];
  #dueMs: number;

  constructor(nowMs: number) {
    this.#dueMs = nowMs + loopSampleMs;
  }

  /** A turn has come. */
  tick(nowMs: number): void {
    this.#late.push(Math.max(0, nowMs - this.#dueMs));
    if (this.#late.length >= turns) this.#late.shift();
    this.#dueMs = nowMs + loopSampleMs;
  }

  /** The average of the last turns, milliseconds. */
  at(nowMs: number): number {
    const running = Math.max(0, nowMs - this.#dueMs);
    return this.#late.reduce((sum, late) => sum + late, running) / turns;
  }
}

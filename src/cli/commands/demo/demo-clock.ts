/** The clock of a simulated fleet: it runs faster than real time, and waits for what is recorded next. */
import type { Clock } from "../../../clock.ts";

/** Real milliseconds that it may make up for at once: after a sleep of the machine it goes on where it stood. */
const catchUpMs = 1_000;

/** It stands until it is told how far to run. */
export class DemoClock implements Clock {
  readonly #speed: number;
  readonly #elapsedMs: () => number;
  /** What it read at `#sinceMs` of the elapsed time. */
  #atMs: number;
  /** `null` while it stands. */
  #sinceMs: number | null = null;
  #boundMs: number;
  #isOver: boolean;

  /** `elapsedMs` counts real milliseconds. */
  constructor(atMs: number, speed: number, elapsedMs: () => number = () => performance.now()) {
    this.#atMs = atMs;
    this.#boundMs = atMs;
    this.#speed = speed;
    this.#elapsedMs = elapsedMs;
    this.#isOver = speed === 0;
  }

  readonly nowMs = (): number => Math.min(this.#boundMs, this.#unboundMs());

  readonly speed = (): number => (this.#isOver ? 0 : this.#speed);

  /** Lets it run up to the instant, where it waits. */
  runUntil(instantMs: number): void {
    const nowMs = this.nowMs();
    const lateMs = this.#unboundMs() - nowMs;
    this.#atMs = nowMs + Math.min(lateMs, catchUpMs * this.#speed);
    this.#sinceMs = this.#elapsedMs();
    this.#boundMs = instantMs;
  }

  /** From now on it stands still. */
  end(): void {
    this.#atMs = this.nowMs();
    this.#sinceMs = null;
    this.#isOver = true;
  }

  #unboundMs(): number {
    if (this.#sinceMs === null) return this.#atMs;
    return this.#atMs + (this.#elapsedMs() - this.#sinceMs) * this.#speed;
  }
}

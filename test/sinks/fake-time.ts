/** A clock and timers that a test moves; nothing waits for real time. */
import type { After, Clock } from "../../src/clock.ts";

interface Waiting {
  readonly at: number;
  readonly work: () => void;
}

export class FakeTime {
  #nowMs: number;
  #waiting: Waiting[] = [];

  constructor(instant: string) {
    this.#nowMs = Date.parse(instant);
  }

  readonly clock: Clock = { nowMs: () => this.#nowMs };

  readonly after: After = (ms, work) => {
    const each = { at: this.#nowMs + ms, work };
    this.#waiting.push(each);
    return () => {
      this.#waiting = this.#waiting.filter((other) => other !== each);
    };
  };

  /** Moves the clock without calling anything. */
  set(instant: string): void {
    this.#nowMs = Date.parse(instant);
  }

  /** Milliseconds until the next timer; null if none waits. */
  get nextInMs(): number | null {
    const next = Math.min(...this.#waiting.map(({ at }) => at));
    return next === Infinity ? null : next - this.#nowMs;
  }

  /** Moves the clock and calls every timer that is due by then. */
  pass(instant: string): void {
    this.set(instant);
    const isDue = ({ at }: Waiting) => at <= this.#nowMs;
    const due = this.#waiting.filter(isDue);
    this.#waiting = this.#waiting.filter((each) => !isDue(each));
    for (const { work } of due) work();
  }

  /** Moves the clock to the next timer and calls it. */
  runNext(): void {
    const next = this.#waiting.sort((a, b) => a.at - b.at).shift();
    if (next === undefined) throw new Error("no timer waits");
    this.#nowMs = Math.max(this.#nowMs, next.at);
    next.work();
  }
}

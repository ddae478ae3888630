/** Limits how many appends the server works on at a time; the others wait in order of arrival. */
import { Unanswered } from "../../../errors.ts";

export class AppendSlots {
  readonly #limit: number;
  readonly #waiting = new Set<() => void>();
  #taken = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Resolves with a slot; throws `store-unavailable` if none is free by `deadline` (on the clock of `performance.now()`). */
  async enter(deadline: number): Promise<void> {
    if (this.#taken < this.#limit) {
      this.#taken++;
      return;
    }
    await new Promise<void>((resolve, reject) => {
      const go = (): void => {
        clearTimeout(timer);
        resolve();
      };
      const timer = setTimeout(
        () => {
          this.#waiting.delete(go);
          reject(new Unanswered("the appends before it were not answered"));
        },
        Math.max(0, deadline - performance.now()),
      );
      this.#waiting.add(go);
    });
  }

  /** Passes the slot to the append that has waited longest. */
  leave(): void {
    const [next] = this.#waiting;
    if (next === undefined) {
      this.#taken--;
      return;
    }
    this.#waiting.delete(next);
    next();
  }
}

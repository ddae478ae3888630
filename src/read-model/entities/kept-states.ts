/**
 * Kept states of one entity, each stored as the few facts that later facts depend on. A state belongs to an instant and
 * rests on the facts up to it as they are now, so a new fact about an earlier instant invalidates it.
 */

export interface KeptState {
  /** The state includes the facts up to and at this instant. */
  readonly after: number;
  /** The largest sequence that affects those facts: the state holds as of every position from there on. */
  readonly lastChange: number;
  /** Sequences of the facts from which the state is resumed, in the order in which they were applied. */
  readonly carried: readonly number[];
  /** Whether it was made when a segment became full, so that the same events always produce it. */
  readonly isSealed: boolean;
}

export class KeptStates {
  /** Ordered by `after`. */
  #states: KeptState[] = [];

  get last(): KeptState | null {
    return this.#states[this.#states.length - 1] ?? null;
  }

  /** The last state that was made when a segment became full. */
  get lastSealed(): KeptState | null {
    return this.#states.findLast(({ isSealed }) => isSealed) ?? null;
  }

  add(state: KeptState): void {
    this.#states.push(state);
  }

  /** Drops the states that a change at an instant invalidates. */
  changed(at: number): void {
    while ((this.last?.after ?? -Infinity) >= at) this.#states.pop();
  }

  /** Keeps only the states that were made when a segment became full. */
  keepSealed(): void {
    if (this.#states.some(({ isSealed }) => !isSealed))
      this.#states = this.#states.filter(({ isSealed }) => isSealed);
  }

  /** The last state that lies wholly before an instant and holds as of P. */
  before(instant: number, P: number): KeptState | null {
    let index = this.#states.findLastIndex(({ after }) => after < instant);
    for (; index >= 0; index--) {
      const state = this.#states[index];
      if (state !== undefined && state.lastChange <= P) return state;
    }
    return null;
  }
}

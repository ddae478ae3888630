/**
 * States of one entity that are kept, each as the few facts that later ones depend on. A state is of an instant, and
 * of the facts up to there as they are now: a fact about an earlier instant invalidates it.
 */

export interface KeptState {
  /** The instant after whose facts it is. */
  readonly after: number;
  /** The largest sequence that says anything of the facts up to there: it holds as of every position from there on. */
  readonly lastChange: number;
  /** Sequences of the facts that it is resumed from, in the order in which they applied. */
  readonly carried: readonly number[];
  /** Whether it was made when a segment was full, and so is made again from the same events. */
  readonly isSealed: boolean;
}

export class KeptStates {
  /** By `after`. */
  #states: KeptState[] = [];

  get last(): KeptState | null {
    return this.#states.at(-1) ?? null;
  }

  /** The last one that was made when a segment was full. */
  get lastSealed(): KeptState | null {
    return this.#states.findLast(({ isSealed }) => isSealed) ?? null;
  }

  add(state: KeptState): void {
    this.#states.push(state);
  }

  /** Something at an instant is not as it was. */
  changed(at: number): void {
    while ((this.last?.after ?? -Infinity) >= at) this.#states.pop();
  }

  /** Leaves those that were made when a segment was full. */
  keepSealed(): void {
    if (this.#states.some(({ isSealed }) => !isSealed))
      this.#states = this.#states.filter(({ isSealed }) => isSealed);
  }

  /** The last one that is wholly before an instant and holds as of P. */
  before(instant: number, P: number): KeptState | null {
    let index = this.#states.findLastIndex(({ after }) => after < instant);
    for (; index >= 0; index--) {
      const state = this.#states[index];
      if (state !== undefined && state.lastChange <= P) return state;
    }
    return null;
  }
}

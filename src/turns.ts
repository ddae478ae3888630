/** Long work in steps, so that others get their turns between them. */
import { setImmediate as nextTurn } from "node:timers/promises";
import { turnMs } from "./limits/read-model.ts";

/** Work that may pause at each `yield`; a step takes a millisecond or so. */
export type Steps<T> = Generator<undefined, T>;

/** Does the work, and gives others their turn whenever `turnMs` have passed; `signal` ends it there. */
export async function stepsInTurns<T>(steps: Steps<T>, signal?: AbortSignal): Promise<T> {
  for (let turnEnds = performance.now() + turnMs; ;) {
    const { done, value } = steps.next();
    if (done === true) return value;
    if (performance.now() < turnEnds) continue;
    await nextTurn();
    signal?.throwIfAborted();
    turnEnds = performance.now() + turnMs;
  }
}

/** Does the work in one piece. */
export function stepsAtOnce<T>(steps: Steps<T>): T {
  for (;;) {
    const { done, value } = steps.next();
    if (done === true) return value;
  }
}

/** Work that does not pause. */
export function* oneStep<T>(work: () => T): Steps<T> {
  yield;
  return work();
}

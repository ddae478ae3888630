/**
 * Long work in steps, so that others get their turns between them. All such work shares one budget of time for each turn of
 * the event loop: if every piece had its own, a hundred pieces would hold the loop for a second.
 */
import { turnMs } from "./limits/read-model.ts";

/** Work that may pause at each `yield`; a step takes a millisecond or so. */
export type Steps<T> = Generator<undefined, T>;

/** What goes on in a later turn, in the order in which it asked. */
const waiting: (() => void)[] = [];
/** When the budget of the present turn is used up; `null` while nothing has used any of it. */
let turnEnds: number | null = null;
let isScheduled = false;

/** Resolves in a later turn of the event loop, after the long work that waited before. */
export async function nextTurn(): Promise<void> {
  schedule();
  await new Promise<void>((resume) => waiting.push(resume));
}

/** Resolves at once while the present turn has time left, else in a later turn. */
export async function timeInTurn(): Promise<void> {
  if (performance.now() >= endOfTurn()) await nextTurn();
}

/** Does the work, and lets others go on whenever long work has taken `turnMs` of a turn; `signal` ends it there. */
export async function stepsInTurns<T>(steps: Steps<T>, signal?: AbortSignal): Promise<T> {
  for (;;) {
    while (performance.now() < endOfTurn()) {
      const { done, value } = steps.next();
      if (done === true) return value;
    }
    await nextTurn();
    signal?.throwIfAborted();
  }
}

function endOfTurn(): number {
  if (turnEnds !== null) return turnEnds;
  schedule();
  turnEnds = performance.now() + turnMs;
  return turnEnds;
}

function schedule(): void {
  if (isScheduled) return;
  isScheduled = true;
  setImmediate(beginTurn);
}

/** One piece of work goes on in each turn: it may use the whole budget. */
function beginTurn(): void {
  isScheduled = false;
  turnEnds = null;
  waiting.shift()?.();
  if (waiting.length > 0) schedule();
}

/** Uses up the present turn: for work that waits for something that is done elsewhere. */
export function endTurn(): void {
  schedule();
  turnEnds = -Infinity;
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

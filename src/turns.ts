/**
 * Long work in steps, so that others get their turns between them. All such work shares one budget of time for each turn of
 * the event loop: if every piece had its own, a hundred pieces would hold the loop for a second.
 */
import { AsyncLocalStorage } from "node:async_hooks";
import { backgroundEvery, turnMs } from "./limits/read-model.ts";

/** Work that may pause at each `yield`; a step takes a millisecond or so. */
export type Steps<T> = Generator<undefined, T>;

/** What goes on in a later turn, in the order in which it asked. */
const waiting: (() => void)[] = [];
/** The same of work for which nobody waits. */
const waitingBehind: (() => void)[] = [];
/** How many turns in a row went to work for which somebody waits, while other work did not have one. */
let ahead = 0;
/** Set in work for which nobody waits. */
const background = new AsyncLocalStorage<true>();
/** When the budget of the present turn is used up; `null` while nothing has used any of it. */
let turnEnds: number | null = null;
let isScheduled = false;

/** Resolves in a later turn of the event loop, after the long work that waited before. */
export async function nextTurn(): Promise<void> {
  schedule();
  const queue = isInBackground() ? waitingBehind : waiting;
  await new Promise<void>((resume) => queue.push(resume));
}

/** Does work for which nobody waits: most turns go to other long work, as long as there is some. */
export async function inBackground<T>(work: () => Promise<T>): Promise<T> {
  return await background.run(true, work);
}

/** Whether this is work for which nobody waits. */
export function isInBackground(): boolean {
  return background.getStore() !== undefined;
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
  const isBehind = waiting.length === 0 || (waitingBehind.length > 0 && ahead >= backgroundEvery);
  ahead = isBehind || waitingBehind.length === 0 ? 0 : ahead + 1;
  (isBehind ? waitingBehind : waiting).shift()?.();
  if (waiting.length + waitingBehind.length > 0) schedule();
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

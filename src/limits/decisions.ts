/** How often the ledger decides, and what it is asked at most. Durations in milliseconds. */

/** A refusal that says the same as the last one is not recorded again within this time: a deploy system that asks every second fills no ledger. */
export const sameRefusalMs = 60_000;

/** How long a sweep waits for the next one at most: clocks jump, and memberships change what an NFZ holds. */
export const sweepAtLeastMs = 60_000;

/** When a sweep that failed is tried again: a store that was away for a moment is back by then, and the log can still be read. */
export const sweepAgainMs = 5_000;

/** How often a process that does not drive timers looks whether it does by now: a lease is renewed about as often. */
export const inChargeLookMs = 1_000;

/** How often a command is decided anew because its stream has moved on: each time somebody else's decision went through. */
export const maxDecisionAttempts = 10;

/** Steps of one answer about the queue over time: more than a screen has columns. */
export const maxQueueSteps = 1_000;

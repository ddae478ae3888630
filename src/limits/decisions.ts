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

/** Nodes of one scale request: more than a job of the largest fleet asks for at once. */
export const maxScaleNodes = 5_000;

/** Nodes of one command on maintenance: a whole large cluster. */
export const maxMaintenanceNodes = 10_000;

/** Nodes that are decided in one turn of the writer: few enough that other appends wait for a fraction of a second. */
export const nodesPerTurn = 500;

/** From this many nodes on, a decision folds the cluster's present hour rather than each node's whole history. */
export const manyNodes = 64;

/** Steps of one answer about the queue over time: more than a screen has columns. */
export const maxQueueSteps = 1_000;

/** Limits of what the ledger tells other systems. */

/** Figures for Prometheus are computed at most so often: a fleet's figures cost more than scrapes are worth. */
export const figuresEveryMs = 15_000;

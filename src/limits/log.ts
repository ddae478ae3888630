/** What the log may cost. Sizes in bytes, durations in milliseconds. */

/** Log lines that cannot be written now. Beyond, lines are dropped and counted: the log never stops the ledger. */
export const maxLogBytes = 1024 * 1024;

/** Log data per write: the size in which containers read their logs. */
export const maxLogWriteBytes = 16 * 1024;

/** Time before a failed write of the log is retried. */
export const logRetryMs = 1_000;

/** How long a stop waits for the last lines of its log. */
export const logFlushMs = 1_000;

/** What the log may cost. Sizes in bytes, durations in milliseconds. */

/** Bytes of lines for the log that cannot be written now; what comes then is dropped and counted: the log never stops the ledger. */
export const maxLogBytes = 1024 * 1024;

/** Bytes of the log that are written at once; what containers read their logs in. */
export const maxLogWriteBytes = 16 * 1024;

/** How long after one that failed the log is written again. */
export const logRetryMs = 1_000;

/** How long a stop waits for the last lines of its log. */
export const logFlushMs = 1_000;

/** Limits of what the ledger tells other systems. */

/** Figures for Prometheus are computed at most so often: a fleet's figures cost more than scrapes are worth. */
export const figuresEveryMs = 15_000;

/** Rows of an export that are read and written at once: enough that a batch costs little, few enough to hold. */
export const rowsPerBatch = 1_000;

/** Rows of a row group of a Parquet file: readers skip by row groups, and the writer holds one in memory. */
export const rowGroupRows = 50_000;

/** Texts of a row group, after which it ends early: events may be large, and a row group is held in memory. */
export const rowGroupBytes = 64 * 1024 * 1024;

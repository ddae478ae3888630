/** What comparing, listing and writing reports may cost. Sizes in bytes, durations in milliseconds. */

/** Periods that one answer compares: a year of two clusters. */
export const maxComparedPeriods = 24;

/**
 * Documents that are computed to explain one difference: some seconds for a large cluster. Beyond, ranges of events are
 * given.
 */
export const maxAttributedDocuments = 256;

/**
 * Figures of the documents that are computed to explain one difference, together: some seconds. All documents of a
 * small cluster fit; only some of one with a hundred thousand faults a month.
 */
export const maxAttributedFigures = 1_000_000;

/** Issued reports of one page. */
export const maxReportsPerPage = 1_000;

/** Characters of a CSV cell, with the escapes in it: spreadsheets cut a cell after these. */
export const maxCellCharacters = 32_767;

/** Buckets of one time series: more than the columns of a screen; two months by hours. */
export const maxSeriesBuckets = 1_500;

/** Figures of one time series. */
export const maxSeriesFigures = 8;

/** Columns and rows of a picture of node states: the pixels of a large screen, so that a browser need not rescale it. */
export const maxGridColumns = 2_048;
export const maxGridRows = 1_200;

/** Cells and breaks of a job's strip: the pixels of a large screen, and as many marks as can be told apart on it. */
export const maxStripCells = 2_048;
export const maxStripBreaks = 500;

/** Bins of the ledger's history: the pixels of a large screen. */
export const maxHistoryBins = 2_048;

/** What comparing, listing and writing reports may cost. Sizes in bytes, durations in milliseconds. */

/** Periods that one answer tells the differences of: a year of two clusters. */
export const maxComparedPeriods = 24;

/** Documents that one explanation of a difference computes: some seconds for a large cluster; beyond, it is told as ranges. */
export const maxAttributedDocuments = 256;

/** Figures of the documents that one explanation of a difference computes, together: some seconds. Of a small cluster all documents fit; of one with a hundred thousand faults a month, only some. */
export const maxAttributedFigures = 1_000_000;

/** Issued reports of one page. */
export const maxReportsPerPage = 1_000;

/** Characters of a CSV cell, with the marks that are put into it: spreadsheets cut a cell after these. */
export const maxCellCharacters = 32_767;

/** Pieces of one time series: more than a screen has columns; two months by hours. */
export const maxSeriesBuckets = 1_500;

/** Figures of one time series. */
export const maxSeriesFigures = 8;

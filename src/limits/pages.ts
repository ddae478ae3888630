/** Limits of the dashboard's pages. */

/** Kept panels and answers, in bytes of text: a page of 20 clusters has about 0.5 MB, at a few positions and windows each. */
export const keptPanelBytes = 64 * 2 ** 20;

/** Live pages move on at most this often, milliseconds: a change is seen within a second of its event. */
export const leastBeatMs = 400;

/** However long panels take to compute, live pages move on this often, milliseconds. */
export const mostBeatMs = 5_000;

/** Positions whose shared results (documents, series) are kept: the newest, the one before, and some that are compared. */
export const keptStands = 6;

/** Shared results of a position that nobody asked for again in this time are dropped, milliseconds. */
export const keptStandMs = 60_000;

/** Events of the last months up to which pages fold them as one window: their timelines take about 150 bytes an event. */
export const maxNearEvents = 2_000_000;

/** Strips of jobs on one page, and rows of its table. */
export const maxStripsPerPage = 40;

/** Days of crashes on one chart: a year, and as many dots as can be told apart on it. */
export const maxCrashDays = 400;

/** Recoveries that one chart draws. */
export const maxDrawnRecoveries = 2_000;

/** Interruptions, runs, checkpoints or holdings of a job that one table shows, the latest. */
export const maxJobEntries = 100;

/** Limits of the dashboard's pages. */

/** Kept panels, in bytes of text: a page of 20 clusters has about 0.5 MB, at a few positions and windows each. */
export const keptPanelBytes = 48 * 2 ** 20;

/** Whole pages, and what changed of them, as they are sent, in bytes: the newest stands of the pages that are looked at. */
export const keptPageBytes = 16 * 2 ** 20;

/** Live pages move on at most this often, milliseconds: a change is seen within a second of its event. */
export const leastBeatMs = 400;

/** However long panels take to compute, live pages move on this often, milliseconds. */
export const mostBeatMs = 5_000;

/** Positions whose shared results (documents, series) are kept: the newest, the one before, and some that are compared. */
export const keptStands = 6;

/** Shared results of a position that nobody asked for again in this time are dropped, milliseconds. */
export const keptStandMs = 60_000;

/** Shared results of all positions: 40 for each of 20 clusters. The documents of as many windows take about 400 MB. */
export const keptResults = 800;

/** Zones that a reader chooses from: more is no choice. */
export const maxZonesOfTerms = 12;

/** Events of the last months up to which pages keep their nodes folded as one window: about 150 bytes for each event of a node, a third of all. */
export const maxNearEvents = 4_000_000;

/** Strips of jobs on one page, and rows of its table. */
export const maxStripsPerPage = 40;

/** Days of crashes on one chart: a year, and as many dots as can be told apart on it. */
export const maxCrashDays = 400;

/** Recoveries that one chart draws. */
export const maxDrawnRecoveries = 2_000;

/** Interruptions, runs, checkpoints or holdings of a job that one table shows, the latest. */
export const maxJobEntries = 100;

/** Rollouts that ended are on the board for this many days, and refusals are listed for as long: a month of changes. */
export const doneDays = 30;

/** Cards of a column of the board: more is a list of its own. */
export const boardCards = 6;

/** What has ended is looked up more rarely. */
export const endedCards = 6;

/** Refusals, overrides and violations that the page of rollouts lists, the newest first. */
export const shownRefusals = 20;

/** Weeks that the calendar of no-fly zones shows before the present one, and after it. */
export const calendarWeeks = { past: 4, next: 8 } as const;

/** Zones that a week of the calendar has room for; the list beside it has them all. */
export const calendarLanes = 8;

/** Occurrences that the calendar's list, or the page of a zone, has at most. */
export const listedOccurrences = 200;

/** Events of one rollout or zone that its page lists, the newest first. */
export const listedEvents = 100;

/** Events that the page of changes reads to count them: half a second of reading, a week of a large fleet. */
export const maxCountedChanges = 50_000;

/** Corrections, and late facts, that the page of changes lists. */
export const maxListedChanges = 50;

/** Rollouts in the matrix of co-tests of a cluster: what fits beside each other on a page. */
export const matrixRollouts = 12;

/** Proposed co-tests of a cluster that its page lists; all of them are in the CSV. */
export const shownBundles = 6;

/** Waves of a release plan, and rollouts of a wave, that a page lists. */
export const shownWaves = 12;

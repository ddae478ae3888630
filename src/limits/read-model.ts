/** What the read model keeps in memory and in its snapshot. Sizes in bytes, durations in milliseconds. */

/** Views as of earlier positions that keep the timelines folded for them: a page asks for one a few times, few pages at once. */
export const maxKeptViews = 4;

/** Facts of an entity between two states that are kept of it: fewer cost more memory, more make windows fold more that lies before them. */
export const factsPerState = 32;

/** Bytes of folded timelines of windows that are kept: a month or two of the largest fleet known today. */
export const maxKeptTimelineBytes = 384 * 1024 * 1024;

/** Bytes of those that hold as of earlier positions alone: an explanation of a difference folds a window as of many. */
export const maxKeptPastTimelineBytes = 64 * 1024 * 1024;

/** Events of a segment of the read model: what a start reads again at most where there is a snapshot, in some tenths of a second. */
export const segmentEvents = 65_536;

/** Bytes of the read model's file that are kept in memory: a month of a large fleet and what it goes back to. */
export const maxKeptPartBytes = 128 * 1024 * 1024;

/** Answers whose entities are folded at once: what is folded for one stays in memory until it is made. */
export const maxFoldsAtOnce = 3;

/** Work that can wait gives others their turn after this long, milliseconds. */
export const turnMs = 10;

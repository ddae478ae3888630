/** What the read model keeps in memory and in its snapshot. Sizes in bytes, durations in milliseconds. */

/**
 * Views of earlier positions whose folded timelines are kept: a page asks for one a few times, and few pages are open
 * at once.
 */
export const maxKeptViews = 4;

/**
 * Facts between two kept states of an entity: a smaller number costs memory; with a larger one, windows fold more facts
 * from before them.
 */
export const factsPerState = 32;

/** Bytes of folded timelines of windows that are kept: a month or two of the largest fleet known today. */
export const maxKeptTimelineBytes = 384 * 1024 * 1024;

/**
 * Size of the kept timelines that hold only as of earlier positions: explaining a difference folds a window as of many.
 */
export const maxKeptPastTimelineBytes = 64 * 1024 * 1024;

/** Bytes of kept answers: the monthly documents of a large fleet of four clusters, of most of a year. */
export const maxKeptAnswerBytes = 256 * 1024 * 1024;

/** Spans of positions at which a kept answer is known to hold: somebody who looks back asks for some dozens. */
export const maxSpansOfAnswer = 64;

/** The last changes of a cluster that are kept with the entity of each, so that what an event changed is found at once. */
export const maxRecentChanges = 4_096;

/**
 * Events per segment of the read model: with a snapshot, a start reads at most this many again, in some tenths of a
 * second.
 */
export const segmentEvents = 65_536;

/** Parts of the read model's file that are kept in memory: a month of a large fleet and what it refers back to. */
export const maxKeptPartBytes = 128 * 1024 * 1024;

/**
 * Facts of nodes that are in memory as integers at once, 44 bytes each: with fewer, the columns of the ledger are gone
 * through more often.
 */
export const maxGatheredFacts = 1_000_000;

/** Of fewer facts, no sums are given to another thread: to gather them takes less time than to send the thread what it needs. */
export const leastSharedFacts = 100_000;

/**
 * Bytes of ids that an answer shares with another thread: they are in memory at once, for the answer and ten seconds more.
 * 3.3 million ids: a cluster of 2,500 nodes names some 400,000 in a year. Of more, nothing is given to another thread.
 */
export const maxSharedIdBytes = 64 * 1024 * 1024;

/** For how long the memory of these facts and the other thread are kept for the next answer, in milliseconds. */
export const keptRoomMs = 10_000;

/**
 * How many times as long as a window the past before its end may be for its sums to be made from integers, which are gone
 * through from the first fact on. A fact as an integer costs a hundredth of what it costs to fold it. A fact with a wrong
 * clock may make the past long: then facts are folded.
 */
export const maxPastPerWindow = 32;

/**
 * Sums of nodes are held against another position node by node if no more than one in so many has changed: to compare a node
 * costs as much as to make the sums of some dozens again.
 */
export const nodesPerComparedOfSums = 50;

/** Answers that are folded at once: what is folded for one stays in memory until it is complete. */
export const maxFoldsAtOnce = 3;

/** Work that can wait yields after this long, in milliseconds. */
export const turnMs = 10;

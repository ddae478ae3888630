/** What `replay` and `verify` keep in memory while they fold a history again. Sizes in bytes. */

/** Facts that wait to be written to the temporary file: a few hundred thousand events. A smaller history needs no file. */
export const maxWaitingFactBytes = 64 * 1024 * 1024;

/** Timelines that are kept for documents, estimated: a year of a cluster of 2,500 nodes. What does not fit is folded again. */
export const maxHeldTimelineBytes = 448 * 1024 * 1024;

/** What one event may hold, and how far its times may go. Sizes in bytes, durations in milliseconds. */

/** An event's canonical JSON. Large enough for a node list of a whole fleet as hostlists, small enough that a thousand fit in memory many times over. */
export const maxEventBytes = 64 * 1024;

/** Levels of nesting in an event: a correction of a correction of … needs a few more than the six of plain events. */
export const maxEventDepth = 32;

/** How far `occurredAt` may lie after the ledger's own clock, and that may go ahead of the time that has passed: clocks of honest machines differ by seconds, not hours. */
export const maxFutureSkewMs = 5 * 60_000;

/** How far a recorded time may lie before an earlier event's: the clocks of several instances on one store differ by seconds; more is a clock that is wrong, or a history that was made up. */
export const maxRecordedBackMs = 5 * 60_000;

/** A name (cluster, node, job, …): longer than any DNS name, short enough to index. */
export const maxNameLength = 256;

/** Free text (`reason`, `actor`, …): a paragraph, not a document. */
export const maxTextLength = 4_096;

/** Names that one hostlist may expand to: ten times the largest fleet known today. */
export const maxNodesPerList = 200_000;

/** Lists in an event's data other than nodes (codes, updates, NFZ ids, …). */
export const maxListLength = 1_000;

/** Occurrences in one `NfzDeclared`: an NFZ every day for five years. */
export const maxOccurrences = 2_000;

/** Exceptions of one rule: an NFZ every working day of a year, less all of its holidays and more. */
export const maxExceptions = 500;

/** The shortest occurrence of a recurrence: what is shorter stops no rollout, and is a unit mistaken. */
export const minRecurrenceMs = 60_000;

/**
 * Corrections and retractions of one event, at any depth. A source that states an outage anew every hour makes 744 in a
 * month; each of them stands in the event's history, which is answered whole.
 */
export const maxCorrectionsPerEvent = 1_000;

/** Retractions of one event beyond the limit of its corrections: what can no longer be corrected can still be taken back. */
export const spareRetractionsPerEvent = 100;

/** How many names may lie between a correction and the event that it is about in the end: a retraction of a retraction of a correction has three. Each costs a step at every further one. */
export const maxCorrectionDepth = 32;

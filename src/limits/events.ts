/** What one event may contain, and how far its times may deviate. Sizes in bytes, durations in milliseconds. */

/**
 * An event's canonical JSON. Large enough for the hostlists of a whole fleet; small enough that memory holds many
 * batches of a thousand.
 */
export const maxEventBytes = 64 * 1024;

/** Levels of nesting in an event: a correction of a correction of … needs a few more than the six of plain events. */
export const maxEventDepth = 32;

/**
 * How far `occurredAt` may be ahead of the ledger's clock, and how far the clock may get ahead of the time that has
 * passed: honest clocks differ by seconds, not hours.
 */
export const maxFutureSkewMs = 5 * 60_000;

/**
 * How far a recorded time may be before an earlier event's: the clocks of several instances on one store differ by
 * seconds. More means a wrong clock or a forged history.
 */
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

/** The shortest occurrence of a recurrence: a shorter one stops no rollout, and probably has the wrong unit. */
export const minRecurrenceMs = 60_000;

/**
 * Corrections and retractions of one event, at any depth. A source that corrects an outage every hour makes 744 in a
 * month; all of them are in the event's history, which is answered whole.
 */
export const maxCorrectionsPerEvent = 1_000;

/**
 * Retractions of one event beyond the limit of corrections: an event that can no longer be corrected can still be
 * retracted.
 */
export const spareRetractionsPerEvent = 100;

/**
 * How many steps a correction may be from the event that it amends in the end: a retraction of a retraction of a
 * correction has three. Each adds a step to every further one.
 */
export const maxCorrectionDepth = 32;

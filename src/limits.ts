/** Every limit of the ledger, each with its reason. Sizes in bytes, durations in milliseconds. */

/** An event's canonical JSON. Large enough for a node list of a whole fleet as hostlists, small enough that a thousand fit in memory many times over. */
export const maxEventBytes = 64 * 1024;

/** Events of one request that is not streamed: such a request is parsed whole before the first event is taken. */
export const maxEventsPerRequest = 1_000;

/** How far `occurredAt` may lie after the ledger's own clock: clocks of honest senders differ by seconds, not hours. */
export const maxFutureSkewMs = 5 * 60_000;

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

/** Years that instants may lie in: four digits, and no calendar before the machines that this is about. */
export const minYear = 1900;
export const maxYear = 9999;

/**
 * How long to wait for a store in KurrentDB, its mirror and its lease, and how much may be in progress at once. Sizes
 * in bytes, durations in milliseconds.
 */

/** Appends in progress at KurrentDB: enough to keep its writer busy, few enough for a fresh connection. */
export const maxAppendsInFlight = 32;

/** How long KurrentDB may take for one attempt to append, or for one read: a healthy server takes milliseconds. */
export const storeCallMs = 4_000;

/**
 * How long an append is retried while its outcome is unknown, before the sender is asked to come back: shorter than
 * clients wait, longer than an election.
 */
export const appendPatienceMs = 12_000;

/** Pauses between attempts at a store that does not answer: they double from the first to the longest. */
export const firstRetryMs = 50;
export const longestRetryMs = 2_000;

/** How long an acknowledged append waits for its events in the mirror before it is answered without their sequences. */
export const mirrorWaitMs = 5_000;

/** Events per transaction of the mirror: the cost of the sync is shared, and a transaction takes a few milliseconds. */
export const mirrorBatchEvents = 1_000;

/** Events that wait for the mirror's next transaction; beyond them the subscription is paused. */
export const maxMirrorQueue = 4_000;

/**
 * How long a mirror that is behind gathers events for one transaction: enough to share its cost, little for a client
 * that waits.
 */
export const mirrorGatherMs = 5;

/** How long delivered events may wait while the mirror still counts as live; usually some milliseconds. */
export const liveLagMs = 1_000;

/** How often a mirror that is behind asks the store for its end. */
export const mirrorLookMs = 2_000;

/** How often the mirror saves its position while no event of its own arrives. */
export const mirrorCheckpointMs = 5_000;

/** How often a sample of the mirror is compared with the store. */
export const mirrorCheckMs = 30_000;

/**
 * How long a store's log must be shorter than the mirror before the store counts as restored from a backup: longer than
 * a new leader needs for its first records.
 */
export const putBackMs = 3_000;
export const putBackLookMs = 250;

/** Events of such a sample, besides the first and the last. */
export const mirrorSampleEvents = 8;

/** Events of one read when a whole stream is compared with the store: 16 MB of the largest, which is well within the time that a read has. */
export const streamPartEvents = 250;

/** How long a start waits for a store that does not answer: a container may take that long to come up. */
export const storeStartMs = 60_000;

/**
 * How long a command that only reads waits for an unavailable store before it uses the mirror alone: longer than an
 * election or a slow line, and as long as somebody waits for a report.
 */
export const storePatienceMs = 5_000;

/** How long a holder keeps the lease without renewing it: another instance takes over within 10 s, waits included. */
export const leaseMs = 5_000;

/**
 * How far behind an instance's mirror may be for the instance to hold the lease: as long as an append waits for the
 * mirror.
 */
export const maxSealerLagMs = 5_000;

/** How often the holder renews the lease and the others look at it. */
export const leaseRenewMs = 1_000;

/**
 * How often the log reports an unavailable store, and checks for changes: often enough to see when, rarely enough to
 * read.
 */
export const storeLogMs = 10_000;

/**
 * How often an instance asks a shared store whether recorded times were preserved: an import is rare, and reports come
 * after it.
 */
export const recordedTimesLookMs = 10_000;

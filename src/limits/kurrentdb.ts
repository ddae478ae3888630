/** How long a store in KurrentDB, its mirror and the lease on it are waited for, and how much is on its way at once. Sizes in bytes, durations in milliseconds. */

/** Appends that KurrentDB is given at once: enough to keep its writer busy, few enough that a fresh connection takes them. */
export const maxAppendsInFlight = 32;

/** How long KurrentDB may take for one attempt to append, or for one read: a healthy server takes milliseconds. */
export const storeCallMs = 4_000;

/** How long an append is tried again while its outcome is unknown, before the sender is told to come back: shorter than a client's patience, longer than an election. */
export const appendPatienceMs = 12_000;

/** Pauses between attempts at a store that does not answer: they double from the first to the longest. */
export const firstRetryMs = 50;
export const longestRetryMs = 2_000;

/** How long an acknowledged append waits for its events to be in the mirror before it is answered without their sequences. */
export const mirrorWaitMs = 5_000;

/** Events of one transaction of the mirror: the sync costs nothing an event, and takes a few milliseconds. */
export const mirrorBatchEvents = 1_000;

/** Events that wait for the mirror's next transaction; beyond them the subscription is paused. */
export const maxMirrorQueue = 4_000;

/** How long a mirror that is behind gathers events for one transaction: enough to share it, little beside the wait of who appended much at once. */
export const mirrorGatherMs = 5;

/** How long what the store has delivered may wait and the mirror still be called live: it takes some milliseconds. */
export const liveLagMs = 1_000;

/** How often a mirror that is behind asks how much there is. */
export const mirrorLookMs = 2_000;

/** How often the mirror keeps a position that brought it no event of its own. */
export const mirrorCheckpointMs = 5_000;

/** How often a sample of the mirror is compared with the store. */
export const mirrorCheckMs = 30_000;

/** How long a store's log must end before the mirror to be taken for one that was put back: longer than a new leader needs for its first records, and at such looks. */
export const putBackMs = 3_000;
export const putBackLookMs = 250;

/** Events of such a sample, besides the first and the last. */
export const mirrorSampleEvents = 8;

/** Events of one read when a whole stream is compared with the store: 16 MB of the largest, which is well within the time that a read has. */
export const streamPartEvents = 250;

/** How long a start waits for a store that does not answer: a container beside it may take that long to come up. */
export const storeStartMs = 60_000;

/** How long a command that only reads waits for such a store before it makes do with the mirror: longer than an election or a slow line, and no longer than somebody waits for a report. */
export const storePatienceMs = 5_000;

/** How long a holder of the lease keeps it without a sign of life: another one takes over within 10 s, waits included. */
export const leaseMs = 5_000;

/** How far the mirror of an instance may be behind for it to hold the lease: as long as an append waits for it at most. */
export const maxSealerLagMs = 5_000;

/** How often the holder renews the lease and the others look at it. */
export const leaseRenewMs = 1_000;

/** How often the log reports an unavailable store and checks whether anything has changed: often enough to see when, seldom enough to read. */
export const storeLogMs = 10_000;

/** How often an instance asks a store that others write to whether recorded times were preserved there: an import is rare, and its reports come after it. */
export const recordedTimesLookMs = 10_000;

/** What the store in a file, and the appends that go to any store, may cost. Sizes in bytes, durations in milliseconds. */

/** Pages of the write-ahead log before it is moved into the ledger's file: 64 MiB of 8 KiB pages, so that hot pages move once, not a hundred times. */
export const walCheckpointPages = 8_192;

/** Bytes that the write-ahead log's file keeps after it was longer: twice what it normally has. */
export const walKeptBytes = 128 * 1024 * 1024;

/** Pages of the log that are moved into the ledger's file by the look at it, between appends: some tens of milliseconds. */
export const quickCheckpointPages = 1_000;

/** How often a store looks after its files: whether they are still where they were, whether what failed works again, whether the log can be moved into the file. */
export const storeLookMs = 10_000;

/** How long after one that failed `.derived` is written again at the earliest: a full disk is not asked with every event. */
export const derivedRetryMs = 10_000;

/** Tables, indexes and triggers of a file that are looked at: a ledger has six. */
export const maxSchemaObjects = 1_000;

/** How long SQLite waits for another connection's lock on the ledger's file: checkpoints and recovery take less. */
export const busyTimeoutMs = 5_000;

/** Events in one durable commit: enough that the sync costs nothing an event, few enough that it takes a fraction of a second. */
export const maxEventsPerCommit = 10_000;

/** Events that wait for a commit; beyond them appends are refused as unavailable. */
export const maxQueuedEvents = 100_000;

/** Events of late commits that wait in memory for those who follow the store; who is farther behind reads them from the rows. */
export const maxRecentEvents = 10_000;

/** Events read from the store at once: large enough for speed, small enough that 64 KiB events fit in memory. */
export const readBatchEvents = 1_000;

/** Rows looked at by one turn of a search or an index build, so that other requests get theirs. */
export const scanRowsPerTurn = 20_000;

/** How often a reader looks for what another process has appended. */
export const livePollMs = 100;

/** Streams whose last revision is kept in memory: every node and job of a large fleet. */
export const maxCachedStreams = 500_000;

/** Different attributions kept decoded: sources repeat theirs on every event. */
export const maxCachedAttributions = 1_000;

/** Events that go to the store in one append: enough to share a commit among many senders, few enough that none waits long. */
export const maxEventsPerRound = 4_000;

/** Data of requests that go to the store in one append: well below the 16 MiB that KurrentDB takes at once for one stream, so that one sender's large events never refuse another's. */
export const maxBytesPerRound = 8 * 1024 * 1024;

/** Times that one part is tried again because its stream had moved on: writers that meet so often are not by chance. */
export const maxAppendAttempts = 10;

/** Streams whose last revision is kept in memory by the ledger. */
export const maxKnownStreams = 200_000;

/** Events that a copy appends together: few enough that a copy that is cut off has little to send again. */
export const copyBatchEvents = 500;

/** How long a copy waits for a target that does not answer. */
export const copyPatienceMs = 120_000;

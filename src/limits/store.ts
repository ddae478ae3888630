/** What the store in a file, and appends to any store, may cost. Sizes in bytes, durations in milliseconds. */

/** Pages of the write-ahead log before it is moved into the ledger's file: 64 MiB of 8 KiB pages, so that hot pages move once, not a hundred times. */
export const walCheckpointPages = 8_192;

/** Size to which the write-ahead log's file is cut after it was longer: twice its usual size. */
export const walKeptBytes = 128 * 1024 * 1024;

/**
 * Pages of the log that the periodic check moves into the ledger's file, between appends: some tens of milliseconds.
 */
export const quickCheckpointPages = 1_000;

/**
 * How often a store checks its files: whether they are where they were, whether what failed works again, whether the
 * log can be moved into the file.
 */
export const storeLookMs = 10_000;

/** Time before a failed write of `.derived` is retried: a full disk is not tried with every event. */
export const derivedRetryMs = 10_000;

/** Tables, indexes and triggers of a file that are checked: a ledger has seven. */
export const maxSchemaObjects = 1_000;

/** How long SQLite waits for another connection's lock on the ledger's file: checkpoints and recovery take less. */
export const busyTimeoutMs = 5_000;

/** Events per durable commit: enough to share the cost of the sync, few enough that it takes a fraction of a second. */
export const maxEventsPerCommit = 10_000;

/** Events that wait for a commit; beyond them appends are refused as unavailable. */
export const maxQueuedEvents = 100_000;

/**
 * Recent events kept in memory for followers of the store; a follower that is further behind reads them from the rows.
 */
export const maxRecentEvents = 10_000;

/** Events read from the store at once: large enough for speed, small enough that 64 KiB events fit in memory. */
export const readBatchEvents = 1_000;

/** Rows per turn of a search or an index build, so that other requests get their turns. */
export const scanRowsPerTurn = 20_000;

/** How long a search looks at events before other requests get their turn. */
export const searchTurnMs = 10;

/**
 * Events of a block of lookups: as many as the read model's segments have, whose roots are kept with it. Their offsets have two
 * bytes; a block is made in a few hundredths of a second.
 */
export const lookupBlockEvents = 65_536;

/** Blocks whose ids are read at once when a ledger is opened: 12 MiB. */
export const idBlocksTogether = 32;

/** Of 256 shards, those into which the ids of such blocks are put in one turn: about twenty milliseconds. */
export const shardsPerTurn = 16;

/** How often a reader looks for what another process has appended. */
export const livePollMs = 100;

/** Streams whose last revision is kept in memory: every node and job of a large fleet. */
export const maxCachedStreams = 500_000;

/** Distinct attributions kept decoded: sources repeat theirs in every event. */
export const maxCachedAttributions = 1_000;

/** Events per append to the store: enough to share a commit among many senders, few enough that none waits long. */
export const maxEventsPerRound = 4_000;

/**
 * Data per append to the store: well below the 16 MiB that KurrentDB accepts for one stream, so that one sender's large
 * events never get another's refused.
 */
export const maxBytesPerRound = 8 * 1024 * 1024;

/** Ends of streams that are asked for at once before a decision about many: enough that no call waits for another alone. */
export const maxReadsTogether = 16;

/** Attempts for one part whose stream has moved on: writers that collide more often do not do so by chance. */
export const maxAppendAttempts = 10;

/** Streams whose last revision is kept in memory by the ledger. */
export const maxKnownStreams = 200_000;

/** Events per append of a copy: few enough that an interrupted copy has little to send again. */
export const copyBatchEvents = 500;

/** How long a copy waits for a target that does not answer. */
export const copyPatienceMs = 120_000;

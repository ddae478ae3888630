/** Every limit of the ledger, each with its reason. Sizes in bytes, durations in milliseconds. */

/** An event's canonical JSON. Large enough for a node list of a whole fleet as hostlists, small enough that a thousand fit in memory many times over. */
export const maxEventBytes = 64 * 1024;

/** Events of one request that is not streamed: such a request is parsed whole before the first event is taken. */
export const maxEventsPerRequest = 1_000;

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

/** The shortest occurrence of a recurrence: what is shorter stops no rollout, and is a unit mistaken. */
export const minRecurrenceMs = 60_000;

/** Things whose findings are looked for after an append: as many as a list has events. */
export const maxSubjectsForFindings = 1_000;

/** Facts of the things of one append that are folded to find what it made, twice each: some ten milliseconds of work, so that nobody waits behind it. */
export const maxFactsForFindings = 3_000;

/** Facts that are folded for the findings of all appends of a second: about a tenth of the event loop, however many come to a busy thing. */
export const maxFactsFoldedPerSecond = 60_000;

/** How long an answer to an append waits for the views, to tell of findings: they are mostly there within a millisecond or two. */
export const maxFindingsWaitMs = 250;

/** Findings that the answer to one append names; the rest is at its own address. */
export const maxMadeFindings = 100;

/** A request body that is parsed whole: a thousand events of 16 KiB; larger ones go as NDJSON, which is streamed. */
export const maxRequestBytes = 16 * 1024 * 1024;

/** How far a compressed body may unfold, times its bytes: NDJSON of like events without ids comes to 40, and gzip itself ends at 1,032. */
export const maxInflation = 200;

/** What a compressed body may unfold to whatever its bytes are: as much as a plain one that is read whole. */
export const freelyInflatedBytes = maxRequestBytes;

/** An answer that is compressed: a smaller one fits in one packet as it is. */
export const leastCompressedBytes = 1_024;

/** One line of NDJSON as sent: the largest event with generous white space and escapes. The event in it has a limit of its own. */
export const maxLineBytes = 4 * maxEventBytes;

/** Lines of a streamed import that go into the ledger together: a commit writes the index pages that it touches once, so that many lines share them; few enough that other requests wait for a tenth of a second at most. */
export const linesPerChunk = 4_000;

/** Bytes of lines that wait to go into the ledger together, however few lines they are. */
export const maxChunkBytes = 4 * 1024 * 1024;

/** Chunks of one streamed import that are under way at once: the next is parsed while the last is written. */
export const maxChunksInFlight = 2;

/** Answers of a streamed import that wait for a client who sends all before it reads: those of a million lines. Beyond, the import waits for the reader. */
export const maxWaitingAnswerBytes = 64 * 1024 * 1024;

/** How long a streamed import waits for a client that neither reads its answer nor goes away. */
export const maxAnswerStallMs = 60_000;

/** Characters of the API key: all headers of a request together may have 16 KiB, and Basic makes it longer by a third. */
export const maxApiKeyLength = 1_024;

/** Levels of nesting in a JSON body: no event has more than six; recursion over more could exhaust the stack. */
export const maxJsonDepth = 128;

/** Members of one JSON object that a sender sends: ten times the largest event's. An object of a million costs seconds before it is refused. */
export const maxMembersPerObject = 256;

/** Objects and lists in one JSON body: more than the largest body of events can have, and parsed in a fifth of a second. */
export const maxJsonParts = 600_000;

/** Faults that one problem document names: enough to mend a body, not a copy of it. */
export const maxErrorsPerProblem = 50;

/** Events of one page of `GET /v1/events`. */
export const maxPageSize = 1_000;
export const defaultPageSize = 100;

/** How long a read waits for the views to have its `minSequence`: longer than any normal lag, shorter than any client's patience. */
export const maxReadWaitMs = 5_000;

/** Time between two signs of life on a live stream: proxies cut what is silent for a minute. */
export const heartbeatMs = 15_000;

/** How late the event loop's turns may come, on the average of the last three, before new requests are turned away: one large report, or one pause of the machine, is no overload. */
export const maxEventLoopDelayMs = 5_000;

/** Levels of nesting in an event: a correction of a correction of … needs a few more than the six of plain events. */
export const maxEventDepth = 32;

/**
 * Corrections and retractions of one event, at any depth. A source that states an outage anew every hour makes 744 in a
 * month; each of them stands in the event's history, which is answered whole.
 */
export const maxCorrectionsPerEvent = 1_000;

/** Retractions of one event beyond the limit of its corrections: what can no longer be corrected can still be taken back. */
export const spareRetractionsPerEvent = 100;

/** How many names may lie between a correction and the event that it is about in the end: a retraction of a retraction of a correction has three. Each costs a step at every further one. */
export const maxCorrectionDepth = 32;

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

/** Views as of earlier positions that keep the timelines folded for them: a page asks for one a few times, few pages at once. */
export const maxKeptViews = 4;

/** Facts of an entity between two states that are kept of it: fewer cost more memory, more make windows fold more that lies before them. */
export const factsPerState = 32;

/** Bytes of folded timelines of windows that are kept: a month or two of the largest fleet known today. */
export const maxKeptTimelineBytes = 256 * 1024 * 1024;

/** Appends that KurrentDB is given at once: enough to keep its writer busy, few enough that a fresh connection takes them. */
export const maxAppendsInFlight = 32;

/** How long KurrentDB may take for one attempt to append, or for one read: a healthy server takes milliseconds. */
export const storeCallMs = 4_000;

/** How long an append is tried again while its outcome is unknown, before the sender is told to come back: shorter than a client's patience, longer than an election. */
export const appendPatienceMs = 12_000;

/** Pauses between attempts at a store that does not answer: they double from the first to the longest. */
export const firstRetryMs = 50;
export const longestRetryMs = 2_000;

/** How long an acknowledged append waits for its events to be in the mirror before it is answered without their places. */
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

/** How often the log tells of a store that is away, and looks whether anything has changed: often enough to see when, seldom enough to read. */
export const storeLogMs = 10_000;

/** How often an instance asks a store that others write to whether recorded times were kept there: an import begins seldom, and its reports come after it. */
export const recordedTimesLookMs = 10_000;

/** How often a mirror is held against a seal that came since: as often as there is one. */
export const sealLookMs = 60_000;

/** Time between two seals while events come in: what is not sealed yet could be rewritten unseen. */
export const sealIntervalMs = 60_000;

/** Events after which a seal is made at once, however short the time. */
export const sealEveryEvents = 10_000;

/** Time after which an idle ledger is sealed too: ledger time goes on, and with it the age of what is open. */
export const idleSealIntervalMs = 3_600_000;

/** Threads that verify a history at once: beyond these, reading it and putting the parts together is what takes time. */
export const maxVerifyThreads = 8;

/** Leaves that a thread verifies at once: far more work than it costs to hand them over. */
export const leafBlockLeaves = 16_384;

/** Bytes of leaves that a thread verifies at once, but for a leaf that is longer: memory is bounded, whatever events hold. */
export const leafBlockBytes = 8 * 1024 * 1024;

/** Bytes of a bundle from which threads are worth their start. */
export const leastThreadedBytes = 32 * 1024 * 1024;

/** Times that a checkpoint is sent to its second place before it waits for the next seal. */
export const maxSealAttempts = 3;

/** How long one attempt to send a checkpoint may take. */
export const sealAttemptMs = 10_000;

/** Events of a segment of the read model: what a start reads again at most where there is a snapshot, in some tenths of a second. */
export const segmentEvents = 65_536;

/** Events that a copy appends together: few enough that a copy that is cut off has little to send again. */
export const copyBatchEvents = 500;

/** How long a copy waits for a target that does not answer. */
export const copyPatienceMs = 120_000;

/** Bytes of the read model's file that are kept in memory: a month of a large fleet and what it goes back to. */
export const maxKeptPartBytes = 128 * 1024 * 1024;

/** Answers whose entities are folded at once: what is folded for one stays in memory until it is made. */
export const maxFoldsAtOnce = 3;

/** Work that can wait gives others their turn after this long, milliseconds. */
export const turnMs = 10;

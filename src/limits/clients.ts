/**
 * The time and memory that all clients together, and slow ones, may cost the server. Sizes in bytes, durations in
 * milliseconds.
 */

/**
 * Unread answers of a streamed import whose client sends everything before it reads: enough for a million lines.
 * Beyond, the import waits for the reader.
 */
export const maxWaitingAnswerBytes = 64 * 1024 * 1024;

/** How long a streamed import waits for a client that neither reads its answer nor disconnects. */
export const maxAnswerStallMs = 60_000;

/** Unread answers of all streamed imports together. Beyond, each import waits for its own reader. */
export const maxWaitingAnswersTogether = 128 * 1024 * 1024;

/** Time between two heartbeats on a live stream: proxies cut connections that are silent for a minute. */
export const heartbeatMs = 15_000;

/**
 * How late the event loop's turns may be, as an average of the last three, before new requests are refused: one large
 * report, or one pause of the machine, is not an overload.
 */
export const maxEventLoopDelayMs = 5_000;

/** How often the loop's delay is measured: shorter delays do not matter. */
export const loopSampleMs = 100;

/** Share of the heap limit beyond which new requests are refused: those in progress still have room to finish. */
export const maxHeapPart = 0.95;

/**
 * How long the reader of a live stream may stop reading before it is cut off: longer than any pause of a live page or
 * connection.
 */
export const maxReaderStallMs = 30_000;

/**
 * Data held for all slow readers of live streams together: enough for five hundred that do not read at all. Beyond, the
 * one that has not read for longest is cut off.
 */
export const maxReaderBytesTogether = 64 * 1024 * 1024;

/** How long a reader that was cut off may still fetch what was sent, including the reason. */
export const readerFarewellMs = 1_000;

/** Events per read for a slow reader of a live stream: twice as many as it took the last time, between these bounds. */
export const leastStreamPage = 16;
export const mostStreamPage = 256;

/** Pages that are read for all live streams in one turn of the event loop: some milliseconds of work. */
export const streamPagesPerTurn = 8;

/** How long a client may take for a request's headers. */
export const maxHeaderMs = 20_000;

/** How long a body may stall while the ledger waits for more of it. An import may take hours as long as it progresses. */
export const maxBodyIdleMs = 60_000;

/** How long a body that is parsed whole may take to arrive: the largest one over half a megabit per second. */
export const maxWholeBodyMs = 300_000;

/**
 * All request bodies in memory together, until they are answered. Parsed, they take several times as much. Beyond,
 * requests are refused and imports wait.
 */
export const maxBodyBytesTogether = 64 * 1024 * 1024;

/**
 * Bodies up to this size are still accepted when larger ones are not: large ones may fill three quarters of the room.
 */
export const smallBodyBytes = 64 * 1024;

/** How long a connection may be idle while the ledger waits for its client to send a request or to read an answer. */
export const maxConnectionStallMs = 60_000;

/** How long the rest of a refused body is read and discarded, so that its sender can read the reason. */
export const bodyLingerMs = 10_000;

/** How long a stop waits for bodies that are still being sent. */
export const stopBodyMs = 1_000;

/** How long a stop waits for answers and for the witness to get the last seal; then it ends anyway. */
export const stopAnswersMs = 5_000;
export const stopSealMs = 3_000;

/** How long a stop may take in all before the process ends with an error. */
export const stopPatienceMs = 10_000;

/**
 * How long a command waits for data from its server: longer than any answer takes to begin; live streams have a
 * heartbeat every 15 s.
 */
export const maxServerSilenceMs = 120_000;

/** What all clients together, and slow ones, may cost the server in time and memory. Sizes in bytes, durations in milliseconds. */

/** Answers of a streamed import that wait for a client who sends all before it reads: those of a million lines. Beyond, the import waits for the reader. */
export const maxWaitingAnswerBytes = 64 * 1024 * 1024;

/** How long a streamed import waits for a client that neither reads its answer nor disconnects. */
export const maxAnswerStallMs = 60_000;

/** Answers of all streamed imports together that wait for their readers. Beyond, each waits for its own reader. */
export const maxWaitingAnswersTogether = 128 * 1024 * 1024;

/** Time between two signs of life on a live stream: proxies cut what is silent for a minute. */
export const heartbeatMs = 15_000;

/** How late the event loop's turns may come, on the average of the last three, before new requests are refused: one large report, or one pause of the machine, is no overload. */
export const maxEventLoopDelayMs = 5_000;

/** How often the loop's delay is looked at: a turn shorter than this is as good as none. */
export const loopSampleMs = 100;

/** Part of the heap's limit beyond which new requests are refused: those under way still have room to finish. */
export const maxHeapPart = 0.95;

/** How long the reader of a live stream may not read before it is cut off: longer than any pause of a page or of a line that lives. */
export const maxReaderStallMs = 30_000;

/** Bytes held for all readers of live streams that are behind, together: five hundred that do not read at all. Beyond, the one that has not read for longest is cut off. */
export const maxReaderBytesTogether = 64 * 1024 * 1024;

/** How long a reader that was cut off has to fetch what is on its way, and why it was cut off. */
export const readerFarewellMs = 1_000;

/** Events that a live stream reads at once for a reader that is behind: as many as it had taken the last time, twice; between these. */
export const leastStreamPage = 16;
export const mostStreamPage = 256;

/** Pages that are read for all live streams in one turn of the event loop: some milliseconds of work. */
export const streamPagesPerTurn = 8;

/** How long a client may take for a request's headers. */
export const maxHeaderMs = 20_000;

/** How long a body may stall while the ledger waits for more of it. An import may take hours as long as it progresses. */
export const maxBodyIdleMs = 60_000;

/** How long a body that is parsed whole may take: the largest over a line of half a megabit. */
export const maxWholeBodyMs = 300_000;

/** Bytes of all request bodies that are in memory at once, until they are answered. Parsed they take several times as much. Beyond, requests are turned away and imports wait. */
export const maxBodyBytesTogether = 64 * 1024 * 1024;

/** A body up to this size finds room where larger ones do not: large ones may fill three quarters. */
export const smallBodyBytes = 64 * 1024;

/** How long a connection may stand still while the ledger waits for its client: to send a request, or to read an answer. */
export const maxConnectionStallMs = 60_000;

/** How long the rest of a body that was refused is read and discarded, so that its sender gets to read the reason. */
export const bodyLingerMs = 10_000;

/** How long a stop waits for bodies that are still being sent. */
export const stopBodyMs = 1_000;

/** How long a stop waits for answers and for the witness to get the last seal; then it ends anyway. */
export const stopAnswersMs = 5_000;
export const stopSealMs = 3_000;

/** How long a stop may take in all before the process ends with an error. */
export const stopPatienceMs = 10_000;

/** How long a command waits for a sign of life of the server that it speaks to: longer than any answer takes to begin; live streams have one every 15 s. */
export const maxServerSilenceMs = 120_000;

/** What one request may send and what one answer may hold. Sizes in bytes, durations in milliseconds. */
import { maxEventBytes } from "./events.ts";

/** Events of one request that is not streamed: such a request is parsed whole before the first event is taken. */
export const maxEventsPerRequest = 1_000;

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

/** Rows of one page of a list: a screen takes a hundred, and a fleet of ten thousand nodes comes in ten pages. */
export const maxListRows = 1_000;

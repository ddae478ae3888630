/** What one request may send and what one answer may hold. Sizes in bytes, durations in milliseconds. */
import { maxEventBytes } from "./events.ts";

/** Events of one request that is not streamed: it is parsed whole before the first event is appended. */
export const maxEventsPerRequest = 1_000;

/**
 * A request body that is parsed whole: a thousand events of 16 KiB. Larger ones are sent as NDJSON, which is streamed.
 */
export const maxRequestBytes = 16 * 1024 * 1024;

/**
 * How much larger a body may be than its compressed form: NDJSON of similar events without ids reaches 40, gzip itself
 * at most 1,032.
 */
export const maxInflation = 200;

/** The size up to which a compressed body may always be decompressed: as much as a plain body that is read whole. */
export const freelyInflatedBytes = maxRequestBytes;

/** The smallest answer that is compressed: smaller ones fit in one packet anyway. */
export const leastCompressedBytes = 1_024;

/** One line of NDJSON as sent: the largest event with generous white space and escapes. The event in it has a limit of its own. */
export const maxLineBytes = 4 * maxEventBytes;

/**
 * Lines of a streamed import per append: a commit writes the index pages that it touches once, so many lines should
 * share it; few enough that other requests wait a tenth of a second at most.
 */
export const linesPerChunk = 4_000;

/** Bytes that an import reads from a file at once: two chunks of usual lines, so that no commit is of a few. */
export const importReadBytes = 2 * 1024 * 1024;

/** Size of the lines per append, however few they are. */
export const maxChunkBytes = 4 * 1024 * 1024;

/** Appends of one streamed import in progress at once: the next is parsed while the last is written. */
export const maxChunksInFlight = 2;

/** Characters of the API key: all headers of a request together may have 16 KiB, and Basic makes it longer by a third. */
export const maxApiKeyLength = 1_024;

/** Levels of nesting in a JSON body: no event has more than six; recursion over more could exhaust the stack. */
export const maxJsonDepth = 128;

/**
 * Members of one JSON object in a request: ten times the largest event's. An object with a million would cost seconds
 * before it is refused.
 */
export const maxMembersPerObject = 256;

/** Objects and lists in one JSON body: more than the largest body of events can have, and parsed in a fifth of a second. */
export const maxJsonParts = 600_000;

/** Input errors that one problem document names: enough to fix a body, not a copy of it. */
export const maxErrorsPerProblem = 50;

/** Events of one page of `GET /v1/events`. */
export const maxPageSize = 1_000;
export const defaultPageSize = 100;

/**
 * How long a read waits until the views contain its `minSequence`: longer than any normal lag, shorter than clients
 * wait.
 */
export const maxReadWaitMs = 5_000;

/** Rows of one page of a list: a screen takes a hundred, and a fleet of ten thousand nodes comes in ten pages. */
export const maxListRows = 1_000;

/** What one search finds: a list that a person reads at once. */
export const maxHits = 20;

/** Events whose ids are looked through for one that begins so: a segment of the read model, in some tens of milliseconds. */
export const newestIdsSearched = 65_536;

/** Rollouts whose updates one co-test may name together: far more than are tested at once, and few enough to be looked up. */
export const maxTestedRollouts = 100;

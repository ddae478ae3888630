/**
 * The catalogue of errors: a stable code each, with the HTTP status that it is answered with and a
 * title that does not change from one occurrence to the next. `src/http/server/problem.ts` is the only place
 * that turns them into HTTP.
 */
export const errorCatalogue = {
  "malformed-json": { status: 400, title: "The body is not well-formed JSON" },
  "invalid-event": { status: 400, title: "The event does not fit its type" },
  "invalid-request": { status: 400, title: "The request is not well-formed" },
  "unknown-event-type": { status: 400, title: "No such event type" },
  "unknown-zone": { status: 400, title: "No such IANA time zone" },
  "too-large": { status: 413, title: "The body or an event is too large" },
  "unsupported-media-type": { status: 415, title: "The body's media type is not taken here" },
  unauthorized: { status: 401, title: "An API key is needed" },
  "host-not-allowed": { status: 421, title: "The ledger does not go by that name" },
  "origin-not-allowed": { status: 403, title: "A page of another site may not write here" },
  "not-found": { status: 404, title: "There is nothing of that name" },
  "method-not-allowed": { status: 405, title: "That cannot be done with this address" },
  "not-acceptable": { status: 406, title: "There is no such representation" },
  "request-timeout": { status: 408, title: "The request took too long to arrive" },
  "expectation-failed": { status: 417, title: "What the request expects is not done here" },
  "headers-too-large": { status: 431, title: "The headers are too large" },
  "period-refused": { status: 422, title: "No report can be given for that period" },
  "position-past-head": { status: 422, title: "The ledger has not come to that position yet" },
  "target-not-found": {
    status: 422,
    title: "The event to be corrected does not exist or may not be corrected",
  },
  "too-many-corrections": { status: 422, title: "The event takes no more corrections" },
  "part-refused": { status: 409, title: "Another event for the same stream was refused" },
  "id-conflict": { status: 409, title: "The id is already taken by an event with other content" },
  "wrong-expected-revision": { status: 409, title: "The stream has moved on" },
  "not-a-ledger": { status: 409, title: "The file is not a ledger" },
  "unknown-format": {
    status: 409,
    title: "The ledger is in a format that this version does not know",
  },
  "foreign-schema": {
    status: 409,
    title: "The ledger's file has tables, indexes or triggers that are not a ledger's",
  },
  "foreign-leftovers": {
    status: 409,
    title: "What lies beside the ledger's file does not belong to it",
  },
  "ledger-not-opened": { status: 409, title: "The ledger cannot be opened where it is" },
  "ledger-locked": { status: 409, title: "Another process is writing to this ledger" },
  "ledger-not-empty": { status: 409, title: "The ledger is not empty" },
  "recorded-at-refused": { status: 422, title: "The recorded time cannot be kept" },
  "too-many-requests": { status: 429, title: "Too many requests" },
  "not-sealed": { status: 409, title: "The event is under no seal yet" },
  "no-signing-key": { status: 409, title: "The ledger has no key to sign with" },
  "report-differs": { status: 500, title: "An issued report comes out otherwise than issued" },
  "corrupt-event": { status: 500, title: "A stored event cannot be read" },
  "figure-too-large": { status: 422, title: "A figure is beyond what can be computed exactly" },
  "clock-jumped": { status: 503, title: "The server's clock has jumped ahead" },
  internal: { status: 500, title: "Something went wrong in the ledger" },
  "client-gone": { status: 499, title: "The client went away before it was answered" },
  starting: { status: 503, title: "The ledger is starting" },
  overloaded: { status: 503, title: "The ledger has too much to do at the moment" },
  "not-ready": { status: 503, title: "The ledger is not ready yet" },
  "store-unavailable": { status: 503, title: "The event store takes nothing in now" },
  "ledger-file-moved": {
    status: 503,
    title: "The ledger's file was deleted, replaced or written over while it is served",
  },
  "store-put-back": { status: 503, title: "The event store was put back to an older state" },
  "read-only": { status: 409, title: "The ledger is open for reading only" },
} as const;

export type ErrorCode = keyof typeof errorCatalogue;

/** One place in the input that is wrong. `path` is a JSON pointer, such as `/data/node`. */
export interface InputError {
  readonly path: string;
  readonly message: string;
}

/** Members that a problem document may have beside those of every one. Each has one meaning, whatever the error. */
export interface ErrorExtra {
  /** The ledger position that the error is about. */
  readonly sequence?: number;
  /** Where the ledger stands. */
  readonly head?: number;
  readonly stream?: string;
  readonly revision?: string | number;
  /** An event's position in a store that lives elsewhere. */
  readonly position?: string;
  /** The event's id. */
  readonly id?: string;
  /** The name that the request was sent to. */
  readonly host?: string;
  /** The site whose page sent it. */
  readonly origin?: string;
  /** The methods that the address takes. */
  readonly allow?: string;
  /** What bodies may be encoded with. */
  readonly acceptEncoding?: string;
  /** The report's id, the hash that it was issued with, and the one that it has now. */
  readonly report?: string;
  readonly issued?: string;
  readonly computed?: string;
  /** What the clock read. */
  readonly clock?: string;
  /** What it should have read; of a stream, the revision that was expected, and the one that it has. */
  readonly expected?: string | number;
  readonly actual?: string | number;
  /** The format of a file, and the newest one that is known. */
  readonly found?: number;
  readonly known?: number;
}

/** An error of the catalogue. `detail` says what is wrong this time; `errors` name the places. */
export class LedgerError extends Error {
  readonly code: ErrorCode;
  readonly errors: readonly InputError[];
  /** Further members for the problem document, such as `stream` or `sequence`. */
  readonly extra: ErrorExtra;

  constructor(
    code: ErrorCode,
    detail: string,
    more: {
      errors?: readonly InputError[];
      extra?: ErrorExtra;
      cause?: unknown;
    } = {},
  ) {
    super(detail, more.cause === undefined ? undefined : { cause: more.cause });
    this.name = "LedgerError";
    this.code = code;
    this.errors = more.errors ?? [];
    this.extra = more.extra ?? {};
  }
}

/** The store, or the way to it, was waited for as long as patience lasts: who waits behind would wait in vain. */
export class Unanswered extends LedgerError {
  constructor(detail: string, cause?: unknown) {
    super("store-unavailable", detail, { cause });
  }
}

export function isLedgerError(error: unknown, code?: ErrorCode): error is LedgerError {
  return error instanceof LedgerError && (code === undefined || error.code === code);
}

/**
 * The catalogue of errors: each has a stable code, an HTTP status, and a title that never changes.
 * `src/http/server/problem.ts` is the only code that turns errors into HTTP.
 */
export const errorCatalogue = {
  "malformed-json": { status: 400, title: "Malformed JSON" },
  "invalid-event": { status: 400, title: "Invalid event" },
  "invalid-request": { status: 400, title: "Invalid request" },
  "unknown-event-type": { status: 400, title: "Unknown event type" },
  "unknown-zone": { status: 400, title: "Unknown time zone" },
  "too-large": { status: 413, title: "Request body or event too large" },
  "unsupported-media-type": { status: 415, title: "Unsupported media type" },
  unauthorized: { status: 401, title: "API key missing or wrong" },
  "host-not-allowed": { status: 421, title: "Host not allowed" },
  "origin-not-allowed": { status: 403, title: "Origin not allowed" },
  "not-found": { status: 404, title: "Not found" },
  "method-not-allowed": { status: 405, title: "Method not allowed" },
  "not-acceptable": { status: 406, title: "Not acceptable" },
  "request-timeout": { status: 408, title: "Request timeout" },
  "expectation-failed": { status: 417, title: "Expectation failed" },
  "headers-too-large": { status: 431, title: "Request headers too large" },
  "period-refused": { status: 422, title: "No report for this period" },
  "actor-refused": { status: 403, title: "The actor is not the key's" },
  "key-refused": { status: 409, title: "The key is refused" },
  "role-needed": { status: 403, title: "A role is needed for this" },
  "nfz-in-force": { status: 409, title: "A no-fly zone is in force" },
  "needs-co-test": { status: 409, title: "A co-test is needed first" },
  "transition-refused": { status: 409, title: "Not possible in the present state" },
  "rollout-exists": { status: 409, title: "The rollout exists already" },
  "nfz-exists": { status: 409, title: "The no-fly zone exists already" },
  "occurrence-over": { status: 409, title: "The occurrence is over" },
  "nfz-over": { status: 409, title: "The no-fly zone is over" },
  "window-refused": { status: 422, title: "The times of the no-fly zone are refused" },
  "rollout-refused": { status: 422, title: "The rollout is refused" },
  "override-refused": { status: 422, title: "The override is refused" },
  "position-past-head": { status: 422, title: "Position past the end of the ledger" },
  "payload-refused": { status: 422, title: "Something of the payload is refused" },
  "target-not-found": {
    status: 422,
    title: "The event to correct does not exist or cannot be corrected",
  },
  "too-many-corrections": { status: 422, title: "Too many corrections of one event" },
  "part-refused": { status: 409, title: "Another event for the same stream was refused" },
  "id-conflict": { status: 409, title: "Id already used by an event with different content" },
  "wrong-expected-revision": { status: 409, title: "Unexpected stream revision" },
  "not-a-ledger": { status: 409, title: "Not a ledger" },
  "unknown-format": {
    status: 409,
    title: "Unknown ledger file format",
  },
  "foreign-schema": {
    status: 409,
    title: "Unexpected tables, indexes or triggers in the ledger file",
  },
  "foreign-leftovers": {
    status: 409,
    title: "Files beside the ledger file do not belong to it",
  },
  "ledger-not-opened": { status: 409, title: "The ledger cannot be opened" },
  "ledger-locked": { status: 409, title: "Ledger locked by another process" },
  "ledger-not-empty": { status: 409, title: "Ledger not empty" },
  "recorded-at-refused": { status: 422, title: "Recorded time refused" },
  "too-many-requests": { status: 429, title: "Too many requests" },
  "not-sealed": { status: 409, title: "Event not sealed yet" },
  "no-signing-key": { status: 409, title: "No signing key" },
  "report-differs": { status: 500, title: "An issued report cannot be reproduced" },
  "corrupt-event": { status: 500, title: "Corrupt event in the store" },
  "figure-too-large": { status: 422, title: "Figure too large to compute exactly" },
  "clock-jumped": { status: 503, title: "Server clock jumped ahead" },
  internal: { status: 500, title: "Internal error" },
  "client-gone": { status: 499, title: "Client closed the connection" },
  starting: { status: 503, title: "Ledger starting" },
  overloaded: { status: 503, title: "Ledger overloaded" },
  "not-ready": { status: 503, title: "Ledger not ready" },
  rebuilding: { status: 503, title: "Derived data being rebuilt" },
  "store-unavailable": { status: 503, title: "Event store unavailable" },
  "ledger-file-moved": {
    status: 503,
    title: "Ledger file deleted, replaced or overwritten while in use",
  },
  "store-put-back": { status: 503, title: "Event store restored to an older state" },
  "read-only": { status: 409, title: "Ledger is read-only" },
} as const;

export type ErrorCode = keyof typeof errorCatalogue;

/** One invalid value in the input. `path` is a JSON pointer, such as `/data/node`. */
export interface InputError {
  readonly path: string;
  readonly message: string;
}

/** Members that only some problem documents have. Each has one meaning, whatever the error. */
export interface ErrorExtra {
  /** The ledger position that the error is about. */
  readonly sequence?: number;
  /** The sequence of the ledger's last event. */
  readonly head?: number;
  readonly stream?: string;
  readonly revision?: string | number;
  /** An event's position in an external store. */
  readonly position?: string;
  /** The event's id. */
  readonly id?: string;
  /** The host name that the request was sent to. */
  readonly host?: string;
  /** The site whose page sent the request. */
  readonly origin?: string;
  /** The methods that the address allows. */
  readonly allow?: string;
  /** The content encodings that bodies may have. */
  readonly acceptEncoding?: string;
  /** The report's id, the hash that it was issued with, and the one that it has now. */
  readonly report?: string;
  readonly issued?: string;
  readonly computed?: string;
  /** The clock's reading. */
  readonly clock?: string;
  /** What the clock should have read; for a stream, the expected revision. */
  readonly expected?: string | number;
  readonly actual?: string | number;
  /** Why it was refused, in a word. */
  readonly because?: string;
  /** How much of the ledger is loaded, from 0 to 1. */
  readonly progress?: number;
  /** In how many seconds to try again. */
  readonly retryAfterSeconds?: number;
  /** Roles of which any would do. */
  readonly roles?: readonly string[];
  /** The command that was asked, of what, and the state that it is in. */
  readonly command?: string;
  readonly rollout?: string;
  readonly nfz?: string;
  readonly cluster?: string;
  readonly state?: string;
  /** No-fly zones in force, and the first instant at which none of those that match is; `null` if nobody has said so. */
  readonly nfzs?: readonly object[];
  readonly nextStart?: string | null;
  /** Rollouts with which it was not tested. */
  readonly pairs?: readonly object[];
  /** Whether it was recorded now or before, the instant of the decision, the position, and the events. */
  readonly outcome?: string;
  readonly at?: string;
  readonly asOf?: object;
  readonly event?: object | null;
  readonly further?: readonly object[];
  /** The clusters that a command was carried out in, and those in which it does not apply. */
  readonly clusters?: readonly object[];
  readonly leftOut?: readonly string[];
  /** A maintenance, and what became of it on each node. */
  readonly maintenance?: string;
  readonly results?: readonly object[];
  /** The format of a file, and the newest one that is known. */
  readonly found?: number;
  readonly known?: number;
}

/** An error of the catalogue. `detail` says what is wrong this time; `errors` name the invalid values. */
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

/** The store did not answer within the time that requests wait: whoever waits behind would wait in vain. */
export class Unanswered extends LedgerError {
  constructor(detail: string, cause?: unknown) {
    super("store-unavailable", detail, { cause });
  }
}

export function isLedgerError(error: unknown, code?: ErrorCode): error is LedgerError {
  return error instanceof LedgerError && (code === undefined || error.code === code);
}

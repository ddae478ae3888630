/** The only code that turns errors into HTTP: RFC 9457 problem documents from the catalogue of errors. */
import { pointerPart } from "../../json/pointer.ts";
import type { FastifyError } from "fastify";
import { FigureTooLarge } from "../../../projections/arithmetic/ratio.ts";
import type { RefusalCode } from "../../../projections/time/refused-request.ts";
import { RefusedRequest } from "../../../projections/time/refused-request.ts";
import type { ErrorCode, ErrorExtra, InputError } from "../../errors.ts";
import { LedgerError, errorCatalogue, isLedgerError } from "../../errors.ts";
import { maxErrorsPerProblem } from "../../limits/requests.ts";

const problemMediaType = "application/problem+json; charset=utf-8";

/** Value of Retry-After, in seconds. */
export const retryAfterSeconds = 1;

/** An RFC 9457 problem document. `instance` names the request, as the log does. */
interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly instance: string;
  readonly code: ErrorCode;
  /** The invalid values of the input; `path` is a JSON pointer (`/query/…`, `/path/…` and `/header/…` outside the body). */
  readonly errors: readonly InputError[];
  readonly [more: string]: unknown;
}

/** Fastify's codes that have an entry of the same meaning in the catalogue. */
const fastifyCodes: Readonly<Record<string, ErrorCode>> = {
  FST_ERR_VALIDATION: "invalid-request",
  FST_ERR_CTP_BODY_TOO_LARGE: "too-large",
  FST_ERR_CTP_INVALID_MEDIA_TYPE: "unsupported-media-type",
  FST_ERR_CTP_INVALID_TYPE: "unsupported-media-type",
  FST_ERR_CTP_EMPTY_TYPE: "unsupported-media-type",
  FST_ERR_CTP_EMPTY_JSON_BODY: "malformed-json",
  FST_ERR_CTP_INVALID_JSON_BODY: "malformed-json",
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: "invalid-request",
  FST_ERR_BAD_URL: "invalid-request",
  FST_ERR_ASYNC_CONSTRAINT: "invalid-request",
  FST_ERR_NOT_FOUND: "not-found",
};

/** HTTP error codes for the refusals of the figures. */
const refusalCodes: Readonly<Record<RefusalCode, ErrorCode>> = {
  "malformed-period": "invalid-request",
  "malformed-window": "invalid-request",
  "period-not-begun": "period-refused",
  "period-skipped": "period-refused",
  "unknown-zone": "unknown-zone",
  "unknown-cluster": "not-found",
};

const codeOfStatus: Readonly<Record<number, ErrorCode>> = {
  401: "unauthorized",
  404: "not-found",
  405: "method-not-allowed",
  406: "not-acceptable",
  408: "request-timeout",
  413: "too-large",
  415: "unsupported-media-type",
  429: "too-many-requests",
  431: "headers-too-large",
  503: "overloaded",
};

const pointerOfPart: Readonly<Record<string, string>> = {
  querystring: "/query",
  params: "/path",
  headers: "/header",
  body: "",
};

/**
 * Any error as a `LedgerError` of the catalogue. An unforeseen error becomes `internal`, and the answer says nothing
 * about its cause. `asked` is a JSON pointer to the part of the request with `period`, `zone` and the like.
 */
export function ledgerErrorOf(error: unknown, asked = "/query"): LedgerError {
  if (isLedgerError(error)) return error;
  if (!(error instanceof Error)) return internal(error);
  if (error instanceof FigureTooLarge) {
    return new LedgerError("figure-too-large", error.message, { cause: error });
  }
  if (error instanceof RefusedRequest) {
    const errors = [{ path: `${asked}/${error.parameter}`, message: error.message }];
    return new LedgerError(refusalCodes[error.code], error.message, { errors, cause: error });
  }
  const { code, statusCode, validation, validationContext } = error as Partial<FastifyError>;
  if (Array.isArray(validation)) {
    const pointer = pointerOfPart[validationContext ?? "body"] ?? "";
    const errors = validation.flatMap((each) => errorsOf(pointer, each));
    const detail = errors.map(({ path, message }) => `${path}: ${message}`).join("; ");
    return new LedgerError("invalid-request", detail, { errors, cause: error });
  }
  const known = code === undefined ? undefined : fastifyCodes[code];
  if (known === "unsupported-media-type") {
    return unsupportedMediaType(error);
  }
  if (known !== undefined) return new LedgerError(known, error.message, { cause: error });
  if (statusCode === undefined || (statusCode >= 500 && statusCode !== 503)) return internal(error);
  const byStatus = codeOfStatus[statusCode] ?? "invalid-request";
  return new LedgerError(byStatus, error.message, { cause: error });
}

/** That an address takes no body of that Content-Type. */
export function unsupportedMediaType(cause?: unknown): LedgerError {
  const detail =
    "The Content-Type is missing or not taken here. Addresses take application/json, /v1/events also application/x-ndjson (one event per line), a source what its kind sends.";
  const errors = [{ path: "/header/content-type", message: "is not supported here" }];
  return new LedgerError("unsupported-media-type", detail, { errors, cause });
}

function internal(cause: unknown): LedgerError {
  return new LedgerError(
    "internal",
    "The request failed. The log gives the reason under this request id.",
    { cause },
  );
}

interface ValidationItem {
  /** Zod's code for the issue. */
  readonly keyword?: string;
  readonly instancePath?: string;
  readonly message?: string;
  readonly params?: Record<string, unknown>;
}

/** For an unknown key, the pointer names the key itself and not only the object that contains it. */
function errorsOf(pointer: string, item: ValidationItem): InputError[] {
  const at = `${pointer}${item.instancePath === "/" ? "" : (item.instancePath ?? "")}`;
  const keys = item.params?.["keys"];
  if (Array.isArray(keys)) {
    return keys.map((key) => ({
      path: `${at}/${pointerPart(String(key))}`,
      message: "is unknown",
    }));
  }
  return [{ path: at === "" ? "/" : at, message: wordsOf(item) }];
}

/** The schema's own message if it has one, otherwise zod's, worded to follow the member's name. */
function wordsOf({ keyword, message = "is not valid", params = {} }: ValidationItem): string {
  const { expected, format, origin, minimum, maximum, values } = params;
  if (keyword === "invalid_type") {
    // An issue does not carry its input; only zod's message says what it received.
    const isMissing = / received (undefined|null)$/.test(message);
    return isMissing ? "is missing" : `must be of type ${String(expected)}`;
  }
  if (keyword === "invalid_format" && format === "guid") return "must be a UUID";
  if (keyword === "invalid_value" && Array.isArray(values)) {
    return `must be one of ${values.map(String).join(", ")}`;
  }
  if (origin === "string" && keyword === "too_small") {
    return minimum === 1 ? "must not be empty" : `must have at least ${String(minimum)} characters`;
  }
  if (origin === "array" && keyword === "too_small") {
    return `must have at least ${String(minimum)} ${minimum === 1 ? "item" : "items"}`;
  }
  if (origin === "array" && keyword === "too_big") {
    return `must have at most ${String(maximum)} items`;
  }
  if (origin === "string" && keyword === "too_big") {
    return `must have at most ${String(maximum)} characters`;
  }
  return message;
}

export function problemOf(error: LedgerError, requestId: string): Problem {
  const { status, title } = errorCatalogue[error.code];
  const shown = error.errors.slice(0, maxErrorsPerProblem);
  return {
    type: `/problems/${error.code}`,
    title,
    status,
    detail: error.message.slice(0, 2_000).toWellFormed(),
    instance: `urn:request:${requestId}`,
    code: error.code,
    errors: shown,
    ...(error.errors.length > shown.length
      ? { furtherErrors: error.errors.length - shown.length }
      : {}),
    ...error.extra,
  };
}

const daySeconds = 86_400;

/** Whole seconds until a refused start may be tried again: at least one, at most a day; a day if that is unknown. */
function secondsToStart({ at, nextStart }: ErrorExtra): number {
  if (at === undefined || typeof nextStart !== "string") return daySeconds;
  const seconds = Math.ceil((Date.parse(nextStart) - Date.parse(at)) / 1_000);
  return Math.min(Math.max(seconds, 1), daySeconds);
}

/** Headers that an error needs besides its document; a list becomes one header line per element. */
export function problemHeaders(error: LedgerError): Record<string, string | string[]> {
  const { status } = errorCatalogue[error.code];
  const headers: Record<string, string | string[]> = {
    "content-type": problemMediaType,
    "cache-control": "no-store",
  };
  if (error.code === "nfz-in-force") headers["retry-after"] = String(secondsToStart(error.extra));
  const { retryAfterSeconds: after = retryAfterSeconds } = error.extra;
  if (status === 503 || status === 429) headers["retry-after"] = String(after);
  if (status === 401) {
    // One line each: browsers read only the first challenge of a line, and know only Basic.
    headers["www-authenticate"] = ['Basic realm="fleetledger"', 'Bearer realm="fleetledger"'];
  }
  const { allow, acceptEncoding } = error.extra;
  // RFC 9110, 12.5.3: name the accepted encodings when a body has another one.
  if (status === 415 && typeof acceptEncoding === "string") {
    headers["accept-encoding"] = acceptEncoding;
  }
  if (status === 405) headers["allow"] = typeof allow === "string" ? allow : "GET";
  return headers;
}

/**
 * From what a sender says to a checked event: the envelope, then the type's own schema. Facts are
 * refused for their form only, never for what the ledger thinks is the state. Every refusal names the
 * place by JSON pointer.
 */
import type { z } from "zod";
import { LedgerError } from "../errors.ts";
import type { ErrorCode, InputError } from "../errors.ts";
import { maxEventBytes, maxErrorsPerProblem, maxFutureSkewMs } from "../limits.ts";
import { formatInstant, parseInstant } from "../time/instant.ts";
import { canonicalJson } from "./canonical.ts";
import type { EventType } from "./catalogue.ts";
import { catalogue, definitionOf, eventTypes, isEventType, isOwnType } from "./catalogue.ts";
import { compileSchema } from "./compiled-schema.ts";
import { contradictionsIn } from "./contradictions.ts";
import type { Standing } from "./contradictions.ts";
import type { CheckedEvent, SubmittedEnvelope } from "./envelope.ts";
import { submittedEnvelope } from "./envelope.ts";
import { inputErrors } from "./input-errors.ts";
import { findJsonFault } from "./json-value.ts";
import { nearName } from "./near-name.ts";
import { normaliseData } from "./normalise.ts";
import { olderSchemas } from "./older-schemas.ts";

export interface CheckOptions {
  /** The ledger's clock: `occurredAt` may not lie farther ahead of it than the limit. */
  readonly nowMs: number;
  /** An event that is stored already: one that contradicts itself may have been taken in before that was refused. */
  readonly isStored?: boolean;
}

type Json = Record<string, unknown>;

/** An event from a sender, checked; or why it is refused. Never throws for bad input. */
export function checkEvent(input: unknown, options: CheckOptions): CheckedEvent | LedgerError {
  return check(input, options, false);
}

/** The ledger's own door: only events that no sender may write. */
export function checkOwnEvent(input: unknown, options: CheckOptions): CheckedEvent | LedgerError {
  return check(input, options, true);
}

/** Valid data in canonical form (instants in UTC to the millisecond, ids of events in lower case), or why it is refused; `under` is where it stands. */
export function checkData(
  type: EventType,
  version: number,
  data: unknown,
  under: string,
): Json | LedgerError {
  const schema = schemaOf(type, version);
  if (schema === null) return unknownVersion(type, version);
  if (!compiledFor(type, version, schema)(data)) {
    const parsed = schema.safeParse(data, { reportInput: true });
    if (!parsed.success) {
      return refusal(
        "invalid-event",
        `not a valid ${type}`,
        inputErrors(parsed.error.issues, under),
      );
    }
  }
  const normal = normaliseData(type, data as Json);
  return definitionOf(type).entity === "correction"
    ? { ...normal, eventId: String(normal["eventId"]).toLowerCase() }
    : normal;
}

const eventItself: Standing = { data: "/data", occurredAt: "/occurredAt" };

/** Why valid data of a type contradict themselves, or the instant at which the event occurred; `null` if they do not. Only what comes in is asked. */
export function contradictionOf(
  type: EventType,
  data: object,
  at: Standing,
  occurredAt: number,
): LedgerError | null {
  // A member of another event, which a correction leaves as it is, has no pointer here.
  const errors = contradictionsIn(type, data, at, occurredAt).filter(({ path }) =>
    path.startsWith("/"),
  );
  if (errors.length === 0) return null;
  const said = errors.slice(0, maxErrorsPerProblem);
  return refusal("invalid-event", `the ${type} contradicts itself`, said);
}

/** The event with other data, in canonical form; `too-large` if that is beyond the limit. */
export function withData(
  event: Omit<CheckedEvent, "data" | "dataJson">,
  stated: Json,
): CheckedEvent | LedgerError {
  const { id, type, schemaVersion, occurredAt, attributionJson, attribution } = event;
  const data = inOrder(stated) as Json;
  const dataJson = canonicalJson(data);
  // No character has more than three bytes a unit: short text need not be measured.
  if ((dataJson.length + attributionJson.length) * 3 > maxEventBytes) {
    const sizeBytes = Buffer.byteLength(dataJson) + Buffer.byteLength(attributionJson);
    const message = `has ${sizeBytes} bytes in canonical form; the limit is ${maxEventBytes}`;
    if (sizeBytes > maxEventBytes) return fault("too-large", "/data", message);
  }
  const checked = { id, type, schemaVersion, occurredAt, data, dataJson, attributionJson };
  return attribution === undefined ? checked : { ...checked, attribution };
}

/** The value as its canonical text is parsed, in objects of its own: members in canonical order, which makes the text quick to write. */
function inOrder(value: unknown): unknown {
  // JSON has one zero.
  if (value === 0) return 0;
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(inOrder);
  const ordered: Json = {};
  const fields = value as Json;
  for (const key of inCanonicalOrder(Object.keys(fields))) ordered[key] = inOrder(fields[key]);
  return ordered;
}

/** Sorts in place: insertion is the quickest way for the few members of an event. */
function inCanonicalOrder(keys: string[]): string[] {
  if (keys.length > 16) return keys.sort();
  for (let i = 1; i < keys.length; i++) {
    const key = keys[i] ?? "";
    let at = i;
    for (let before = keys[at - 1]; at > 0 && before !== undefined && before > key;) {
      keys[at--] = before;
      before = keys[at - 1];
    }
    keys[at] = key;
  }
  return keys;
}

/** Why an instant is too far ahead of the ledger's clock; `null` if it is not. */
export function futureFault(ms: number, nowMs: number, path: string): LedgerError | null {
  if (ms <= nowMs + maxFutureSkewMs) return null;
  const message = `lies more than ${maxFutureSkewMs / 60_000} minutes ahead of the ledger's clock (${formatInstant(nowMs)})`;
  return fault("invalid-event", path, message);
}

const nilUuid = "00000000-0000-0000-0000-000000000000";
const envelopeFits = compileSchema(submittedEnvelope);

function check(
  input: unknown,
  { nowMs, isStored = false }: CheckOptions,
  own: boolean,
): CheckedEvent | LedgerError {
  const hazard = findJsonFault(input);
  if (hazard !== null)
    return refusal("invalid-event", "not a value that an event may hold", [hazard]);
  if (!envelopeFits(input)) {
    const parsed = submittedEnvelope.safeParse(input, { reportInput: true });
    if (!parsed.success) {
      const errors = inputErrors(parsed.error.issues, "");
      return refusal("invalid-event", "not a valid event", errors);
    }
  }
  const envelope = input as SubmittedEnvelope;
  const { type } = envelope;
  if (envelope.id === nilUuid)
    return fault(
      "invalid-event",
      "/id",
      `must not be ${nilUuid}, the nil UUID, which names nothing: make a new UUID for each event`,
    );
  if (!isEventType(type)) return unknownType(type);
  if (isOwnType(type) !== own) {
    const message = own
      ? "is not one of the ledger's own types"
      : "is written by the ledger itself only";
    return fault("invalid-event", "/type", message);
  }
  const occurredAt = parseInstant(envelope.occurredAt);
  if (occurredAt === null)
    return fault("invalid-event", "/occurredAt", "must be an RFC 3339 instant");
  const late = futureFault(occurredAt, nowMs, "/occurredAt") ?? missingNeed(type, envelope);
  if (late !== null) return late;
  const schemaVersion = envelope.schemaVersion ?? definitionOf(type).version;
  const data = checkData(type, schemaVersion, envelope.data, "/data");
  if (data instanceof LedgerError) return data;
  const contradicted = isStored ? null : contradictionOf(type, data, eventItself, occurredAt);
  if (contradicted !== null) return contradicted;
  const attribution = attributionOf(envelope);
  // Well-formed text in canonical order: the engine's own writer is right.
  const attributionJson = JSON.stringify(attribution);
  const id = envelope.id.toLowerCase();
  return withData({ id, type, schemaVersion, occurredAt, attributionJson, attribution }, data);
}

/** In the order of canonical JSON. */
const attributionFields = [
  "actor",
  "causationId",
  "correlationId",
  "reason",
  "source",
  "ticket",
] as const;

function attributionOf(envelope: SubmittedEnvelope): Json {
  const attribution: Json = {};
  for (const key of attributionFields) {
    if (envelope[key] !== undefined) attribution[key] = envelope[key];
  }
  return attribution;
}

/** Blanks, joiners and what else has no shape say nothing. */
const hasSomethingToRead = /[\p{L}\p{N}\p{P}\p{S}]/u;

function missingNeed(type: EventType, envelope: SubmittedEnvelope): LedgerError | null {
  const { needs } = definitionOf(type);
  if (needs === undefined) return null;
  const missing = needs.filter((need) => !hasSomethingToRead.test(envelope[need] ?? ""));
  if (missing.length === 0) return null;
  const errors = missing.map((need) => ({ path: `/${need}`, message: `is needed for ${type}` }));
  return refusal("invalid-event", `${type} needs ${missing.join(" and ")}`, errors);
}

function unknownType(type: string): LedgerError {
  const near = nearName(
    type,
    eventTypes.filter((each) => !isOwnType(each)),
  );
  const hint = near === null ? "" : `; did you mean ${near}?`;
  return fault("unknown-event-type", "/type", `"${type}" is no event type${hint}`);
}

function unknownVersion(type: EventType, version: number): LedgerError {
  const newest = definitionOf(type).version;
  return fault(
    "invalid-event",
    "/schemaVersion",
    `${type} has no version ${version}; the newest is ${newest}`,
  );
}

const compiled = new Map<string, (value: unknown) => boolean>();

function compiledFor(
  type: EventType,
  version: number,
  schema: z.ZodType,
): (value: unknown) => boolean {
  const key = version === definitionOf(type).version ? type : `${type} ${version}`;
  let fits = compiled.get(key);
  if (fits === undefined) {
    fits = compileSchema(schema);
    compiled.set(key, fits);
  }
  return fits;
}

function schemaOf(type: EventType, version: number): z.ZodType | null {
  if (version === definitionOf(type).version) return catalogue[type].data;
  return olderSchemas[type]?.[version] ?? null;
}

function fault(code: ErrorCode, path: string, message: string): LedgerError {
  return refusal(code, message, [{ path, message }]);
}

function refusal(code: ErrorCode, what: string, errors: readonly InputError[]): LedgerError {
  const [first] = errors;
  const detail =
    first === undefined || first.message === what
      ? `${first?.path ?? ""} ${what}`
      : `${what}: ${first.path || "the event"} ${first.message}`;
  return new LedgerError(code, detail.trim(), { errors });
}

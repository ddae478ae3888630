/**
 * Checks an event from a sender: the envelope, then the type's own schema. A fact is refused for its form only, never
 * for what the ledger takes to be the state. Every refusal names the JSON pointer.
 */
import { LedgerError } from "../../errors.ts";
import type { ErrorCode, InputError } from "../../errors.ts";
import { maxEventBytes, maxFutureSkewMs } from "../../limits/events.ts";
import { maxErrorsPerProblem } from "../../limits/requests.ts";
import { formatInstant, parseInstant } from "../../../projections/time/instant.ts";
import { canonicalJson } from "../canonical/canonical.ts";
import type { EventType } from "../catalogue.ts";
import { catalogue, definitionOf, eventTypes, isEventType, isSystemEvent } from "../catalogue.ts";
import { inCanonicalOrder } from "../canonical/member-order.ts";
import { compileSchema } from "./compiled-schema.ts";
import { contradictionsIn, contradictionsWithTime } from "./contradictions.ts";
import type { Pointers } from "./contradictions.ts";
import type { CheckedEvent, OwnEnvelope } from "../envelope.ts";
import { ownEnvelope } from "../envelope.ts";
import { type Door, wrongDoor } from "./door.ts";
import { inputErrors } from "./input-errors.ts";
import { findJsonError } from "../fields/json-value.ts";
import { nearName } from "../fields/near-name.ts";
import { normaliseData } from "./normalise.ts";

interface CheckOptions {
  /** The ledger's clock: `occurredAt` must not be further ahead of it than the limit. */
  readonly nowMs: number;
  /** For an event that is stored already: it may contradict itself, since an older version did not refuse that. */
  readonly isStored?: boolean;
  /** By which door it comes. Default: a sender's. */
  readonly door?: Door;
}

type Json = Record<string, unknown>;

/** An event whose form can be read. */
interface Incoming {
  readonly event: CheckedEvent;
  /**
   * Why the event is refused, unless it is stored already: older versions did not check this. `null` if nothing is
   * wrong.
   */
  readonly objection: LedgerError | null;
}

/** Checks an event from a sender; returns the checked event, or why it is refused. Never throws for bad input. */
export function checkEvent(input: unknown, options: CheckOptions): CheckedEvent | LedgerError {
  return acceptable(checkIncoming(input, options));
}

function acceptable(incoming: Incoming | LedgerError): CheckedEvent | LedgerError {
  return incoming instanceof LedgerError ? incoming : (incoming.objection ?? incoming.event);
}

/**
 * Valid data in canonical form (instants in UTC to the millisecond, ids of events in lower case), or why they are
 * refused; `under` is the pointer to them.
 */
export function checkData(
  type: EventType,
  version: number,
  data: unknown,
  under: string,
): Json | LedgerError {
  // Only the newest version: no older one was ever written.
  if (version !== definitionOf(type).version) return unknownVersion(type, version);
  if (!compiledFor(type)(data)) {
    const parsed = catalogue[type].data.safeParse(data, { reportInput: true });
    if (!parsed.success) {
      return refusal("invalid-event", `invalid ${type}`, inputErrors(parsed.error.issues, under));
    }
  }
  return normaliseData(type, data as Json);
}

const eventItself = { data: "/data", occurredAt: "/occurredAt" };

/** Why valid data of a type, at `path`, contradict themselves; `null` if they do not. Only new events are checked. */
export function contradictionOf(type: EventType, data: object, path: string): LedgerError | null {
  return contradicted(type, contradictionsIn(type, data, path));
}

/** As `contradictionOf`, for data and the instant at which the event occurred. */
export function contradictionWithTime(
  type: EventType,
  data: object,
  at: Pointers,
  occurredAt: number,
): LedgerError | null {
  return contradicted(type, contradictionsWithTime(type, data, at, occurredAt));
}

function contradicted(type: EventType, errors: readonly InputError[]): LedgerError | null {
  if (errors.length === 0) return null;
  // A single member that can never be right is not a contradiction.
  const what = errors.length === 1 ? `the ${type} is impossible` : `the ${type} contradicts itself`;
  return refusal("invalid-event", what, errors.slice(0, maxErrorsPerProblem));
}

function objectionTo(type: EventType, data: object, occurredAt: number): LedgerError | null {
  return contradicted(type, [
    ...contradictionsIn(type, data, eventItself.data),
    ...contradictionsWithTime(type, data, eventItself, occurredAt),
  ]);
}

/** The event with other data, in canonical form; `too-large` if that is beyond the limit. */
export function withData(
  event: Omit<CheckedEvent, "data" | "dataJson">,
  stated: Json,
): CheckedEvent | LedgerError {
  const { id, type, schemaVersion, occurredAt, attributionJson, attribution } = event;
  const data = inCanonicalOrder(stated) as Json;
  const dataJson = canonicalJson(data);
  // No character has more than three bytes a unit: short text need not be measured.
  if ((dataJson.length + attributionJson.length) * 3 > maxEventBytes) {
    const sizeBytes = Buffer.byteLength(dataJson) + Buffer.byteLength(attributionJson);
    const message = `has ${sizeBytes} bytes in canonical form; the limit is ${maxEventBytes}`;
    if (sizeBytes > maxEventBytes) return refusalAt("too-large", "/data", message);
  }
  const checked = { id, type, schemaVersion, occurredAt, data, dataJson, attributionJson };
  return attribution === undefined ? checked : { ...checked, attribution };
}

/** Why an instant is too far ahead of the ledger's clock; `null` if it is not. */
export function futureError(ms: number, nowMs: number, path: string): LedgerError | null {
  if (ms <= nowMs + maxFutureSkewMs) return null;
  const message = `is more than ${maxFutureSkewMs / 60_000} minutes ahead of the ledger's clock (${formatInstant(nowMs)})`;
  return refusalAt("invalid-event", path, message);
}

const nilUuid = "00000000-0000-0000-0000-000000000000";
const envelopeFits = compileSchema(ownEnvelope);

/** As `checkEvent`, for a ledger that may contain the event already. */
export function checkIncoming(
  input: unknown,
  { nowMs, isStored = false, door = "sender" }: CheckOptions,
): Incoming | LedgerError {
  const hazard = findJsonError(input);
  if (hazard !== null) return refusal("invalid-event", "an event cannot hold this value", [hazard]);
  if (!envelopeFits(input)) {
    const parsed = ownEnvelope.safeParse(input, { reportInput: true });
    if (!parsed.success) {
      const errors = inputErrors(parsed.error.issues, "");
      return refusal("invalid-event", "invalid event", errors);
    }
  }
  const envelope = input as OwnEnvelope;
  const { type } = envelope;
  if (!isEventType(type)) return unknownType(type);
  const atDoor = wrongDoor(type, envelope.decision, door);
  if (atDoor !== null) return refusalAt("invalid-event", atDoor.path, atDoor.message);
  const occurredAt = parseInstant(envelope.occurredAt);
  if (occurredAt === null)
    return refusalAt("invalid-event", "/occurredAt", "must be an RFC 3339 instant");
  const missing = missingNeed(type, envelope);
  if (missing !== null) return missing;
  const schemaVersion = envelope.schemaVersion ?? definitionOf(type).version;
  const data = checkData(type, schemaVersion, envelope.data, "/data");
  if (data instanceof LedgerError) return data;
  const attribution = attributionOf(envelope);
  // Well-formed text in canonical order: the engine's own writer is right.
  const attributionJson = JSON.stringify(attribution);
  const id = envelope.id.toLowerCase();
  const stated = { id, type, schemaVersion, occurredAt, attributionJson, attribution };
  const event = withData(stated, data);
  if (event instanceof LedgerError) return event;
  const objection = isStored
    ? null
    : (nilIdError(id) ??
      (envelope.decision === undefined ? futureError(occurredAt, nowMs, "/occurredAt") : null) ??
      objectionTo(type, data, occurredAt));
  return { event, objection };
}

/** The refusal of the nil UUID; `null` for any other id, in lower case. */
export function nilIdError(id: string): LedgerError | null {
  if (id !== nilUuid) return null;
  const message = `must not be ${nilUuid}, the nil UUID, which identifies nothing; use a new UUID for each event`;
  return refusalAt("invalid-event", "/id", message);
}

/** In the order of canonical JSON. */
const attributionFields = [
  "actor",
  "causationId",
  "correlationId",
  "decision",
  "reason",
  "source",
  "ticket",
] as const;

function attributionOf(envelope: OwnEnvelope): Json {
  const attribution: Json = {};
  for (const key of attributionFields) {
    const value = envelope[key];
    if (value !== undefined)
      attribution[key] = typeof value === "string" ? value : inCanonicalOrder(value);
  }
  return attribution;
}

/** Blanks, joiners and other invisible characters are not text. */
const hasSomethingToRead = /[\p{L}\p{N}\p{P}\p{S}]/u;

function missingNeed(type: EventType, envelope: OwnEnvelope): LedgerError | null {
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
    eventTypes.filter((each) => !isSystemEvent(each)),
  );
  const hint = near === null ? "" : ` Did you mean ${near}?`;
  const detail = `Unknown event type "${type}".${hint}`;
  const errors = [{ path: "/type", message: `must be an event type.${hint}` }];
  return new LedgerError("unknown-event-type", detail, { errors });
}

function unknownVersion(type: EventType, version: number): LedgerError {
  const newest = definitionOf(type).version;
  return refusalAt(
    "invalid-event",
    "/schemaVersion",
    `${type} has no version ${version}; the newest is ${newest}`,
  );
}

const compiled = new Map<EventType, (value: unknown) => boolean>();

function compiledFor(type: EventType): (value: unknown) => boolean {
  let fits = compiled.get(type);
  if (fits === undefined) {
    fits = compileSchema(catalogue[type].data);
    compiled.set(type, fits);
  }
  return fits;
}

function refusalAt(code: ErrorCode, path: string, message: string): LedgerError {
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

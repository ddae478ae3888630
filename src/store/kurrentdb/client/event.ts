/**
 * The ledger's events as KurrentDB stores them: id, type and data where its tools expect them, the rest of the envelope
 * in the metadata, correlation and causation under KurrentDB's own names. An event that is read back has the same
 * canonical texts as when it was written.
 */
import type { JSONEventData, RecordedEvent } from "@eventstore/db-client";
import { jsonEvent } from "@eventstore/db-client";
import { canonicalJson } from "../../../events/canonical/canonical.ts";
import type { EventType } from "../../../events/catalogue.ts";
import { definitionOf, isEventType, mayBeDecided } from "../../../events/catalogue.ts";
import { checkData } from "../../../events/check/check.ts";
import { type CheckedEvent, decisionMember } from "../../../events/envelope.ts";
import { findJsonError } from "../../../events/fields/json-value.ts";
import { isFactStream, streamOf } from "../../../events/stream.ts";
import { LedgerError } from "../../../errors.ts";
import { formatInstant, parseInstant } from "../../../../projections/time/instant.ts";

/** A ledger event that was read from the store, for the mirror. */
export interface MirroredEvent {
  readonly stream: string;
  readonly revision: bigint;
  readonly event: CheckedEvent;
  /** Milliseconds since the epoch. */
  readonly recordedAt: number;
  /** The event's record in the store. */
  readonly record: RecordedEvent;
}

/** Marks metadata as the ledger's, and names their form. Decisions have a form of their own, which older versions refuse. */
const form = 1;
const decisionForm = 2;

/** Names in KurrentDB's metadata, by names in an attribution. */
const attributionNames: Readonly<Record<string, string>> = {
  actor: "actor",
  causationId: "$causationId",
  correlationId: "$correlationId",
  decision: "decision",
  reason: "reason",
  source: "source",
  ticket: "ticket",
};
const attributionOf = new Map(
  Object.entries(attributionNames).map(([own, theirs]) => [theirs, own]),
);
const formNames = new Set(["fleetledger", "schemaVersion", "occurredAt", "recordedAt", "part"]);

type Json = Record<string, unknown>;

function formOf(said: Json): number {
  return said["decision"] === undefined ? form : decisionForm;
}

/** The index, from 1, of an event among those appended together, and their number: they are stored all or not at all. */
interface PositionInPart {
  /** From 1. */
  readonly index: number;
  readonly size: number;
}

export function toKurrentDb(
  event: CheckedEvent,
  recordedAt: number,
  { index, size }: PositionInPart,
): JSONEventData {
  const attribution = JSON.parse(event.attributionJson) as Json;
  const metadata: Json = {
    fleetledger: formOf(attribution),
    schemaVersion: event.schemaVersion,
    occurredAt: formatInstant(event.occurredAt),
    recordedAt: formatInstant(recordedAt),
  };
  if (size > 1) metadata["part"] = `${index}/${size}`;
  for (const [name, value] of Object.entries(attribution)) {
    metadata[attributionNames[name] ?? name] = value;
  }
  const data = JSON.parse(event.dataJson) as Json;
  return jsonEvent({ id: event.id, type: event.type, data, metadata });
}

/**
 * The event in a record of the ledger's streams. Throws `corrupt-event`, with the record's position, if the
 * ledger would not have written the record like this.
 */
export function fromKurrentDb(record: RecordedEvent, prefix: string): MirroredEvent {
  const refuse = (why: string): never => {
    throw foreignRecord(record, why);
  };
  const { type, data, metadata } = record;
  if (!record.streamId.startsWith(prefix))
    return refuse("is in a stream that does not belong to the ledger");
  if (!isEventType(type)) return refuse(`has the unknown type ${type}`);
  if (!record.isJson || !isObject(data)) return refuse("has data that is not a JSON object");
  if (!isObject(metadata) || metadata["fleetledger"] !== formOf(metadata)) {
    return refuse("has metadata that the ledger did not write");
  }
  if (metadata["decision"] !== undefined && !mayBeDecided(type))
    return refuse(`is a ${type} with a decision, which it never is`);
  const inputError = findJsonError(data);
  if (inputError !== null)
    return refuse(`has data that an event cannot hold: ${inputError.path} ${inputError.message}`);
  const version = metadata["schemaVersion"];
  const newest = definitionOf(type).version;
  if (!Number.isSafeInteger(version) || Number(version) < 1 || Number(version) > newest) {
    return refuse(`has schema version ${String(version)}; ${newest} is the newest`);
  }
  const dataJson = canonicalJson(data);
  const unfit = errorOf(type, Number(version), data, dataJson);
  if (unfit !== null) return refuse(unfit);
  const stream = record.streamId.slice(prefix.length);
  const wrongStream = wrongStreamOf(stream, type, data);
  if (wrongStream !== null) return refuse(wrongStream);
  return {
    stream,
    revision: record.revision,
    record,
    recordedAt: instantIn(metadata, "recordedAt") ?? refuse("has no recordedAt"),
    event: {
      id: record.id.toLowerCase(),
      type,
      schemaVersion: Number(version),
      occurredAt: instantIn(metadata, "occurredAt") ?? refuse("has no occurredAt"),
      data,
      dataJson,
      attributionJson: attributionIn(metadata) ?? refuse("has unknown metadata"),
    },
  };
}

/** Why the ledger would not have accepted and written these data; `null` if it would have. */
function errorOf(type: EventType, version: number, data: Json, dataJson: string): string | null {
  const checked = checkData(type, version, data, "/data");
  if (checked instanceof LedgerError) {
    const [inputError] = checked.errors;
    const why =
      inputError === undefined ? checked.message : `${inputError.path} ${inputError.message}`;
    return `has data that is not a valid ${type}: ${why}`;
  }
  if (checked === data || canonicalJson(checked) === dataJson) return null;
  return "has data in a form that the ledger does not write";
}

/** Why an event does not belong in its stream; `null` if it does. A correction belongs in the stream of the event that it names. */
function wrongStreamOf(stream: string, type: EventType, data: Json): string | null {
  const own = streamOf(type, data);
  if (own === null)
    return isFactStream(stream) ? null : `is a ${type} in a stream that holds no facts`;
  return own === stream ? null : `is a ${type} that belongs in the stream ${own}`;
}

/** A record's index among those appended together; an event appended alone is 1 of 1. */
export function positionInPart({ metadata }: RecordedEvent): PositionInPart {
  const text = isObject(metadata) ? metadata["part"] : undefined;
  const match = typeof text === "string" ? /^(\d+)\/(\d+)$/.exec(text) : null;
  return { index: Number(match?.[1] ?? 1), size: Number(match?.[2] ?? 1) };
}

/** `corrupt-event` that names a record by its position in the store. */
export function foreignRecord(record: RecordedEvent, why: string): LedgerError {
  const position = String(record.position?.commit ?? "unknown");
  const where = `position ${position} (revision ${record.revision} of ${record.streamId})`;
  return new LedgerError("corrupt-event", `the event at ${where} ${why}`, {
    extra: { position, stream: record.streamId, revision: String(record.revision) },
  });
}

function isObject(value: unknown): value is Json {
  return (
    typeof value === "object" &&
    value !== null &&
    !Array.isArray(value) &&
    !(value instanceof Uint8Array)
  );
}

/** Accepts only the text that the ledger writes: any other would be read back as a different event. */
function instantIn(metadata: Json, name: string): number | null {
  const text = metadata[name];
  const ms = typeof text === "string" ? parseInstant(text) : null;
  return ms !== null && formatInstant(ms) === text ? ms : null;
}

function attributionIn(metadata: Json): string | null {
  const attribution: Json = {};
  for (const [name, value] of Object.entries(metadata)) {
    if (formNames.has(name)) continue;
    const own = attributionOf.get(name);
    if (own === undefined) return null;
    const isOwn =
      own === "decision"
        ? decisionMember.safeParse(value).success
        : typeof value === "string" && value.isWellFormed();
    if (!isOwn) return null;
    attribution[own] = value;
  }
  return canonicalJson(attribution);
}

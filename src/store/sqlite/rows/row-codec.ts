/** Converts rows of the events table: to raw columns, and to events. */
import type { SQLOutputValue } from "node:sqlite";
import type { EventType } from "../../../events/catalogue.ts";
import { definitionOf, eventTypes } from "../../../events/catalogue.ts";
import {
  type Attribution,
  type CheckedEvent,
  type StoredEvent,
  decisionMember,
} from "../../../events/envelope.ts";
import { upcast } from "../../../events/check/upcast.ts";
import { LedgerError } from "../../../errors.ts";
import { maxCachedAttributions } from "../../../limits/store.ts";

/** The columns in the order in which the codec reads them. */
export const columns =
  "sequence, stream, revision, id, type, schema_version, occurred_at, recorded_at, data, attribution";

export type Row = readonly SQLOutputValue[];

/** An event as stored in its row: JSON is still text, and nothing is upcast. */
export interface RawEvent {
  readonly sequence: number;
  readonly stream: string;
  readonly revision: number;
  readonly id: string;
  readonly type: string;
  readonly schemaVersion: number;
  readonly occurredAt: number;
  readonly recordedAt: number;
  /** RFC 8785 text, at `schemaVersion`. */
  readonly dataJson: string;
  /** RFC 8785 text. */
  readonly attributionJson: string;
}

export function corrupt(sequence: number, what: string, cause?: unknown): LedgerError {
  return new LedgerError("corrupt-event", `the event at sequence ${sequence} ${what}`, {
    extra: { sequence },
    cause,
  });
}

const types = new Map<string, { readonly type: EventType; readonly version: number }>(
  eventTypes.map((type) => [type, { type, version: definitionOf(type).version }]),
);

const noAttribution: Attribution = Object.freeze({});
const attributions = new Map<string, Attribution>();

function isWholeFrom(least: number, value: unknown): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= least;
}

/** The row's columns, after a check of their kinds. Throws `corrupt-event`. */
export function rawEvent(row: Row): RawEvent {
  const [sequence, stream, revision, id, type, schemaVersion, occurredAt, recordedAt, data, attr] =
    row;
  const at = Number(sequence);
  if (
    !isWholeFrom(1, sequence) ||
    typeof stream !== "string" ||
    !isWholeFrom(0, revision) ||
    typeof id !== "string" ||
    typeof type !== "string" ||
    !isWholeFrom(1, schemaVersion) ||
    !isWholeFrom(Number.MIN_SAFE_INTEGER, occurredAt) ||
    !isWholeFrom(Number.MIN_SAFE_INTEGER, recordedAt) ||
    typeof data !== "string" ||
    typeof attr !== "string"
  ) {
    throw corrupt(at, "has a column of the wrong kind");
  }
  return {
    sequence,
    stream,
    revision,
    id,
    type,
    schemaVersion,
    occurredAt,
    recordedAt,
    dataJson: data,
    attributionJson: attr,
  };
}

function parseObject(text: string, sequence: number, field: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw corrupt(sequence, `has ${field} that is not well-formed JSON`, error);
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw corrupt(sequence, `has ${field} that is not a JSON object`);
  }
  return value as Record<string, unknown>;
}

function attributionOf(text: string, sequence: number): Attribution {
  if (text === "{}") return noAttribution;
  const known = attributions.get(text);
  if (known !== undefined) return known;
  const parsed = parseObject(text, sequence, "an attribution");
  for (const [name, value] of Object.entries(parsed)) {
    if (typeof value === "string") continue;
    if (name !== "decision")
      throw corrupt(sequence, "has an attribution with a value that is not text");
    if (!decisionMember.safeParse(value).success)
      throw corrupt(sequence, "has a decision that the ledger would not write");
  }
  const attribution: Attribution = Object.freeze(parsed);
  if (attributions.size >= maxCachedAttributions) attributions.clear();
  attributions.set(text, attribution);
  return attribution;
}

/** The event of a raw row, its data upcast to the type's newest version. Throws `corrupt-event`. */
export function storedEvent(raw: RawEvent): StoredEvent {
  const { sequence, schemaVersion } = raw;
  const known = types.get(raw.type);
  if (known === undefined) throw corrupt(sequence, `is of an unknown type, ${raw.type}`);
  if (schemaVersion > known.version) {
    throw corrupt(sequence, `has schema version ${schemaVersion}; ${known.version} is the newest`);
  }
  const data = parseObject(raw.dataJson, sequence, "data");
  return {
    id: raw.id,
    type: known.type,
    schemaVersion,
    stream: raw.stream,
    revision: BigInt(raw.revision),
    sequence,
    occurredAt: raw.occurredAt,
    recordedAt: raw.recordedAt,
    // The data were checked against the schema when the event was appended.
    data: upcastAt(known.type, schemaVersion, known.version, data, sequence) as StoredEvent["data"],
    attribution: attributionOf(raw.attributionJson, sequence),
  };
}

/** An event's position in the ledger and in its stream. */
export interface EventPosition {
  readonly stream: string;
  readonly revision: number;
  readonly sequence: number;
  /** Milliseconds since the epoch. */
  readonly recordedAt: number;
}

/** The event exactly as a read of its row would return it. */
export function appendedEvent(event: CheckedEvent, position: EventPosition): StoredEvent {
  const { id, type, schemaVersion, occurredAt } = event;
  const { stream, sequence, recordedAt } = position;
  if (schemaVersion !== types.get(type)?.version) return storedEvent({ ...event, ...position });
  return {
    id,
    type,
    schemaVersion,
    stream,
    revision: BigInt(position.revision),
    sequence,
    occurredAt,
    recordedAt,
    data: event.data as StoredEvent["data"],
    attribution: event.attribution ?? attributionOf(event.attributionJson, sequence),
  };
}

function upcastAt(
  type: EventType,
  version: number,
  newest: number,
  data: Record<string, unknown>,
  sequence: number,
): Record<string, unknown> {
  if (version === newest) return data;
  try {
    return upcast(type, version, data);
  } catch (error) {
    throw corrupt(sequence, `cannot be migrated from version ${version}`, error);
  }
}

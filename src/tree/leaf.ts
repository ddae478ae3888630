/** Parses a leaf of the tree: the canonical text of an event, and nothing else. */
import { LedgerError } from "../errors.ts";
import { isCanonical } from "../events/canonical/canonical.ts";
import { definitionOf, isEventType } from "../events/catalogue.ts";
import type { DataOf, EventType } from "../events/catalogue.ts";
import { checkData } from "../events/check/check.ts";
import { type Attribution, type StoredEvent, decisionMember } from "../events/envelope.ts";
import { upcast } from "../events/check/upcast.ts";
import { formatInstant, parseInstant } from "../../projections/time/instant.ts";

const attributionTexts = [
  "actor",
  "causationId",
  "correlationId",
  "reason",
  "source",
  "ticket",
] as const;
const ownFields = [
  "data",
  "decision",
  "id",
  "occurredAt",
  "recordedAt",
  "revision",
  "schemaVersion",
  "stream",
  "type",
];
const allFields = new Set<string>([...attributionTexts, ...ownFields]);

type Refuse = (why: string, cause?: unknown) => never;

/** The event in a leaf. Throws `corrupt-event`, naming the sequence, for text that the ledger would not have written. */
export function parseLeaf(text: string, sequence: number): StoredEvent {
  return upToDate(readLeaf(text, sequence));
}

/** As `parseLeaf`, with the data checked against the type's schema, as when the event was appended. */
export function checkedLeaf(text: string, sequence: number): StoredEvent {
  return upToDate(statedLeaf(text, sequence));
}

/** As `checkedLeaf`, with the data in the version in which they were written. */
export function statedLeaf(text: string, sequence: number): StoredEvent {
  const event = readLeaf(text, sequence);
  const error = checkData(event.type, event.schemaVersion, event.data, "/data");
  if (!(error instanceof LedgerError)) return event;
  throw new LedgerError("corrupt-event", `event ${sequence}: ${error.message}`, {
    extra: { sequence },
    cause: error,
  });
}

/** The event with its data migrated to the newest version. */
export function upToDate(stated: StoredEvent): StoredEvent {
  const data = upcast(stated.type, stated.schemaVersion, { ...stated.data });
  return { ...stated, data: data as DataOf<EventType> };
}

function readLeaf(text: string, sequence: number): StoredEvent {
  const refuse: Refuse = (why, cause) => {
    throw new LedgerError("corrupt-event", `event ${sequence}: ${why}`, {
      extra: { sequence },
      cause,
    });
  };
  const value = valueOf(text, refuse);
  const unknown = Object.keys(value).find((key) => !allFields.has(key));
  if (unknown !== undefined) return refuse(`unknown field ${unknown}`);
  const { id, type, stream, schemaVersion, revision, data } = value;
  if (typeof id !== "string" || typeof stream !== "string") return refuse("no id or no stream");
  if (typeof type !== "string" || !isEventType(type)) return refuse(`unknown type ${String(type)}`);
  if (!isCount(schemaVersion) || schemaVersion < 1 || schemaVersion > definitionOf(type).version) {
    return refuse(`no version ${String(schemaVersion)} of ${type}`);
  }
  if (!isCount(revision)) return refuse("no revision");
  if (data === null || typeof data !== "object" || Array.isArray(data)) return refuse("no data");
  return {
    id,
    type,
    schemaVersion,
    stream,
    revision: BigInt(revision),
    sequence,
    occurredAt: instantOf(value.occurredAt) ?? refuse("no instant in occurredAt"),
    recordedAt: instantOf(value.recordedAt) ?? refuse("no instant in recordedAt"),
    data: data as DataOf<EventType>,
    attribution: attributionOf(value, refuse),
  };
}

/** The members of a leaf, which is the canonical text of an object. */
function valueOf(text: string, refuse: Refuse): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return refuse("not JSON", error);
  }
  if (value === null || typeof value !== "object" || Array.isArray(value))
    return refuse("not an object");
  if (!isCanonical(value, text)) return refuse("not in canonical form");
  return value as Record<string, unknown>;
}

function isCount(value: unknown): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
}

/** Only the canonical text of an instant: another text would be another leaf. */
function instantOf(value: unknown): number | null {
  if (typeof value !== "string") return null;
  const ms = parseInstant(value);
  return ms !== null && formatInstant(ms) === value ? ms : null;
}

function attributionOf(value: Record<string, unknown>, refuse: Refuse): Attribution {
  const given = attributionTexts.filter((field) => value[field] !== undefined);
  const wrong = given.find((field) => typeof value[field] !== "string");
  if (wrong !== undefined) return refuse(`${wrong} is not text`);
  const texts = Object.fromEntries(given.map((field) => [field, value[field]]));
  if (value.decision === undefined) return texts;
  const decision = decisionMember.safeParse(value.decision);
  return decision.success
    ? { ...texts, decision: decision.data }
    : refuse("decision is none that the ledger writes");
}

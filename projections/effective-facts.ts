/**
 * Facts as they stand at a ledger position, after the corrections and retractions recorded up to there.
 * A correction names an event of lower sequence that is not the ledger's own; any other changes nothing.
 */
import type { DataOf, EventType } from "../src/events/catalogue.ts";
import type { Fact } from "./fact.ts";
import { instantMs } from "./instants.ts";

/** What is needed of a stored event of one type. Instants in milliseconds. */
export interface RawEventOf<T extends EventType> {
  readonly type: T;
  readonly id: string;
  readonly sequence: number;
  readonly occurredAt: number;
  readonly recordedAt: number;
  readonly data: DataOf<T>;
}

export type RawEvent = { [T in EventType]: RawEventOf<T> }[EventType];

/** A correction or a retraction. */
export type Touch = Extract<RawEvent, { type: "FactCorrected" | "FactRetracted" }>;

export function isTouch(event: RawEvent): event is Touch {
  return event.type === "FactCorrected" || event.type === "FactRetracted";
}

/** Events that nobody may correct. */
export function isLedgersOwn(type: EventType): boolean {
  return type === "ReportIssued" || type === "LedgerSealed" || type === "ZoneTableAdopted";
}

const untouched: readonly never[] = [];

/** How an event stands after what touched it: `data` and `occurredAt` only where they were corrected. */
interface Standing {
  retracted: boolean;
  occurredAt: number | null;
  data: unknown;
}

/**
 * The fact that `target` states at position P, or `null` if it is retracted, later than P, or is itself a
 * correction. `touching` is every correction and retraction that names it, or names one of these, at any
 * depth, by sequence; later ones than P may be among them.
 */
export function effectiveFact(
  target: RawEvent,
  touching: readonly Touch[],
  P: number,
): Fact | null {
  if (target.sequence > P || isTouch(target)) return null;
  if (touching.length === 0)
    return asFact(target, target.occurredAt, target.recordedAt, untouched, target.data);
  const seen = isLedgersOwn(target.type) ? [] : touching.filter((touch) => touch.sequence <= P);
  const last = seen.at(-1);
  if (last === undefined)
    return asFact(target, target.occurredAt, target.recordedAt, untouched, target.data);
  const standing = resolve(target, seen);
  if (standing.retracted) return null;
  const recordedAt = seen.reduce((latest, touch) => Math.max(latest, touch.recordedAt), -Infinity);
  const touchedBy = seen.map((touch) => touch.id.toLowerCase());
  return asFact(
    target,
    standing.occurredAt ?? target.occurredAt,
    recordedAt,
    touchedBy,
    standing.data ?? target.data,
  );
}

/** How an event, which may itself be a correction, stands after what touches it. */
export interface EventStanding {
  readonly retracted: boolean;
  /** As corrected, or as it was stated. */
  readonly occurredAt: number;
  readonly data: object;
}

/**
 * How the event stands after `touching`: every correction and retraction that names it, or names one of
 * these, at any depth, by sequence. The data of a correction are what it says of the event that it names.
 */
export function standingOf(target: RawEvent, touching: readonly Touch[]): EventStanding {
  const { retracted, occurredAt, data } = resolve(target, touching);
  return {
    retracted,
    occurredAt: occurredAt ?? target.occurredAt,
    data: data ?? target.data,
  };
}

/** Corrections keep the type, and their new data were validated against it when they were taken in. */
function asFact(
  target: RawEvent,
  occurredAt: number,
  recordedAt: number,
  touchedBy: readonly string[],
  data: unknown,
): Fact {
  const id = target.id.toLowerCase();
  return {
    type: target.type,
    id,
    sequence: target.sequence,
    occurredAt,
    recordedAt,
    touchedBy,
    data,
  } as Fact;
}

/** What touches an event always has a higher sequence, so from the last to the first each finds its own touches settled. */
function resolve(target: RawEvent, touching: readonly Touch[]): Standing {
  const standings = new Map<string, Standing>();
  const at = (id: string): Standing => {
    const key = id.toLowerCase();
    const known = standings.get(key);
    if (known !== undefined) return known;
    const made: Standing = { retracted: false, occurredAt: null, data: null };
    standings.set(key, made);
    return made;
  };
  for (const touch of touching.toReversed()) {
    const own = at(touch.id);
    if (own.retracted) continue;
    const named = at(touch.data.eventId);
    if (touch.type === "FactRetracted") {
      named.retracted = true;
    } else {
      const stated = (own.data ?? touch.data) as DataOf<"FactCorrected">;
      if (stated.occurredAt !== undefined) named.occurredAt ??= instantMs(stated.occurredAt);
      if (stated.data !== undefined) named.data ??= stated.data;
    }
  }
  return at(target.id);
}

/**
 * Of every event that a correction or retraction touches, by id in lower case, those that touch it at any
 * depth, by sequence. `events` are in the order of their sequence.
 */
export function touchesByTarget(events: readonly RawEvent[]): Map<string, Touch[]> {
  const touches = new Map<string, Touch[]>();
  const touchEvents = events.filter(isTouch);
  if (touchEvents.length === 0) return touches;
  const named = new Set(touchEvents.map((touch) => touch.data.eventId.toLowerCase()));
  const byId = new Map<string, RawEvent>();
  for (const event of events)
    if (named.has(event.id.toLowerCase())) byId.set(event.id.toLowerCase(), event);
  const rootOf = new Map<string, string>();
  for (const touch of touchEvents) {
    const target = byId.get(touch.data.eventId.toLowerCase());
    if (target === undefined || target.sequence >= touch.sequence || isLedgersOwn(target.type))
      continue;
    const targetId = target.id.toLowerCase();
    const root = isTouch(target) ? rootOf.get(targetId) : targetId;
    if (root === undefined) continue;
    rootOf.set(touch.id.toLowerCase(), root);
    const list = touches.get(root);
    if (list === undefined) touches.set(root, [touch]);
    else list.push(touch);
  }
  return touches;
}

/** All facts that stand at position P, by the sequence of the events that stated them; `events` are in that order too. */
export function effectiveFacts(events: readonly RawEvent[], P: number): Fact[] {
  const touched = events.some((event) => isTouch(event) && event.sequence <= P);
  const touches = touched
    ? touchesByTarget(events.filter((event) => event.sequence <= P))
    : new Map<string, Touch[]>();
  const facts: Fact[] = [];
  for (const event of events) {
    if (event.sequence > P || isTouch(event)) continue;
    const touching = touched ? touches.get(event.id.toLowerCase()) : undefined;
    const fact = effectiveFact(event, touching ?? untouched, P);
    if (fact !== null) facts.push(fact);
  }
  return facts;
}

/** A ledger in memory for tests of the HTTP interface: checks form, keeps order, folds plainly. */
import { randomUUID } from "node:crypto";
import { plainClusterViewAt } from "../../projections/plain-view-at.ts";
import type { RawEvent } from "../../../projections/facts/effective-facts.ts";
import { definitionOf, isEventType, isSystemEvent } from "../../../src/events/catalogue.ts";
import type { StoredEvent } from "../../../src/events/envelope.ts";
import { submittedEnvelope } from "../../../src/events/envelope.ts";
import { normaliseData } from "../../../src/events/check/normalise.ts";
import { streamOf } from "../../../src/events/stream.ts";
import { LedgerError } from "../../../src/errors.ts";
import type { ErrorCode, InputError } from "../../../src/errors.ts";
import { RecordingIndex } from "../../../src/read-model/columns/recording-index.ts";
import type { Ledger } from "../../../src/ledger/ledger.ts";
import type { Submission } from "../../../src/ledger/append/submission.ts";
import { maxFutureSkewMs } from "../../../src/limits/events.ts";
import type { EventFilter, EventStore } from "../../../src/store/port.ts";
import { parseInstant } from "../../../projections/time/instant.ts";
import { stepsAtOnce } from "../../../src/turns.ts";

export interface MemoryLedger extends Ledger {
  readonly events: readonly StoredEvent[];
  /** Makes the next submit reject, as a store that went away would. */
  failNextSubmit(error: Error): void;
  /** Holds every submit until the returned function is called. */
  hold(): () => void;
  /** The most submits that were under way at once. */
  readonly maxInFlight: () => number;
}

/** `nowMs` is the ledger's clock. */
export function memoryLedger(
  nowMs: () => number = () => Date.parse("2026-04-15T12:00:00Z"),
): MemoryLedger {
  const events: StoredEvent[] = [];
  const byId = new Map<string, StoredEvent>();
  const take = taking(events, byId, nowMs);
  const listeners = new Set<(sequence: number) => void>();
  let failure: Error | null = null;
  let held: Promise<void> | null = null;
  let inFlight = 0;
  let maxInFlight = 0;
  return {
    ...readsOf(events, nowMs),
    events,
    store: memoryStore(events, byId),
    submit: async (inputs) => {
      inFlight++;
      maxInFlight = Math.max(maxInFlight, inFlight);
      await held;
      await Promise.resolve();
      inFlight--;
      if (failure !== null) {
        const error = failure;
        failure = null;
        throw error;
      }
      const results = inputs.map(take);
      for (const listener of listeners) listener(events.length);
      return results;
    },
    submitSystem: unused,
    submitSystemAtHead: unused,
    stopTrying: () => undefined,
    onProjected: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close: async () => undefined,
    failNextSubmit: (error) => {
      failure = error;
    },
    hold: () => {
      const { promise, resolve } = Promise.withResolvers<void>();
      held = promise;
      return resolve;
    },
    maxInFlight: () => maxInFlight,
  };
}

/** Takes one event after another into the lists. */
function taking(
  events: StoredEvent[],
  byId: Map<string, StoredEvent>,
  nowMs: () => number,
): (input: unknown) => Submission {
  const revisions = new Map<string, bigint>();
  return (input) => {
    const checked = check(input, nowMs());
    if (!checked.ok) return { status: "refused", id: checked.id, error: checked.error };
    const known = byId.get(checked.event.id);
    if (known !== undefined) {
      const isSame = JSON.stringify(known.data) === JSON.stringify(checked.event.data);
      if (!isSame) return refuse(known.id, "id-conflict", "taken with other content");
      const { id, stream, revision, sequence } = known;
      return { status: "duplicate", id, stream, revision, sequence };
    }
    const { id, type, data } = checked.event;
    const target = "eventId" in data ? byId.get(data.eventId.toLowerCase()) : undefined;
    const stream = streamOf(type, data) ?? target?.stream;
    if (stream === undefined) return refuse(id, "target-not-found", "no such event");
    const revision = (revisions.get(stream) ?? -1n) + 1n;
    revisions.set(stream, revision);
    const sequence = events.length + 1;
    const event = { ...checked.event, stream, revision, sequence, recordedAt: nowMs() };
    events.push(event);
    byId.set(id, event);
    return { status: "appended", id, stream, revision, sequence };
  };
}

type Reads = Omit<
  Ledger,
  | "store"
  | "submit"
  | "submitSystem"
  | "submitSystemAtHead"
  | "onProjected"
  | "stopTrying"
  | "close"
>;

/** All that is asked of the ledger; views are folded plainly, as of any position. */
function readsOf(events: readonly StoredEvent[], recordedAt: () => number): Reads {
  const viewAt = (cluster: string, sequence = events.length) =>
    plainClusterViewAt(events as unknown as RawEvent[], cluster, sequence);
  return {
    factCount: () => 1,
    movedBy: () => [],
    amendedAt: () => null,
    eventsOf: () => [],
    latestDecisionAt: () => 0,
    changesOf: (cluster, after, upTo) =>
      events
        .filter(({ sequence }) => sequence > after && sequence <= upTo)
        .filter(({ data }) => "eventId" in data || ("cluster" in data && data.cluster === cluster))
        .map(({ sequence }) => sequence),
    timestampsPreserved: () => false,
    clockState: async () => {
      const ledgerTimeMs = events.at(-1)?.recordedAt ?? null;
      return { nowMs: recordedAt(), ledgerTimeMs, jump: null, timesKept: false, speed: null };
    },
    acceptClock: unused,
    submitDecided: unused,
    refusalsOf: async () => new Map(),
    submitSystemIn: unused,
    sequence: () => events.length,
    waitFor: async (sequence) => {
      if (sequence <= events.length) return;
      throw new LedgerError("position-past-head", `the ledger is at ${events.length}`, {
        extra: { sequence },
      });
    },
    answer: async (cluster, sequence, make) => make(viewAt(cluster, sequence)),
    answerInSteps: async (cluster, sequence, make) => stepsAtOnce(make(viewAt(cluster, sequence))),
    keptAnswer: async (cluster, sequence, { make }) => stepsAtOnce(make(viewAt(cluster, sequence))),
    view: viewAt,
    clusters: (sequence = events.length) => {
      const names = events
        .slice(0, sequence)
        .flatMap(({ data }) =>
          "cluster" in data && data.cluster !== undefined ? [data.cluster] : [],
        );
      return [...new Set(names)].sort();
    },
    idOf: (sequence) => events[sequence - 1]?.id ?? "",
    recordings: async () => recordingsOf(events),
    minutes: () => recordingsOf(events),
    // The instant at which the last was recorded is over.
    nowMs: () => recordedAt() + 3_600_000,
    msUntil: (instantMs) => instantMs - recordedAt(),
    closedTimestamp: () => recordedAt() + 3_600_000,
    sequenceAsOfTime: (instantMs) =>
      events.findLast((each) => each.recordedAt <= instantMs)?.sequence ?? 0,
    status: () => ({
      sequence: events.length,
      headSequence: events.length,
      lagEvents: 0,
      lagSeconds: 0,
      state: "ready",
      progress: 1,
      definitionHash: "0",
      error: null,
      derivedError: null,
    }),
  };
}

function unused(): never {
  throw new Error("the HTTP interface does not use this");
}

type Checked =
  | { ok: true; event: Omit<StoredEvent, "stream" | "revision" | "sequence" | "recordedAt"> }
  | { ok: false; id: string | null; error: LedgerError };

function refuse(id: string | null, code: ErrorCode, detail: string, errors: InputError[] = []) {
  const error = new LedgerError(code, detail, { errors });
  return { status: "refused" as const, ok: false as const, id, error };
}

function check(input: unknown, now: number): Checked {
  const envelope = submittedEnvelope.safeParse(input);
  const given = (input as { id?: unknown } | null)?.id;
  const id = typeof given === "string" ? given : null;
  if (!envelope.success)
    return refuse(id, "invalid-event", "bad envelope", errorsOf("", envelope.error.issues));
  const { type, data: raw, occurredAt, schemaVersion, ...rest } = envelope.data;
  if (!isEventType(type) || isSystemEvent(type)) {
    return refuse(id, "unknown-event-type", `no type ${type}`, [
      { path: "/type", message: "is unknown" },
    ]);
  }
  const data = definitionOf(type).data.safeParse(raw);
  if (!data.success)
    return refuse(id, "invalid-event", "bad data", errorsOf("/data", data.error.issues));
  const at = parseInstant(occurredAt) ?? 0;
  if (at > now + maxFutureSkewMs) {
    return refuse(id, "invalid-event", "in the future", [
      { path: "/occurredAt", message: "is in the future" },
    ]);
  }
  const { id: eventId, ...attribution } = rest;
  return {
    ok: true,
    event: {
      id: eventId.toLowerCase(),
      type,
      schemaVersion: schemaVersion ?? 1,
      occurredAt: at,
      data: normaliseData(type, data.data as Record<string, unknown>) as StoredEvent["data"],
      attribution,
    },
  };
}

function errorsOf(
  place: string,
  issues: readonly { path: PropertyKey[]; message: string }[],
): InputError[] {
  return issues.map(({ path, message }) => ({
    path: [place, ...path.map(String)].join("/"),
    message,
  }));
}

function memoryStore(
  events: readonly StoredEvent[],
  byId: ReadonlyMap<string, StoredEvent>,
): EventStore {
  const matches = (event: StoredEvent, filter: EventFilter) =>
    event.sequence > filter.after &&
    event.sequence <= (filter.upTo ?? Infinity) &&
    (filter.stream === undefined || event.stream === filter.stream) &&
    (filter.type === undefined || event.type === filter.type) &&
    (filter.cluster === undefined ||
      ("cluster" in event.data && event.data.cluster === filter.cluster)) &&
    event.occurredAt >= (filter.from ?? -Infinity) &&
    event.occurredAt < (filter.to ?? Infinity);
  return {
    description: "memory",
    append: unused,
    streamRevision: unused,
    readStream: async function* (stream, fromRevision = 0n) {
      for (const event of events)
        if (event.stream === stream && event.revision >= fromRevision) yield event;
    },
    readAll: unused,
    subscribe: unused,
    query: async (filter) => {
      const found = events.filter((event) => matches(event, filter));
      return (filter.order === "desc" ? found.toReversed() : found).slice(0, filter.limit);
    },
    findById: async (id) => byId.get(id) ?? null,
    findByIds: async (ids) => ids.flatMap((id) => byId.get(id) ?? []),
    readAt: async (sequence) => events[sequence - 1] ?? null,
    head: unused,
    mark: unused,
    setMark: unused,
    close: async () => undefined,
  };
}

/** An event to send; the data are a commissioned node's unless given. */
export function anEvent(more: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    id: randomUUID(),
    type: "NodeCommissioned",
    occurredAt: "2026-03-01T00:00:00.000Z",
    data: { cluster: "alpha", node: `n${Math.floor(Math.random() * 1e9)}` },
    ...more,
  };
}

function recordingsOf(events: readonly StoredEvent[]): RecordingIndex {
  const index = new RecordingIndex();
  for (const { sequence, type, recordedAt: at } of events) index.add(sequence, type, at);
  return index;
}

/** Valid events and appends for tests of stores. */
import { randomUUID } from "node:crypto";
import { canonicalJson } from "../../src/events/canonical/canonical.ts";
import type { EventType } from "../../src/events/catalogue.ts";
import type { Attribution, CheckedEvent, StoredEvent } from "../../src/events/envelope.ts";
import type {
  AppendedPosition,
  AppendOutcome,
  EventStore,
  ExpectedRevision,
  StreamAppend,
} from "../../src/store/port.ts";

export interface EventSketch {
  readonly id?: string;
  readonly type?: EventType;
  readonly schemaVersion?: number;
  readonly occurredAt?: number;
  readonly data?: Readonly<Record<string, unknown>>;
  readonly attribution?: Attribution;
}

export function checkedEvent(sketch: EventSketch = {}): CheckedEvent {
  const data = sketch.data ?? failure("n1", "f1");
  return {
    id: sketch.id ?? randomUUID(),
    type: sketch.type ?? "NodeFailed",
    schemaVersion: sketch.schemaVersion ?? 1,
    occurredAt: sketch.occurredAt ?? 1_000,
    data,
    dataJson: canonicalJson(data),
    attributionJson: canonicalJson(sketch.attribution ?? {}),
  };
}

/** The data of a `NodeFailed`. */
export function failure(node: string, faultId: string, cluster = "alpha"): Record<string, unknown> {
  return { cluster, node, faultId, category: "hardware" };
}

export function checkedEvents(count: number): CheckedEvent[] {
  return Array.from({ length: count }, (_, index) =>
    checkedEvent({ data: failure("n1", `f${index}`), occurredAt: 1_000 + index }),
  );
}

/** Events of nodes are made to be of the node that the stream is named for. */
export function part(
  stream: string,
  expectedRevision: ExpectedRevision,
  events: readonly CheckedEvent[],
  recordedAt = 5_000,
): StreamAppend {
  const fitted = events.map((event) => fittedTo(stream, event));
  return {
    stream,
    expectedRevision,
    events: fitted,
    recordedAt: events.map(() => recordedAt),
  };
}

/** The event, of the node that `stream` is named for; any other as it is. */
export function fittedTo(stream: string, event: CheckedEvent): CheckedEvent {
  const [, cluster, node] = /^node-([^:]+):(.+)$/s.exec(stream) ?? [];
  const standing = event.data as Readonly<Record<string, unknown>>;
  if (node === undefined || !("node" in standing)) return event;
  const data = { ...standing, cluster, node };
  return { ...event, data, dataJson: canonicalJson(data) };
}

/** The outcome of an append of one part. */
export async function outcomeOf(store: EventStore, one: StreamAppend): Promise<AppendOutcome> {
  const [outcome] = await store.append([one]);
  if (outcome === undefined) throw new Error("an append had no outcome");
  return outcome;
}

/** The place of an append that must be taken. */
export async function positionOf(store: EventStore, one: StreamAppend): Promise<AppendedPosition> {
  const outcome = await outcomeOf(store, one);
  if (!outcome.ok) throw outcome.error;
  return outcome.position;
}

/** The error of an append that must be refused. */
export async function refusalOf(store: EventStore, one: StreamAppend): Promise<Error> {
  const outcome = await outcomeOf(store, one);
  if (outcome.ok) throw new Error("an append was taken that should have been refused");
  return outcome.error;
}

/** Waits until reads show `sequence`: a store may answer them from a mirror that is behind. */
export async function settled(store: EventStore, sequence: number): Promise<void> {
  while ((await store.head()).sequence < sequence) {
    await new Promise((resume) => setTimeout(resume, 5));
  }
}

export async function allEvents(store: EventStore, after = 0): Promise<StoredEvent[]> {
  return (await collect(store.readAll(after))).flat();
}

export function streamEvents(store: EventStore, stream: string): Promise<StoredEvent[]> {
  return collect(store.readStream(stream));
}

/** All that an iteration gives, to its end. */
export async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

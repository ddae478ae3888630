/** What the benches of a ledger in KurrentDB append: events as operators send them, a part a stream. */
import type { JSONEventData } from "@eventstore/db-client";
import { NO_STREAM } from "@eventstore/db-client";
import type { StreamAppend } from "../src/store/port.ts";
import { toKurrentDb } from "../src/store/kurrentdb/client/event.ts";
import { checkedEvent, failure, part } from "../test/contract/sample-events.ts";

const recordedAt = Date.UTC(2026, 5, 1);
const attribution = {
  actor: "oncall@example.org",
  correlationId: "0f8fad5b-d9cb-469f-a165-70867728950e",
  source: "node-agent/4.2",
};

/** Parts of a number of events each, every one for a stream of its own. */
export function freshParts(round: string, parts: number, events: number): StreamAppend[] {
  return Array.from({ length: parts }, (_, i) => {
    const node = `gpu-${round}-${i}`;
    const made = Array.from({ length: events }, (__, k) =>
      checkedEvent({
        data: failureOf(node, `${node}-${k}`),
        occurredAt: recordedAt - 60_000 + k,
        attribution,
      }),
    );
    return part(`node-alpha:${node}`, "no-stream", made, recordedAt);
  });
}

/** Single events for writers that append at once: each has a node of its own, which fails and returns, again and again. */
export function singlesOf(round: string, writers: number, events: number): StreamAppend[][] {
  return Array.from({ length: writers }, (_, i) => {
    const node = `gpu-${round}-${i}`;
    return Array.from({ length: events }, (__, k) => {
      const faultId = `${node}-${k - (k % 2)}`;
      const returned = { cluster: "alpha", node, faultIds: [faultId] };
      const event = checkedEvent({
        type: k % 2 === 0 ? "NodeFailed" : "NodeReturned",
        data: k % 2 === 0 ? failureOf(node, faultId) : returned,
        occurredAt: recordedAt - 60_000 + k,
        attribution,
      });
      const expected = k === 0 ? "no-stream" : BigInt(k - 1);
      return part(`node-alpha:${node}`, expected, [event], recordedAt);
    });
  });
}

function failureOf(node: string, faultId: string): Record<string, unknown> {
  return { ...failure(node, faultId), codes: ["79", "119"], component: "gpu" };
}

/** A part as the bare client takes it. */
export interface BarePart {
  readonly stream: string;
  readonly records: readonly JSONEventData[];
  readonly expectedRevision: typeof NO_STREAM | bigint;
}

export function barePart({ stream, events, expectedRevision: expected }: StreamAppend): BarePart {
  const size = events.length;
  const records = events.map((event, i) => toKurrentDb(event, recordedAt, { index: i + 1, size }));
  return { stream, records, expectedRevision: expected === "no-stream" ? NO_STREAM : expected };
}

/** Bytes of data and metadata, as they are sent. */
export function sizeBytes(parts: readonly StreamAppend[]): number {
  let bytes = 0;
  for (const { records } of parts.map(barePart)) {
    for (const { data, metadata } of records) {
      bytes +=
        Buffer.byteLength(JSON.stringify(data)) + Buffer.byteLength(JSON.stringify(metadata));
    }
  }
  return bytes;
}

/** `events/s`, with the bytes a second that they are. */
export function rateUnit(eventsPerSecond: number, bytesPerEvent: number): string {
  return `events/s = ${((eventsPerSecond * bytesPerEvent) / 1e6).toFixed(2).padStart(6)} MB/s`;
}

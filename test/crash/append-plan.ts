/**
 * What the crash test appends: the same for the same seed, so that a later process sends the same ids
 * again, and the test knows what must be there without being told.
 */
import { createHash } from "node:crypto";
import type { CheckedEvent } from "../../src/events/envelope.ts";
import { checkedEvent, failure } from "../contract/sample-events.ts";

export const streamCount = 6;
const maxBatchEvents = 24;

export function streamName(stream: number): string {
  return `node-alpha:n${stream}`;
}

function digest(seed: number, ...path: readonly number[]): Buffer {
  return createHash("sha256")
    .update([seed, ...path].join("/"))
    .digest();
}

function uuid(bytes: Buffer): string {
  const hex = bytes.toString("hex");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

/** Events in the `batch`th append to a stream. */
export function batchSize(seed: number, stream: number, batch: number): number {
  return 1 + (digest(seed, stream, batch).readUInt16BE(0) % maxBatchEvents);
}

/** The `batch`th append to a stream. */
export function batchEvents(seed: number, stream: number, batch: number): CheckedEvent[] {
  return Array.from({ length: batchSize(seed, stream, batch) }, (_, index) => {
    const faultId = `${batch}.${index}`;
    return checkedEvent({
      id: uuid(digest(seed, stream, batch, index)),
      occurredAt: batch * 1_000 + index,
      data: { ...failure(`n${stream}`, faultId), component: "x".repeat(200) },
    });
  });
}

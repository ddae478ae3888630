/** The port's own rules for an append. */
import type { StreamAppend } from "./port.ts";

/** A part that breaks the port's own rules is a programming error, found before anything is queued. */
export function assertWellFormed(part: StreamAppend): void {
  const { stream, events, recordedAt, expectedRevision } = part;
  if (events.length === 0) throw new RangeError(`an append to ${stream} has no events`);
  if (recordedAt.length !== events.length || !recordedAt.every(Number.isSafeInteger)) {
    throw new RangeError(`an append to ${stream} needs a whole recordedAt for each event`);
  }
  if (expectedRevision !== "no-stream" && expectedRevision < 0n) {
    throw new RangeError(`${expectedRevision} is not a valid revision of ${stream}`);
  }
}

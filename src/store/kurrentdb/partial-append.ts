/** Finds appends that the store kept only in part: a server that is killed can leave one behind. */
import type { EmbeddedStore } from "../sqlite/embedded.ts";
import type { StreamAppend } from "../port.ts";
import type { RecordedEvent } from "./client/client.ts";
import { positionInPart } from "./client/event.ts";

/**
 * How many of the part's first events are in the store. `last`, the stream's last record in both store and mirror, must
 * show that they are the beginning of an append of this size and that nothing follows them; otherwise 0.
 */
export async function standingBeginning(
  mirrored: EmbeddedStore,
  part: StreamAppend,
  last: RecordedEvent,
): Promise<number> {
  const { stream, expectedRevision, events, recordedAt } = part;
  const expected = expectedRevision === "no-stream" ? -1n : expectedRevision;
  const revision = (await mirrored.streamRevision(stream)) ?? -1n;
  const standing = Number(revision - expected);
  if (standing <= 0 || standing >= events.length) return 0;
  const beginning = {
    ...part,
    events: events.slice(0, standing),
    recordedAt: recordedAt.slice(0, standing),
  };
  const judged = mirrored.judge(beginning);
  if (judged === null || !judged.ok || judged.position.firstRevision !== expected + 1n) return 0;
  const { index, size } = positionInPart(last);
  return index === standing && size === events.length ? standing : 0;
}

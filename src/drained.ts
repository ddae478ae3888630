/** Waiting for a stream that is full, without leaving anything behind on what lives longer than the wait. */
import type { Writable } from "node:stream";

type Drained = "drained" | "closed" | "late" | "stopped";

/**
 * Resolves when the stream takes more, is closed, or `patienceMs` are over; at once where `stop` is
 * aborted. Every listener is taken off again: a promise that lives as long as the stream, raced against
 * once a message, would keep something of each.
 */
export function drained(
  stream: Writable,
  { patienceMs, stop }: { readonly patienceMs?: number; readonly stop?: AbortSignal } = {},
): Promise<Drained> {
  if (stream.destroyed) return Promise.resolve("closed");
  if (stop?.aborted === true) return Promise.resolve("stopped");
  if (!stream.writableNeedDrain) return Promise.resolve("drained");
  return new Promise((resolve) => {
    const timer =
      patienceMs === undefined ? undefined : setTimeout(() => settle("late"), patienceMs);
    const onDrain = () => settle("drained");
    const onClose = () => settle("closed");
    const onStop = () => settle("stopped");
    stream.on("drain", onDrain);
    stream.on("close", onClose);
    stop?.addEventListener("abort", onStop);
    function settle(how: Drained): void {
      clearTimeout(timer);
      stream.off("drain", onDrain);
      stream.off("close", onClose);
      stop?.removeEventListener("abort", onStop);
      resolve(how);
    }
  });
}

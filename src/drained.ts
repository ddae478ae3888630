/** Waits for a full stream without leaving listeners on objects that outlive the wait. */
import type { Writable } from "node:stream";

type Drained = "drained" | "closed" | "late" | "stopped";

/**
 * Resolves when the stream takes more data, is closed, or `patienceMs` have passed; at once if `stop` is aborted. All
 * listeners are removed: racing a promise that lives as long as the stream once per message would leak.
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

/**
 * After a failed call the client decides by itself whether to reconnect, and awaits the connection attempt where nobody
 * catches its error. If that attempt fails too, because no node of the cluster leads yet, the unhandled rejection ends
 * the process. The call has already reported its own error; this one adds nothing.
 */
export function settleUnwatched(client: object): void {
  const handleError: unknown = Reflect.get(client, "handleError");
  if (typeof handleError !== "function") return;
  Reflect.set(client, "handleError", async (...args: readonly unknown[]): Promise<void> => {
    try {
      await Reflect.apply(handleError, client, args);
    } catch {
      // The next call finds no connection and starts another attempt.
    }
  });
}

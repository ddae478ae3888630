/**
 * After a failed call the client asks itself, unwatched, whether it must connect anew, and waits for the
 * connection under way. Where that one fails too, because no node of a cluster leads yet, nobody hears of it:
 * an unhandled rejection, which ends the process. The call itself has had its error; this one adds nothing.
 */
export function settleUnwatched(client: object): void {
  const handleError: unknown = Reflect.get(client, "handleError");
  if (typeof handleError !== "function") return;
  Reflect.set(client, "handleError", async (...args: readonly unknown[]): Promise<void> => {
    try {
      await Reflect.apply(handleError, client, args);
    } catch {
      // The next call finds the connection gone and begins another.
    }
  });
}

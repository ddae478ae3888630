/** Ends long reads when nobody waits for them any more. */
import { LedgerError } from "../../errors.ts";
import type { ApiReply } from "./api.ts";

/** Aborted with `client-gone` when the client disconnects before it has its answer, and with `overloaded` when the server stops. */
export function whileWaitedFor({ raw }: Pick<ApiReply, "raw">, stopping: AbortSignal): AbortSignal {
  const controller = new AbortController();
  const onStop = () => {
    controller.abort(new LedgerError("overloaded", "The ledger is stopping. Try again later."));
  };
  stopping.addEventListener("abort", onStop);
  if (stopping.aborted) onStop();
  raw.once("close", () => {
    stopping.removeEventListener("abort", onStop);
    if (!raw.writableFinished) {
      controller.abort(new LedgerError("client-gone", "The client closed the connection."));
    }
  });
  return controller.signal;
}

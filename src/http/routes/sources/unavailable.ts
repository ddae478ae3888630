/** Senders drop what is answered 4xx: what is not their fault has to be answered 503, so that they send it again. */
import { LedgerError, isLedgerError } from "../../../errors.ts";

/** The error as the sender of a payload is told it. */
export function toldToSender(error: unknown): unknown {
  if (isLedgerError(error, "wrong-expected-revision"))
    return new LedgerError("overloaded", "Others were faster again and again. Send it again.", {
      cause: error,
    });
  if (isLedgerError(error, "read-only"))
    return new LedgerError("not-ready", error.message, { cause: error });
  return error;
}

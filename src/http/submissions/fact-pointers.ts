/** Refusals of a fact that a route made, with pointers into the body that was sent instead of pointers into the event. */
import { LedgerError } from "../../errors.ts";

export function inBodyOfFact(error: LedgerError): LedgerError {
  const errors = error.errors.map(({ path, message }) => ({
    path: path.replace(/^\/data(?=\/|$)/, ""),
    message,
  }));
  const { code, extra } = error;
  const detail = error.message
    .replaceAll(/(^|[ (])\/data(?=\/)/g, "$1")
    .replace(/^\/data /, "the event's data ");
  return new LedgerError(code, detail, { errors, extra, cause: error });
}

/** Refusals of a correction, with pointers into the body that was sent instead of pointers into the event made from it. */
import { LedgerError } from "../../errors.ts";

/** Stated by the URL. */
const namedEvent = "/data/eventId";

export function inCorrectionBody(error: LedgerError): LedgerError {
  const errors = error.errors.map(({ path, message }) => ({
    path: path === namedEvent ? "/path/id" : bodyPointer(path),
    message: withBodyPointers(message),
  }));
  const { code, extra } = error;
  return new LedgerError(code, withBodyPointers(error.message), { errors, extra, cause: error });
}

function bodyPointer(path: string): string {
  return path.replace(/^\/data(?=\/)/, "");
}

/** Pointers are at the beginning of a message, after a blank or in brackets; senders' texts are in quotes. */
function withBodyPointers(text: string): string {
  return text
    .replaceAll(/(^|[ (])\/data\/eventId(?![^ ,:)])/g, "$1/path/id")
    .replaceAll(/(^|[ (])\/data(?=\/(?:data|occurredAt)(?:[/ ,:)]|$))/g, "$1");
}

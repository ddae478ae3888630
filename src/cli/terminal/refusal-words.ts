/** A refusal in one line, with every input error. */
import type { LedgerError } from "../../errors.ts";

export function reasonOf(error: Pick<LedgerError, "message" | "errors">): string {
  const unsaid = error.errors.filter(({ message }) => !error.message.includes(message));
  const wrong = unsaid.map(({ path, message }) => `${path} ${message}`);
  return [error.message, ...wrong].join("; ");
}

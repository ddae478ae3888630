/** Refuses names that SQLite does not take for a file: such a ledger would be lost, or lie where nobody looks. */
import { basename } from "node:path";
import { LedgerError } from "../../../errors.ts";

/** Throws `invalid-request` for `:memory:`, also after a folder, and for SQLite's `file:` addresses. */
export function assertFileName(path: string): void {
  const isAddress = /^file:/i.test(path);
  const isInMemory = isAddress && /:memory:|mode=memory/.test(path);
  if (isInMemory || basename(path) === ":memory:") {
    throw new LedgerError(
      "invalid-request",
      `"${path}" is SQLite's name for an in-memory database, but a ledger is kept in a file. Name a file, such as sqlite:/tmp/trial.sqlite, and delete it afterwards; or run "fleetledger demo", which needs no store`,
    );
  }
  if (isAddress) {
    throw new LedgerError(
      "invalid-request",
      `"${path}" is a file: address, but a ledger's file is named by its path. Use sqlite:PATH without "file:", such as sqlite:/var/lib/fleetledger/ledger.sqlite`,
    );
  }
}

/** Where a ledger is served, written beside its file: who finds it locked is told where to send facts instead. */
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { LedgerError, isLedgerError } from "../../errors.ts";
import { filePathOf } from "../../ledger/open-store.ts";
import { realPath } from "../../store/sqlite/files/real-path.ts";

const suffix = ".serving";
const addressPattern = /^https?:\/\/[\w.:[\]-]+$/;

/** The file of a store that is one; `null` for one that lives elsewhere. */
function fileOf(store: string): string | null {
  const path = filePathOf(store);
  return path === null ? null : `${realPath(path)}${suffix}`;
}

/** Writes the address down. Throws what the system says where that fails. */
export function noteAddress(store: string, url: string): void {
  const file = fileOf(store);
  if (file !== null) writeFileSync(file, `${url}\n`);
}

/** Removes the address again: no server listens there any more. */
export function forgetAddress(store: string): void {
  const file = fileOf(store);
  if (file !== null) rmSync(file, { force: true });
}

/** The error, or, of a ledger that another process writes to, one that says what to do instead. */
export function withAddress(error: unknown, store: string): unknown {
  if (!isLedgerError(error, "ledger-locked")) return error;
  const url = addressOf(store);
  const server = url === null ? "a running `serve`" : `the server at ${url}/`;
  const option = `--server ${url ?? "http://HOST:PORT"}`;
  return new LedgerError(
    error.code,
    `${error.message}. If that is ${server}, run import, correct, retract, accept-clock and report issue with ${option} instead of --store; stop the server before any other command. If it is an import, wait until it ends.`,
    { errors: error.errors, extra: error.extra, cause: error },
  );
}

/** As the last server wrote it; one that was killed leaves it behind. `null` if there is none, or none to be shown. */
function addressOf(store: string): string | null {
  const file = fileOf(store);
  if (file === null) return null;
  let text: string;
  try {
    text = readFileSync(file, "utf8").trim();
  } catch {
    // Without an address the message says what to do in general.
    return null;
  }
  return addressPattern.test(text) ? text : null;
}

/**
 * The address of a server, written beside the ledger's file: a command that finds the ledger locked can name the
 * server.
 */
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { LedgerError, isLedgerError } from "../../errors.ts";
import { filePathOf } from "../../ledger/open-store.ts";
import { realPath } from "../../store/sqlite/files/real-path.ts";

const suffix = ".serving";
const addressPattern = /^https?:\/\/[\w.:[\]-]+$/;

/** The path of a store that is a file; `null` for an external store. */
function fileOf(store: string): string | null {
  const path = filePathOf(store);
  return path === null ? null : `${realPath(path)}${suffix}`;
}

/** Writes the address. Throws the system's error if that fails. */
export function noteAddress(store: string, url: string): void {
  const file = fileOf(store);
  if (file !== null) writeFileSync(file, `${url}\n`);
}

/** Removes the address when the server stops. */
export function forgetAddress(store: string): void {
  const file = fileOf(store);
  if (file !== null) rmSync(file, { force: true });
}

/** The error; for a ledger that another process writes to, an error that names the server to use instead. */
export function withAddress(error: unknown, store: string): unknown {
  if (!isLedgerError(error, "ledger-locked")) return error;
  const url = addressOf(store);
  const server = url === null ? "a running `serve`" : `the server at ${url}/`;
  const option = `--server ${url ?? "http://HOST:PORT"}`;
  return new LedgerError(
    error.code,
    `${error.message}. If that is ${server}, run import, correct, retract, accept-clock, report issue, rollout and nfz with ${option} instead of --store; stop the server before any other command. If it is an import, wait until it ends.`,
    { errors: error.errors, extra: error.extra, cause: error },
  );
}

/**
 * The address that the last server wrote; a killed server leaves it behind. `null` if there is none, or it cannot be
 * shown.
 */
function addressOf(store: string): string | null {
  const file = fileOf(store);
  if (file === null) return null;
  let text: string;
  try {
    text = readFileSync(file, "utf8").trim();
  } catch {
    // Without an address the message gives the general advice.
    return null;
  }
  return addressPattern.test(text) ? text : null;
}

/** Files that exist completely or not at all. */
import { existsSync, rmSync } from "node:fs";
import { open, rename } from "node:fs/promises";
import { dirname } from "node:path";
import { LineFile } from "./line-file.ts";
import { UsageError } from "./terminal.ts";

/** Suffixes of the files that SQLite and a ledger keep beside a file while they work on it. */
const besides = ["", "-journal", "-wal", "-shm", ".lock", ".derived", ".derived.new", ".head"];

/** Throws UsageError if the file already exists. */
export function refuseExisting(file: string): void {
  if (existsSync(file))
    throw new UsageError(`${file} already exists; remove it, or name another file`);
}

/** Writes a file through `work`; it gets its name when it is on the disk. */
export async function writeWhole<T>(
  file: string,
  work: (write: (text: string | Uint8Array) => Promise<void>) => Promise<T>,
): Promise<T> {
  return await makeWhole(file, async (part) => {
    const lines = new LineFile(part);
    try {
      return await work((text) => lines.write(text));
    } finally {
      // Also after a failure: otherwise a file that is still being opened would be created after its removal.
      await lines.close();
    }
  });
}

/**
 * As `writeWhole`, for a file that `make` creates itself, under the temporary name that it is given (ending in
 * `.part`). Nothing is left if `make` fails or the process is told to stop; if the process is killed with SIGKILL, the
 * temporary file stays.
 */
export async function makeWhole<T>(file: string, make: (part: string) => Promise<T>): Promise<T> {
  // The name contains the process id, so two processes that make the same file do not collide.
  const part = `${file}.${process.pid}.part`;
  const clear = (names: readonly string[]): void => {
    for (const suffix of names) rmSync(`${part}${suffix}`, { force: true });
  };
  const stop = (signal: NodeJS.Signals): void => {
    clear(besides);
    process.kill(process.pid, signal);
  };
  clear(besides);
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.once(signal, stop);
  try {
    const result = await make(part);
    await sync(part);
    await rename(part, file);
    // The folder's entry must be on the disk too.
    await sync(dirname(file));
    clear(besides.slice(1));
    return result;
  } catch (error) {
    clear(besides);
    throw aboutFile(error, part, file);
  } finally {
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.off(signal, stop);
  }
}

/** The error with the name that the user gave instead of the temporary one. */
function aboutFile(error: unknown, part: string, file: string): unknown {
  if (!(error instanceof Error) || !("path" in error) || error.path !== part) return error;
  return Object.assign(error, { path: file, message: error.message.replaceAll(part, file) });
}

async function sync(path: string): Promise<void> {
  const handle = await open(path, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

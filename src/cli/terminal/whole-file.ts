/** A file that is there whole or not at all. */
import { existsSync, rmSync } from "node:fs";
import { open, rename } from "node:fs/promises";
import { dirname } from "node:path";
import { LineFile } from "./line-file.ts";
import { UsageError } from "./terminal.ts";

/** What SQLite and a ledger keep beside a file while they work on it. */
const besides = ["", "-journal", "-wal", "-shm", ".lock", ".derived", ".derived.new", ".head"];

/** Throws UsageError if there is something of that name. */
export function refuseExisting(file: string): void {
  if (existsSync(file))
    throw new UsageError(`${file} already exists; remove it, or name another file`);
}

/** Writes the file through `work`; it gets its name when it is on the disk. */
export async function writeWhole<T>(
  file: string,
  work: (write: (text: string) => Promise<void>) => Promise<T>,
): Promise<T> {
  return await makeWhole(file, async (part) => {
    const lines = new LineFile(part);
    try {
      return await work((text) => lines.write(text));
    } finally {
      // Also after a failure: otherwise a file that is still being opened would be created after it was removed.
      await lines.close();
    }
  });
}

/**
 * As `writeWhole`, for what is made under a name: `make` is given the one that it has until it is whole,
 * which ends in `.part`. Nothing of it is left if `make` fails or the process is told to stop; of a
 * process that is killed with SIGKILL the part stays, under that name.
 */
export async function makeWhole<T>(file: string, make: (part: string) => Promise<T>): Promise<T> {
  // A name of this process's own: another one that makes the same file has another.
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
    // The name itself must be on the disk too.
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

/** An error that names the file as the user did, not by the name that it has until it is whole. */
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

/** Resolves a ledger's path, so that each ledger has one name. */
import { existsSync, realpathSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { assertFileName } from "./file-name.ts";

/** The path without symbolic links, so that two names of one ledger share its lock. Throws what `assertFileName` throws. */
export function realPath(path: string): string {
  assertFileName(path);
  if (existsSync(path)) return realpathSync(path);
  const directory = dirname(path);
  return existsSync(directory) ? join(realpathSync(directory), basename(path)) : path;
}

/** Where a test run keeps its temporary files. */
import { existsSync, readFileSync, statfsSync } from "node:fs";
import { tmpdir } from "node:os";

/** Where Linux keeps files in memory. */
const memoryFolder = "/dev/shm";
/** Free bytes from which it is taken: many times what the tests have there at once. */
const leastFreeBytes = 1024 ** 3;

/**
 * In memory, where there is enough of it: thousands of small ledgers wait for the disk otherwise, which no test looks at. A
 * folder that is named by TMPDIR stands.
 */
export function temporaryPlace(): string {
  if (process.env["TMPDIR"] !== undefined || !existsSync(memoryFolder)) return tmpdir();
  // Some tests make programs and run them, which a container may not allow there.
  if (/ \/dev\/shm \S+ \S*\bnoexec\b/.test(readFileSync("/proc/mounts", "utf8"))) return tmpdir();
  const { bavail, bsize } = statfsSync(memoryFolder);
  return bavail * bsize >= leastFreeBytes ? memoryFolder : tmpdir();
}

/**
 * A test run leaves nothing behind. Vitest's global setup gives the run a folder for temporary files of its
 * own; its teardown fails the run if something is left there, or if the repository has files that it did not have.
 */
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { temporaryPlace } from "./temporary-place.ts";

/** Where the machine keeps temporary files: what is kept from run to run lies there. */
export const machineTemporaryFolder = tmpdir();

const repository = fileURLToPath(new URL("../..", import.meta.url));
/** What tools other than the tests write. */
const passedOver = new Set([".git", "node_modules", "coverage", ".idea", ".vscode"]);

/** Every file and every empty folder under a folder, relative to it. */
export function pathsUnder(top: string, folder: string = top): string[] {
  const entries = readdirSync(folder, { withFileTypes: true });
  if (entries.length === 0 && folder !== top) return [relative(top, folder)];
  return entries.flatMap((entry) => {
    const path = join(folder, entry.name);
    if (!entry.isDirectory()) return [relative(top, path)];
    return passedOver.has(entry.name) ? [] : pathsUnder(top, path);
  });
}

/** Why a run is not clean, in words; `null` if it left nothing. */
export function leftBehind(where: string, paths: readonly string[]): string | null {
  if (paths.length === 0) return null;
  const shown = paths.slice(0, 20).join("\n  ");
  const more = paths.length > 20 ? `\n  and ${paths.length - 20} more` : "";
  return `the tests left files behind in ${where}; remove them where the test ends:\n  ${shown}${more}`;
}

/** Gives back what ends the run. */
export function setup(): () => void {
  const named = process.env["TMPDIR"];
  const folder = mkdtempSync(join(temporaryPlace(), "fleetledger-tests-"));
  process.env["TMPDIR"] = folder;
  const before = new Set(pathsUnder(repository));
  return () => {
    if (named === undefined) delete process.env["TMPDIR"];
    else process.env["TMPDIR"] = named;
    // Where every test of a file is skipped no hook runs, and its empty folder stays.
    const left = pathsUnder(folder).filter((path) => !/^file-\w+$/.test(path));
    rmSync(folder, { recursive: true, force: true });
    // Code and text that appear meanwhile are somebody's who works while the tests run.
    const made = pathsUnder(repository).filter(
      (path) => !before.has(path) && !/\.(ts|md)$/.test(path),
    );
    const findings = [leftBehind("the folder for temporary files", left)];
    findings.push(leftBehind("the repository", made));
    const words = findings.filter((each) => each !== null);
    if (words.length > 0) throw new Error(words.join("\n"));
  };
}

/** Each test file has a folder for temporary files of its own, and fails if it leaves something there. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "vitest";
import { leftBehind, pathsUnder } from "./clean-run.ts";

// Files of one process take turns, and each makes its folder beside the others.
process.env["FLEETLEDGER_TEST_FOLDERS"] ??= tmpdir();
const folder = mkdtempSync(join(process.env["FLEETLEDGER_TEST_FOLDERS"], "file-"));
process.env["TMPDIR"] = folder;

// The first hook that is registered is the last that runs: after those of the file itself.
afterAll(() => {
  const left = pathsUnder(folder);
  rmSync(folder, { recursive: true, force: true });
  const words = leftBehind("the folder for temporary files", left);
  if (words !== null) throw new Error(words);
});

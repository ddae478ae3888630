/** Runs the command line within the test, with what it writes kept. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runProgram } from "../../src/cli/program.ts";

export interface Outcome {
  readonly code: number;
  readonly out: string;
  readonly said: string;
}

export async function run(...args: string[]): Promise<Outcome> {
  let out = "";
  let said = "";
  const code = await runProgram(args, {
    out: async (text) => {
      out += text;
    },
    say: (line) => {
      said += `${line}\n`;
    },
    isInteractive: false,
  });
  return { code, out, said };
}

/** A folder that is made when a name in it is first asked for, and gone after the test. */
export function temporaryFolder(): { path: (name: string) => string; remove: () => void } {
  let folder: string | null = null;
  return {
    path: (name) => {
      folder ??= mkdtempSync(join(tmpdir(), "fleetledger-cli-"));
      return join(folder, name);
    },
    remove: () => {
      if (folder !== null) rmSync(folder, { recursive: true, force: true });
    },
  };
}

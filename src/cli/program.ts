/** The command line: one file per command, and one place where all of them end. */
import { createRequire } from "node:module";
import type { Option } from "commander";
import { Command, CommanderError, Help } from "commander";
import { addAccess } from "./commands/access/access.ts";
import { addAcceptClock } from "./commands/accept-clock.ts";
import { addAgent } from "./commands/agent/agent.ts";
import { addBackup } from "./commands/audit/backup.ts";
import type { AddCommand } from "./options/command.ts";
import { addCopy } from "./commands/audit/copy.ts";
import { addCorrect, addRetract } from "./commands/correct.ts";
import { addMaintenance } from "./commands/decisions/maintenance.ts";
import { addScale } from "./commands/decisions/scale.ts";
import { addNfz } from "./commands/nfz/nfz.ts";
import { addWhatIf } from "./commands/nfz/cost.ts";
import { addCoTest } from "./commands/decisions/co-test.ts";
import { addRollout } from "./commands/decisions/rollout.ts";
import { addDemo } from "./commands/demo/demo.ts";
import { addEvents } from "./commands/events.ts";
import { addExport } from "./commands/audit/export.ts";
import { failureOf } from "./terminal/failure.ts";
import { addGlossary } from "./commands/glossary.ts";
import { addImport } from "./commands/import.ts";
import { addMirrorFolder } from "./commands/mirror-folder.ts";
import { addKeys } from "./commands/audit/keys.ts";
import { addReplay } from "./commands/audit/replay.ts";
import { addReport } from "./commands/report/report.ts";
import { addRestore } from "./commands/audit/restore.ts";
import { addSeal } from "./commands/audit/seal.ts";
import { addServe } from "./commands/serve.ts";
import { addSources } from "./commands/sources/sources.ts";
import { addSimulate } from "./commands/simulate.ts";
import { addVerify } from "./commands/audit/verify.ts";
import { addProve } from "./commands/audit/prove.ts";
import { addVerifyProof } from "./commands/audit/verify-proof.ts";
import { addCompare } from "./commands/audit/compare.ts";
import { shownText, withoutLogins } from "../shown-text.ts";
import { exitCodes, processTerminal } from "./terminal/terminal.ts";
import type { ExitCode, Terminal } from "./terminal/terminal.ts";

const commands: readonly AddCommand[] = [
  addMirrorFolder,
  addDemo,
  addServe,
  addSimulate,
  addImport,
  addSources,
  addAgent,
  addReport,
  addGlossary,
  addEvents,
  addRollout,
  addCoTest,
  addNfz,
  addMaintenance,
  addScale,
  addWhatIf,
  addCorrect,
  addRetract,
  addAcceptClock,
  addAccess,
  addExport,
  addKeys,
  addSeal,
  addVerify,
  addProve,
  addVerifyProof,
  addCompare,
  addReplay,
  addBackup,
  addRestore,
  addCopy,
];

const { version } = createRequire(import.meta.url)("../../package.json") as { version: string };

const epilogue = `
Name the ledger with --store sqlite:PATH, or with esdb://… or kurrentdb://… and --data DIR for the mirror,
or set the environment variables FLEETLEDGER_STORE and FLEETLEDGER_DATA.
Exit codes: 0 success; 1 check failed or error; 2 usage error or invalid input;
3 the ledger decided against what was asked.`;

/** The description of an option in the help, marked if the command requires it. */
function withRequired(this: void, option: Option): string {
  const words = new Help().optionDescription(option);
  return option.mandatory && option.defaultValue === undefined ? `${words} (required)` : words;
}

/** Runs one command. Gives the exit code; never throws. */
export async function runProgram(
  args: readonly string[],
  given: Terminal = processTerminal(),
): Promise<ExitCode> {
  const terminal = { ...given, say: (line: string) => given.say(withoutLogins(shownText(line))) };
  let code: ExitCode = exitCodes.ok;
  const program = new Command("fleetledger")
    .description(
      "Keep a ledger of a fleet's health and changes, and compute exact SLA figures from it.",
    )
    .version(version)
    .showHelpAfterError("(see --help)")
    .configureOutput({
      writeOut: (text) => void terminal.out(text),
      writeErr: (text) => {
        for (const line of text.trimEnd().split("\n")) terminal.say(line);
      },
    })
    .configureHelp({ optionDescription: withRequired })
    .addHelpText("after", epilogue)
    // Options after a subcommand's name belong to it: `report` and `report issue` share some names.
    .enablePositionalOptions()
    .exitOverride();
  for (const add of commands) {
    add(program, {
      terminal,
      done: (result) => {
        code = result;
      },
    });
  }
  try {
    await program.parseAsync(args, { from: "user" });
    return code;
  } catch (error) {
    // Help and version end here too; errors have already been printed.
    if (error instanceof CommanderError)
      return error.exitCode === 0 ? exitCodes.ok : exitCodes.usage;
    const failure = failureOf(error);
    for (const [i, line] of failure.lines.entries()) {
      terminal.say(i === 0 ? `fleetledger: ${line}` : line);
    }
    return failure.code;
  }
}

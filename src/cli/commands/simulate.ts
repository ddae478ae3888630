/** `fleetledger simulate`: the events of a made-up fleet, and the simulator's own books. */
import { writeFile } from "node:fs/promises";
import { Option } from "commander";
import { keepBooks } from "../../simulate/books/books.ts";
import { scenarios } from "../../simulate/scenarios/table.ts";
import { simulate } from "../../simulate/simulate.ts";
import type { SimulatedEvent } from "../../simulate/telling/lines.ts";
import { wholeNumber } from "../options/command.ts";
import type { AddCommand } from "../options/command.ts";
import { number } from "../../reports/text/figures.ts";
import { LineFile } from "../terminal/line-file.ts";

interface SimulateCommandOptions {
  readonly scenario: string;
  readonly days: number;
  readonly seed: number;
  readonly out: string;
  readonly truth?: string;
}

/** Events per write, so that the file system is not called for every line. */
const linesPerWrite = 1_000;

/** Ten years: a simulation is held in memory. */
export const maxDays = 3_660;

export const addSimulate: AddCommand = (program, { terminal }) => {
  program
    .command("simulate")
    .description("Write the events of a simulated fleet as NDJSON, and the true figures.")
    .addOption(scenarioOption())
    .option("--days <days>", "number of days to simulate", wholeNumber(1, maxDays), 90)
    .option("--seed <seed>", "random seed; the same seed gives the same events", seed, 1)
    .requiredOption("--out <file>", "file for the events; - means standard output")
    .option("--truth <file>", "file for the true figures, as JSON")
    .addHelpText(
      "after",
      `\nScenarios:\n${scenarios.map(({ name, purpose }) => `  ${name}: ${purpose}`).join("\n")}` +
        "\nThe events are for `import events --keep-recorded-at`.",
    )
    .action(async ({ out, truth, ...options }: SimulateCommandOptions) => {
      const { events, history } = simulate(options);
      if (out === "-") await writeLines(events, terminal.out);
      else await writeToFile(events, out);
      if (truth !== undefined) {
        await writeFile(truth, `${JSON.stringify(keepBooks(history), null, 2)}\n`);
      }
      terminal.say(`${number(events.length)} events of ${options.days} days`);
    });
};

export function scenarioOption(): Option {
  const names = scenarios.map(({ name }) => name);
  return new Option("--scenario <name>", "what to simulate")
    .choices(names)
    .default("supercomputer");
}

export const seed = wholeNumber(-Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER);

async function writeToFile(events: readonly SimulatedEvent[], path: string): Promise<void> {
  const file = new LineFile(path);
  await writeLines(events, (text) => file.write(text));
  await file.close();
}

async function writeLines(
  events: readonly SimulatedEvent[],
  write: (text: string) => Promise<void>,
): Promise<void> {
  for (let i = 0; i < events.length; i += linesPerWrite) {
    const lines = events.slice(i, i + linesPerWrite).map((event) => `${JSON.stringify(event)}\n`);
    await write(lines.join(""));
  }
}

/** `fleetledger nfz list|at|ics`: what is known of no-fly zones. */
import { writeFile } from "node:fs/promises";
import { type Command, Option } from "commander";
import { formatInstant } from "../../../../projections/time/instant.ts";
import { instant, someText } from "../../options/command.ts";
import { type LedgerOptions, addLedgerOptions, namedLedger } from "../../options/named-ledger.ts";
import { type PositionOptions, addPositionOptions, positionQuery } from "../../options/position.ts";
import { queryText } from "../../server/answers.ts";
import { askLedger } from "../decisions/ask-ledger.ts";
import type { Terminal } from "../../terminal/terminal.ts";
import { formatOption } from "../decisions/decision-options.ts";
import { type AtJson, type ListJson, atWords, listWords } from "./words.ts";

interface ReadOptions extends LedgerOptions, PositionOptions {
  readonly cluster?: string;
  readonly from?: number;
  readonly to?: number;
  readonly format: "text" | "json";
}

interface AtOptions extends ReadOptions {
  readonly instant?: number;
  readonly node?: string;
  readonly rollout?: string;
}

interface CalendarOptions extends ReadOptions {
  readonly out?: string;
}

export function addReads(nfz: Command, terminal: Terminal): void {
  read(nfz, "list", "List no-fly zones, with all changes applied.")
    .option("--cluster <name>", "only zones of this cluster", someText)
    .option("--from <instant>", "only zones with an occurrence that ends after it", instant)
    .option("--to <instant>", "only zones with an occurrence that begins before it", instant)
    .addOption(formatOption())
    .action(async (options: ReadOptions, command: Command) => {
      const text = await ask(terminal, command, options, "/v1/nfz", {});
      await print(terminal, options, text, (json) => listWords(json as ListJson));
    });
  read(nfz, "at", "Show what is in force at an instant, and what changes next.")
    .requiredOption("--cluster <name>", "the cluster", someText)
    .option("--instant <instant>", "the instant; default: now", instant)
    .option("--node <name>", "only zones that this node is in", someText)
    .option("--rollout <id>", "only zones that this rollout has to do with", someText)
    .addOption(formatOption())
    .action(async (options: AtOptions, command: Command) => {
      const { instant: at, node, rollout } = options;
      const query = { instant: at === undefined ? undefined : formatInstant(at), node, rollout };
      const text = await ask(terminal, command, options, "/v1/nfz/at", query);
      await print(terminal, options, text, (json) => atWords(json as AtJson));
    });
  read(nfz, "ics", "Write no-fly zones as an iCalendar feed.")
    .option("--cluster <name>", "only zones of this cluster", someText)
    .option("--from <instant>", "only what ends after it; default: 30 days ago", instant)
    .option("--to <instant>", "only what begins before it", instant)
    .option("--out <file>", "the file to write; default: standard output")
    .action(async (options: CalendarOptions, command: Command) => {
      const text = await ask(terminal, command, options, "/v1/nfz.ics", {});
      if (options.out === undefined) await terminal.out(text);
      else await writeFile(options.out, text);
    });
}

function read(nfz: Command, name: string, description: string): Command {
  return addPositionOptions(addLedgerOptions(nfz.command(name)))
    .description(description)
    .addOption(new Option("--actor <text>", "who asks; reads record nobody").hideHelp());
}

async function ask(
  terminal: Terminal,
  command: Command,
  options: ReadOptions,
  path: string,
  query: Readonly<Record<string, string | undefined>>,
): Promise<string> {
  const { cluster, from, to } = options;
  const members = {
    cluster,
    ...(from === undefined ? {} : { from: formatInstant(from) }),
    ...(to === undefined ? {} : { to: formatInstant(to) }),
    ...positionQuery(options),
    ...query,
  };
  const named = await namedLedger(options, command);
  return await askLedger(terminal, named, { method: "GET", path: `${path}${queryText(members)}` });
}

async function print(
  terminal: Terminal,
  { format }: ReadOptions,
  text: string,
  words: (json: unknown) => string,
): Promise<void> {
  await terminal.out(format === "json" ? `${text}\n` : `${words(JSON.parse(text))}\n`);
}

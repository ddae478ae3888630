/** What the commands that ask the ledger for a decision have in common. */
import { randomUUID } from "node:crypto";
import { type Command, Option } from "commander";
import { someText } from "../../options/command.ts";
import { type LedgerOptions, addLedgerOptions, namedLedger } from "../../options/named-ledger.ts";
import { askLedger } from "./ask-ledger.ts";
import type { Terminal } from "../../terminal/terminal.ts";

export interface DecisionOptions extends LedgerOptions {
  readonly actor: string;
  readonly reason?: string;
  readonly ticket?: string;
  readonly id?: string;
  readonly format: "text" | "json";
}

export function formatOption(): Option {
  return new Option("--format <format>", "how the answer is written")
    .choices(["text", "json"])
    .default("text");
}

export function addDecisionOptions(command: Command): Command {
  return addLedgerOptions(command)
    .requiredOption("--actor <text>", "who asks", someText)
    .option("--reason <text>", "why", someText)
    .option("--ticket <text>", "the ticket about it")
    .option("--id <uuid>", "the id of the first event: asked again with it, nothing is done twice")
    .addOption(formatOption());
}

/** Members of a body that every command says. */
export function saidOf({ actor, reason, ticket, id = randomUUID() }: DecisionOptions): object {
  return {
    id,
    actor,
    ...(reason === undefined ? {} : { reason }),
    ...(ticket === undefined ? {} : { ticket }),
  };
}

/** Asks for a decision and prints the answer; returns its text. */
export async function decide(
  terminal: Terminal,
  command: Command,
  options: DecisionOptions,
  asked: {
    readonly path: string;
    readonly body: object;
    readonly words: (answer: string) => string;
  },
): Promise<string> {
  const named = await namedLedger(options, command);
  const body = { ...saidOf(options), ...asked.body };
  const text = await askLedger(terminal, named, { method: "POST", path: asked.path, body });
  if (options.format === "json") await terminal.out(`${text}\n`);
  else await terminal.out(`${asked.words(text)}\n`);
  return text;
}

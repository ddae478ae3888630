/** What commands that only read about an instant have in common. */
import type { Command } from "commander";
import { formatInstant } from "../../../../projections/time/instant.ts";
import { maxListRows } from "../../../limits/requests.ts";
import { shownText } from "../../../shown-text.ts";
import { instant, someText } from "../../options/command.ts";
import { type LedgerOptions, addLedgerOptions, namedLedger } from "../../options/named-ledger.ts";
import { type PositionOptions, addPositionOptions, positionQuery } from "../../options/position.ts";
import { queryText } from "../../server/answers.ts";
import type { Terminal } from "../../terminal/terminal.ts";
import { askLedger } from "./ask-ledger.ts";
import { formatOption } from "./decision-options.ts";

export interface ReadOptions extends LedgerOptions, PositionOptions {
  readonly cluster?: string;
  readonly at?: number;
  readonly format: "text" | "json";
}

export function addReadOptions(command: Command): Command {
  return withInstant(
    addPositionOptions(addLedgerOptions(command)).option(
      "--cluster <name>",
      "the cluster; default: all",
      someText,
    ),
  );
}

/** Of a command that reads about one cluster. */
export interface ClusterReadOptions extends ReadOptions {
  readonly cluster: string;
}

export function addClusterReadOptions(command: Command): Command {
  return withInstant(
    addPositionOptions(addLedgerOptions(command)).requiredOption(
      "--cluster <name>",
      "the cluster",
      someText,
    ),
  );
}

function withInstant(command: Command): Command {
  return command
    .option("--at <instant>", "as it was just before this instant; default: now", instant)
    .addOption(formatOption());
}

export function instantAndPosition({ at, ...options }: ReadOptions): string {
  const instantText = at === undefined ? undefined : formatInstant(at);
  return queryText({ at: instantText, ...positionQuery(options) });
}

/** Every page of a list as one answer: `rows` is the member that has them, `more` are further parameters. */
export async function allRows<Answer extends object>(
  terminal: Terminal,
  command: Command,
  options: ReadOptions,
  path: string,
  rows: keyof Answer & string,
  more: Readonly<Record<string, string | number | undefined>> = {},
): Promise<Answer> {
  const named = await namedLedger(options, command);
  const { cluster, at } = options;
  const query = queryText({
    cluster,
    at: at === undefined ? undefined : formatInstant(at),
    ...more,
    limit: maxListRows,
    ...positionQuery(options),
  });
  const pages: Record<string, unknown>[] = [];
  for (let next: string | null = `${path}${query}`; next !== null;) {
    const text = await askLedger(terminal, named, { method: "GET", path: next });
    const page = JSON.parse(text) as Record<string, unknown> & { readonly next: string | null };
    pages.push(page);
    next = page.next;
  }
  const all = pages.flatMap((page) => page[rows] as unknown[]);
  return { ...pages[0], [rows]: all, next: null } as unknown as Answer;
}

export async function printRead<Answer>(
  terminal: Terminal,
  { format }: Pick<ReadOptions, "format">,
  answer: Answer,
  linesOf: (answer: Answer) => readonly string[],
): Promise<void> {
  const text =
    format === "json"
      ? `${JSON.stringify(answer, null, 2)}\n`
      : linesOf(answer)
          .map((line) => `${shownText(line)}\n`)
          .join("");
  await terminal.out(text);
}

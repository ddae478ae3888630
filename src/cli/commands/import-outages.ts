/** `fleetledger import outages`: an outage log in CSV, read by a map of its columns. */
import { readFile, stat } from "node:fs/promises";
import { InvalidArgumentError, Option } from "commander";
import type { Command } from "commander";
import { parseJsonText } from "../../http/bodies/json-body.ts";
import { importOutages } from "../../sources/outages/import-outages.ts";
import type {
  EventTaker,
  Outcome,
  OutageSummary,
  RowWord,
} from "../../sources/outages/import-outages.ts";
import { outageMap } from "../../sources/outages/outage-map.ts";
import type { OutageMap } from "../../sources/outages/outage-map.ts";
import { readOutageRows } from "../../sources/outages/outage-rows.ts";
import type { RowFilter } from "../../sources/outages/outage-rows.ts";
import type { AddCommand } from "../options/command.ts";
import type { LedgerOptions } from "../options/named-ledger.ts";
import { addLedgerOptions, namedLedger } from "../options/named-ledger.ts";
import { number } from "../../reports/text/figures.ts";
import { ImportWords } from "../terminal/import-words.ts";
import { withLedger } from "../options/open.ts";
import { ingest } from "../server/ingest.ts";
import type { Server } from "../server/server.ts";
import { startProgress } from "../terminal/progress.ts";
import { shownText } from "../../shown-text.ts";
import { exitCodes, UsageError } from "../terminal/terminal.ts";
import type { Terminal } from "../terminal/terminal.ts";

interface ImportOutagesOptions extends LedgerOptions {
  readonly map: string;
  readonly where?: readonly RowFilter[];
  readonly words?: string;
  readonly format: "text" | "json";
}

/** Notes that logs are full of: they are counted, and written out only to a file. */
const ordinary: ReadonlySet<RowWord["kind"]> = new Set(["no-cause", "cause-not-in-map", "no-end"]);

export const addImportOutages: AddCommand = (program, { terminal, done }) => {
  addLedgerOptions(program.command("outages"))
    .description("Import an outage log (CSV). A refused row does not stop the import.")
    .argument("<file>", "the file")
    .requiredOption(
      "--map <file>",
      "the map that says what the columns mean, such as examples/lanl.map.json",
    )
    .option("--where <column=value>", "only rows with this value; repeatable", filter)
    .option("--words <file>", "write every note about a row to this file, as NDJSON")
    .addOption(
      new Option("--format <format>", "format of the summary")
        .choices(["text", "json"])
        .default("text"),
    )
    .addHelpText(
      "after",
      "\ndocs/outage-maps.md describes the map. Importing the same log again appends nothing.",
    )
    .action(async (file: string, options: ImportOutagesOptions, command: Command) => {
      const named = await namedLedger(options, command);
      const map = await readMap(options.map);
      if ((await stat(file)).isDirectory()) throw new UsageError(`${file}: it is a folder`);
      // Checked before the store is opened, so that a map or a filter that does not fit does not create a ledger.
      await checkRows(file, map, options.where ?? []);
      const summary =
        "server" in named
          ? await importFile(takerAt(named.server), file, map, options, terminal)
          : await withLedger(terminal, named.store, "write", (ledger) =>
              importFile(ledger, file, map, options, terminal),
            );
      await terminal.out(summaryText(summary, options.format));
      if (summary.refused > 0) done(exitCodes.finding);
    });
};

/** Throws if the file's first line does not fit the map and the filters, or there is nothing to import. */
async function checkRows(
  file: string,
  map: OutageMap,
  filters: readonly RowFilter[],
): Promise<void> {
  const rows = readOutageRows(file, map, filters);
  const { done: none } = await rows.next();
  await rows.return(undefined);
  if (none !== true) return;
  const wanted = filters.map(({ column, value }) => `${column}=${value}`).join(" and ");
  throw new UsageError(wanted === "" ? `${file} has no rows` : `no row of ${file} has ${wanted}`);
}

function filter(text: string, before: readonly RowFilter[] = []): RowFilter[] {
  const at = text.indexOf("=");
  if (at < 1) throw new InvalidArgumentError("It has the form COLUMN=VALUE, such as System=18.");
  return [...before, { column: text.slice(0, at), value: text.slice(at + 1) }];
}

async function readMap(path: string): Promise<OutageMap> {
  const text = await readFile(path, "utf8");
  let json: unknown;
  try {
    // A map may name as many causes as the log has.
    json = parseJsonText(text, { maxMembers: Infinity });
  } catch (error) {
    throw new UsageError(`${path}: ${(error as Error).message}`, error);
  }
  const parsed = outageMap.safeParse(json);
  if (parsed.success) return parsed.data;
  const errors = parsed.error.issues.map((issue) => `  /${issue.path.join("/")} ${issue.message}`);
  throw new UsageError(`${path} is not a valid map of an outage log:\n${errors.join("\n")}`);
}

/** Sends events to a server. Throws UsageError, or the server's refusal, unless every event has an outcome. */
function takerAt(server: Server): EventTaker {
  return {
    submit: async (events) => {
      const outcomes: Outcome[] = [];
      const lines = events.map((event) => `${JSON.stringify(event)}\n`).join("");
      const summary = await ingest(server, oneBuffer(lines), {
        refusedOnly: false,
        onOutcome: (outcome) => {
          outcomes.push(
            outcome.status === "refused"
              ? {
                  ...outcome,
                  error: { message: outcome.error.detail, errors: outcome.error.errors },
                }
              : outcome,
          );
        },
      });
      if (summary.complete && outcomes.length === events.length) return outcomes;
      const why = summary.error?.detail ?? "it gave no reason";
      throw new UsageError(
        `the server ended the import early: ${why}. Run it again: events already imported are duplicates`,
      );
    },
  };
}

async function* oneBuffer(text: string): AsyncGenerator<Buffer> {
  yield Buffer.from(text);
}

async function importFile(
  ledger: EventTaker,
  file: string,
  map: OutageMap,
  options: ImportOutagesOptions,
  terminal: Terminal,
): Promise<OutageSummary> {
  const words = new ImportWords(terminal, "notes about rows", options.words);
  const progress = startProgress(terminal, "importing rows");
  try {
    return await importOutages(ledger, {
      path: file,
      map,
      filters: options.where ?? [],
      onWord: (word) =>
        ordinary.has(word.kind) ? words.note(word) : words.add(wordText(word), word),
      onProgress: progress.update,
    });
  } finally {
    progress.stop();
    await words.close("--words");
  }
}

function wordText({ row, line, kind, text }: RowWord): string {
  const where = row === null ? "members" : `row ${number(row)} (line ${number(line ?? 0)})`;
  return `${where}: ${kind === "refused" ? "refused: " : ""}${text}`;
}

function summaryText(summary: OutageSummary, format: "text" | "json"): string {
  if (format === "json") return `${JSON.stringify(summary)}\n`;
  const { rows, clusters, appended, duplicates, refused, notes, lastSequence } = summary;
  const lines = [
    `${number(rows)} rows of ${number(clusters)} clusters`,
    `${number(appended)} events appended, ${number(duplicates)} duplicates`,
    `${number(refused)} rows refused`,
    ...Object.entries(notes).map(([kind, count]) => `${number(count)} rows noted: ${kind}`),
    lastSequence === null ? "no event has a sequence" : `last sequence ${number(lastSequence)}`,
  ];
  return `${lines.map(shownText).join("\n")}\n`;
}

/** `fleetledger import outages`: an outage log in CSV, read by a map of its columns. A map is a source of kind csv. */
import { readFile, stat } from "node:fs/promises";
import { InvalidArgumentError, Option } from "commander";
import type { Command } from "commander";
import { formatInstant } from "../../../projections/time/instant.ts";
import { systemClock } from "../../clock.ts";
import { inputErrors } from "../../events/check/input-errors.ts";
import { parseJsonText } from "../../json/json-text.ts";
import { number } from "../../reports/text/figures.ts";
import { shownText } from "../../shown-text.ts";
import { outageMap } from "../../sources/config/outage-map.ts";
import type { OutageMap } from "../../sources/config/outage-map.ts";
import type { SourceOf } from "../../sources/config/sources-file.ts";
import type { Answer } from "../../sources/intake/answer.ts";
import {
  previewPayload,
  standingOfNothing,
  takePayload,
} from "../../sources/intake/take-payload.ts";
import { sourceTag } from "../../sources/reconcile/names.ts";
import type { AddCommand } from "../options/command.ts";
import { instant } from "../options/command.ts";
import type { LedgerOptions, NamedLedger } from "../options/named-ledger.ts";
import { addLedgerOptions, namedLedger } from "../options/named-ledger.ts";
import { withLedger } from "../options/open.ts";
import { sendForJson } from "../server/server.ts";
import { ImportWords } from "../terminal/import-words.ts";
import { exitCodes, UsageError } from "../terminal/terminal.ts";
import type { Terminal } from "../terminal/terminal.ts";
import { previewText } from "./sources/payload-words.ts";
import { type PayloadRequest, previewAt, previewIn } from "./sources/preview.ts";

interface ImportOutagesOptions extends LedgerOptions {
  readonly map: string;
  readonly where?: Readonly<Record<string, string>>;
  readonly words?: string;
  readonly exportedAt?: number;
  readonly dryRun?: boolean;
  readonly format: "text" | "json";
}

/** Notes that logs are full of: they are counted, and written out only to a file. */
const ordinary: ReadonlySet<string> = new Set(["no-cause", "cause-not-in-map", "no-end"]);

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
    .option(
      "--exported-at <instant>",
      "when the log was written; default: when it was changed",
      instant,
    )
    .option("--dry-run", "say what would be appended, and append nothing")
    .addOption(
      new Option("--format <format>", "format of the summary")
        .choices(["text", "json"])
        .default("text"),
    )
    .addHelpText(
      "after",
      "\ndocs/outage-maps.md describes the map. Importing the same log again appends nothing. A server needs a source of kind csv that has the map's name.",
    )
    .action(async (file: string, options: ImportOutagesOptions, command: Command) => {
      const named = await namedLedger(options, command);
      if ("server" in named && options.where !== undefined)
        throw new UsageError(
          "--where goes with --store: the server's own map says which rows count",
        );
      const source = await readSource(options);
      const log = await readLog(file, options);
      // Checked before the store is opened, so that a map or a filter that does not fit does not create a ledger.
      const alone = standingOfNothing(systemClock.nowMs());
      const { answer: checked } = await previewPayload(
        alone,
        source,
        log.text,
        metaOf(source, log),
      );
      if (checked.observations === 0)
        throw new UsageError(`${file} has no rows${whereWords(source)}`);
      if (options.dryRun === true) {
        await terminal.out(await preview(terminal, named, source, log, options));
        return;
      }
      const answer =
        "server" in named
          ? await sendForJson<Answer>(named.server, { method: "POST", ...requestOf(source, log) })
          : await withLedger(terminal, named.store, "write", (ledger) =>
              takePayload(ledger, source, log.text, metaOf(source, log)),
            );
      await sayWords(terminal, answer, options.words);
      await terminal.out(summaryText(answer, options.format));
      if (answer.refused.length > 0) done(exitCodes.finding);
    });
};

interface Log {
  readonly text: string;
  /** When it was written. */
  readonly exportedAt: number;
}

async function readLog(file: string, { exportedAt }: ImportOutagesOptions): Promise<Log> {
  const written = await stat(file);
  if (written.isDirectory()) throw new UsageError(`${file}: it is a folder`);
  const text = await readFile(file, "utf8");
  return { text, exportedAt: exportedAt ?? Math.floor(written.mtimeMs) };
}

function metaOf(source: SourceOf<"csv">, { exportedAt }: Log) {
  return { actor: sourceTag(source), exportedAt };
}

async function preview(
  terminal: Terminal,
  named: NamedLedger,
  source: SourceOf<"csv">,
  log: Log,
  { format }: ImportOutagesOptions,
): Promise<string> {
  if ("server" in named)
    return previewText(await previewAt(named.server, requestOf(source, log)), format);
  const made = await previewIn(terminal, named.store, source, log.text, metaOf(source, log));
  return previewText(made, format);
}

/** The server has a map of its own, as a source of that name. */
function requestOf({ name }: SourceOf<"csv">, log: Log): PayloadRequest {
  return {
    path: `/v1/sources/${name}?exportedAt=${formatInstant(log.exportedAt)}`,
    headers: { "content-type": "text/csv" },
    body: log.text,
  };
}

async function sayWords(
  terminal: Terminal,
  { refused, notes }: Answer,
  path: string | undefined,
): Promise<void> {
  const words = new ImportWords(terminal, "notes about rows", path);
  for (const each of refused) {
    const word = { path: each.path, kind: "refused", text: each.detail };
    await words.add(`${placeOf(each.path)}: refused: ${each.detail}`, word);
  }
  for (const { path: place, kind = "note", detail } of notes) {
    const word = { path: place, kind, text: detail };
    if (ordinary.has(kind)) await words.note(word);
    else await words.add(`${placeOf(place)}: ${detail}`, word);
  }
  await words.close("--words");
}

function filter(
  text: string,
  before: Readonly<Record<string, string>> = {},
): Record<string, string> {
  const at = text.indexOf("=");
  if (at < 1) throw new InvalidArgumentError("It has the form COLUMN=VALUE, such as System=18.");
  return { ...before, [text.slice(0, at)]: text.slice(at + 1) };
}

function whereWords({ where = {} }: SourceOf<"csv">): string {
  const wanted = Object.entries(where).map(([column, value]) => `${column}=${value}`);
  return wanted.length === 0 ? "" : ` with ${wanted.join(" and ")}`;
}

async function readSource({ map: file, where }: ImportOutagesOptions): Promise<SourceOf<"csv">> {
  const map = await readMap(file);
  const wanted = { ...map.where, ...where };
  return {
    ...map,
    kind: "csv",
    observes: false,
    ...(Object.keys(wanted).length === 0 ? {} : { where: wanted }),
  };
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
  const parsed = outageMap.safeParse(json, { reportInput: true });
  if (parsed.success) return parsed.data;
  const errors = inputErrors(parsed.error.issues, "").map(
    (error) => `  ${error.path} ${error.message}`,
  );
  throw new UsageError(`${path} is not a valid map of an outage log:\n${errors.join("\n")}`);
}

function placeOf(path: string): string {
  const [, row] = /^\/rows\/(\d+)$/.exec(path) ?? [];
  return row === undefined ? "members" : `row ${number(Number(row))}`;
}

function summaryText(answer: Answer, format: "text" | "json"): string {
  const counts = new Map<string, number>();
  for (const { kind = "note" } of answer.notes) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  const { observations, appended, duplicates, absorbed, refused } = answer;
  if (format === "json") {
    const notes = Object.fromEntries(counts);
    const summary = { rows: observations, appended, duplicates, absorbed, refused: refused.length };
    return `${JSON.stringify({ ...summary, notes })}\n`;
  }
  const lines = [
    `${number(observations)} rows`,
    `${number(appended)} events appended, ${number(duplicates)} duplicates, ${number(absorbed)} rows known already`,
    `${number(refused.length)} rows refused`,
    ...[...counts].map(([kind, count]) => `${number(count)} rows noted: ${kind}`),
  ];
  return `${lines.map(shownText).join("\n")}\n`;
}

/** `fleetledger import events`: NDJSON of this ledger's events, line by line. */
import { at } from "../../../projections/arithmetic/invariants.ts";
import { createReadStream } from "node:fs";
import { access, constants, stat } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { Option } from "commander";
import type { Command } from "commander";
import type { IngestSummary } from "../../http/bodies/ndjson-answer.ts";
import { ingestNdjson } from "../../http/bodies/ndjson-ingest.ts";
import { refusalJson } from "../../http/submissions/submission-json.ts";
import type { RefusalJson } from "../../http/submissions/submission-json.ts";
import { reasonOf } from "../terminal/refusal-words.ts";
import { importReadBytes } from "../../limits/requests.ts";
import type { FillingLedger } from "../../ledger/filling/filling-ledger.ts";
import { filePathOf } from "../../ledger/open-store.ts";
import type { Submission } from "../../ledger/append/submission.ts";
import { shownText } from "../../shown-text.ts";
import type { AddCommand } from "../options/command.ts";
import type { LedgerOptions, NamedLedger } from "../options/named-ledger.ts";
import { addLedgerOptions, namedLedger } from "../options/named-ledger.ts";
import { number } from "../../reports/text/figures.ts";
import { ImportWords } from "../terminal/import-words.ts";
import { withFilling, withLedger } from "../options/open.ts";
import { ingest } from "../server/ingest.ts";
import type { Server } from "../server/server.ts";
import type { Progress } from "../terminal/progress.ts";
import { startProgress } from "../terminal/progress.ts";
import { exitCodes, UsageError } from "../terminal/terminal.ts";
import type { Terminal } from "../terminal/terminal.ts";

interface ImportEventsOptions extends LedgerOptions {
  readonly keepRecordedAt?: boolean;
  readonly refused?: string;
  readonly format: "text" | "json";
}

export const addImportEvents: AddCommand = (program, { terminal, done }) => {
  addLedgerOptions(program.command("events"))
    .description("Import events as NDJSON. A refused line does not stop the import.")
    .argument("<file>", "the file to read; - means standard input")
    .option(
      "--keep-recorded-at",
      "preserve the recordedAt of each line (for simulations and moves); only into an empty ledger",
    )
    .option("--refused <file>", "write every refused line and the reason to this file, as NDJSON")
    .addOption(
      new Option("--format <format>", "format of the summary")
        .choices(["text", "json"])
        .default("text"),
    )
    .addHelpText(
      "after",
      "\nAn interrupted import can be run again: events already in the ledger are duplicates." +
        "\nThe lines that `export` and `simulate` write have recordedAt and need --keep-recorded-at.",
    )
    .action(async (file: string, options: ImportEventsOptions, command: Command) => {
      const named = await namedLedger(options, command);
      if ("server" in named && options.keepRecordedAt === true) {
        throw new UsageError(
          "--keep-recorded-at needs --store: a server does not accept recorded times",
        );
      }
      // Checked before the store is opened, so that a mistyped name does not create a ledger.
      const totalBytes = file === "-" ? 0 : await readableSize(file);
      const take = (takeIn: TakeIn) =>
        importEvents(takeIn, { file, totalBytes }, options, terminal);
      const summary = await taken(named, options, terminal, take);
      await terminal.out(summaryText(summary, options.format));
      if (!summary.complete || summary.refused > 0) done(exitCodes.finding);
    });
};

/** Events that keep their recorded times only fill a ledger: with two processors, another thread makes its views. */
async function taken(
  named: NamedLedger,
  { keepRecordedAt = false }: ImportEventsOptions,
  terminal: Terminal,
  take: (takeIn: TakeIn) => Promise<IngestSummary>,
): Promise<IngestSummary> {
  if ("server" in named) return await take(sendTo(named.server));
  const path = keepRecordedAt && availableParallelism() > 1 ? filePathOf(named.store) : null;
  if (path !== null)
    return await withFilling(terminal, path, (ledger) =>
      take(submitTo((inputs) => ledger.submit(inputs))),
    );
  const options = { preserveTimestamps: keepRecordedAt };
  return await withLedger(terminal, named.store, "write", (ledger) =>
    take(submitTo((inputs) => ledger.submit(inputs, options))),
  );
}

/** The size of a file in bytes. Throws the system's error if it cannot be read. */
async function readableSize(path: string): Promise<number> {
  const found = await stat(path);
  if (found.isDirectory()) throw new UsageError(`${path}: it is a folder`);
  await access(path, constants.R_OK);
  return found.size;
}

/** Imports the lines; refused ones are reported to `words`. */
type TakeIn = (lines: AsyncIterable<Buffer>, words: ImportWords) => Promise<IngestSummary>;

function submitTo(submit: FillingLedger["submit"]): TakeIn {
  return (lines, words) =>
    ingestNdjson(
      { submit },
      lines,
      { write: (numbers, outcomes) => sayRefused(words, numbers, outcomes) },
      new AbortController().signal,
    );
}

function sendTo(server: Server): TakeIn {
  return (lines, words) =>
    ingest(server, lines, {
      refusedOnly: true,
      onOutcome: async (outcome) => {
        if (outcome.status === "refused") await sayLine(words, outcome.line, outcome);
      },
    });
}

async function importEvents(
  takeIn: TakeIn,
  { file, totalBytes }: { readonly file: string; readonly totalBytes: number },
  options: ImportEventsOptions,
  terminal: Terminal,
): Promise<IngestSummary> {
  const words = new ImportWords(terminal, "refused lines", options.refused);
  const progress = startProgress(terminal, "importing (KiB)");
  try {
    const source =
      file === "-" ? process.stdin : createReadStream(file, { highWaterMark: importReadBytes });
    return await takeIn(counted(source, totalBytes, progress), words);
  } finally {
    progress.stop();
    await words.close("--refused");
  }
}

async function* counted(
  source: AsyncIterable<Buffer>,
  totalBytes: number,
  progress: Progress,
): AsyncGenerator<Buffer> {
  let bytes = 0;
  for await (const chunk of source) {
    yield chunk;
    bytes += chunk.length;
    progress.update(Math.floor(bytes / 1_024), Math.ceil(Math.max(totalBytes, bytes) / 1_024));
  }
}

async function sayRefused(
  words: ImportWords,
  lines: readonly { readonly number: number }[],
  outcomes: readonly Submission[],
): Promise<void> {
  for (const [i, outcome] of outcomes.entries()) {
    if (outcome.status !== "refused") continue;
    const { id, error } = outcome;
    await sayLine(words, at(lines, i).number, { id, error: refusalJson(error) });
  }
}

async function sayLine(
  words: ImportWords,
  line: number,
  { id, error }: { readonly id: string | null; readonly error: RefusalJson },
): Promise<void> {
  const reason = reasonOf({ message: error.detail, errors: error.errors });
  await words.add(`line ${number(line)}: ${reason}`, { line, id, error });
}

function summaryText(summary: IngestSummary, format: "text" | "json"): string {
  if (format === "json") return `${JSON.stringify(summary)}\n`;
  const { appended, duplicates, refused, lastSequence } = summary;
  const lines = [
    `${number(appended)} appended, ${number(duplicates)} duplicates, ${number(refused)} refused`,
    lastSequence === null ? "no event has a sequence" : `last sequence ${number(lastSequence)}`,
  ];
  if (summary.error !== undefined) {
    lines.push(`cut off after line ${number(summary.lastLine)}: ${summary.error.detail}`);
  }
  return `${lines.map(shownText).join("\n")}\n`;
}

/** `fleetledger import events`: NDJSON of this ledger's events, line by line. */
import { createReadStream } from "node:fs";
import { access, constants, stat } from "node:fs/promises";
import { Option } from "commander";
import type { IngestSummary } from "../../http/bodies/ndjson-answer.ts";
import { ingestNdjson } from "../../http/bodies/ndjson-ingest.ts";
import { refusalJson } from "../../http/submissions/submission-json.ts";
import { reasonOf } from "../../sources/outages/import-outages.ts";
import type { Ledger } from "../../ledger/ledger.ts";
import type { Submission } from "../../ledger/append/submission.ts";
import { shownText } from "../../shown-text.ts";
import { storeOption } from "../options/command.ts";
import type { AddCommand } from "../options/command.ts";
import { number } from "../../reports/text/figures.ts";
import { ImportWords } from "../terminal/import-words.ts";
import { withLedger } from "../options/open.ts";
import type { Progress } from "../terminal/progress.ts";
import { startProgress } from "../terminal/progress.ts";
import { exitCodes, UsageError } from "../terminal/terminal.ts";
import type { Terminal } from "../terminal/terminal.ts";

interface ImportEventsOptions {
  readonly store: string;
  readonly keepRecordedAt?: boolean;
  readonly refused?: string;
  readonly format: "text" | "json";
}

export const addImportEvents: AddCommand = (program, { terminal, done }) => {
  program
    .command("events")
    .description("Take in NDJSON of events; a line that is refused costs only that line.")
    .argument("<file>", "the file; - is standard input")
    .addOption(storeOption())
    .option(
      "--keep-recorded-at",
      "keep the recordedAt of each line: for simulations and moves, into an empty ledger only",
    )
    .option("--refused <file>", "write every refused line there, with the reason, as NDJSON")
    .addOption(
      new Option("--format <format>", "of the summary").choices(["text", "json"]).default("text"),
    )
    .addHelpText(
      "after",
      "\nAn import that was cut off can be run again: what is there already is a duplicate." +
        "\nLines of `export` and `simulate` carry recordedAt and need --keep-recorded-at.",
    )
    .action(async (file: string, options: ImportEventsOptions) => {
      // Before the store is opened: a mistyped name leaves no new ledger behind.
      const totalBytes = file === "-" ? 0 : await readableSize(file);
      const summary = await withLedger(terminal, options.store, "write", (ledger) =>
        importEvents(ledger, { file, totalBytes }, options, terminal),
      );
      await terminal.out(summaryText(summary, options.format));
      if (!summary.complete || summary.refused > 0) done(exitCodes.finding);
    });
};

/** Bytes of a file that can be read. Throws what the system says of one that cannot. */
async function readableSize(path: string): Promise<number> {
  const found = await stat(path);
  if (found.isDirectory()) throw new UsageError(`${path}: it is a folder`);
  await access(path, constants.R_OK);
  return found.size;
}

async function importEvents(
  ledger: Ledger,
  { file, totalBytes }: { readonly file: string; readonly totalBytes: number },
  options: ImportEventsOptions,
  terminal: Terminal,
): Promise<IngestSummary> {
  const words = new ImportWords(terminal, "refused lines", options.refused);
  const progress = startProgress(terminal, "importing (KiB)");
  const preserveTimestamps = options.keepRecordedAt === true;
  try {
    return await ingestNdjson(
      { submit: (inputs) => ledger.submit(inputs, { preserveTimestamps }) },
      counted(file === "-" ? process.stdin : createReadStream(file), totalBytes, progress),
      { write: (lines, outcomes) => sayRefused(words, lines, outcomes) },
      new AbortController().signal,
    );
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
    const line = lines[i]?.number ?? 0;
    const { id, error } = outcome;
    await words.add(`line ${number(line)}: ${reasonOf(error)}`, {
      line,
      id,
      error: refusalJson(error),
    });
  }
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

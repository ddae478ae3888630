/** `fleetledger import source` and `import cloudevents`: payloads of other systems, as they send them. */
import { readFile, stat } from "node:fs/promises";
import { text as readStream } from "node:stream/consumers";
import { InvalidArgumentError, Option } from "commander";
import { parseInstant } from "../../../projections/time/instant.ts";
import { parseJsonText } from "../../http/bodies/json-body.ts";
import { number } from "../../reports/text/figures.ts";
import { shownText } from "../../shown-text.ts";
import { readSources } from "../../sources/config/sources-file.ts";
import type { Source } from "../../sources/config/sources-file.ts";
import { takeCloudEvents } from "../../sources/intake/take-cloud-events.ts";
import { takePayload } from "../../sources/intake/take-payload.ts";
import type { Answer } from "../../sources/intake/answer.ts";
import { isLedgerError } from "../../errors.ts";
import type { AddCommand } from "../options/command.ts";
import { storeOption } from "../options/command.ts";
import { withLedger } from "../options/open.ts";
import { exitCodes, UsageError } from "../terminal/terminal.ts";

interface SourceOptions {
  readonly store: string;
  readonly sources: string;
  readonly exportedAt?: number;
  readonly strict?: boolean;
  readonly format: "text" | "json";
}

const formatOption = () =>
  new Option("--format <format>", "format of the answer").choices(["text", "json"]).default("text");

export const addImportSource: AddCommand = (program, { terminal, done }) => {
  program
    .command("source")
    .description("Import a payload of a source, such as a file of sacctmgr or a list of nodes.")
    .argument("<name>", "the source's name in the configuration")
    .argument("<file>", "the payload; - means standard input")
    .addOption(storeOption())
    .requiredOption("--sources <file>", "the configuration of the sources")
    .option(
      "--exported-at <instant>",
      "when the file was written; default: when it was changed",
      toInstant,
    )
    .option("--strict", "append nothing if anything is refused")
    .addOption(formatOption())
    .action(async (name: string, file: string, options: SourceOptions) => {
      const source = named(await readConfiguration(options.sources), name);
      const { text, writtenAt } = await readPayload(file);
      const body = bodyOf(source, text, file);
      const { exportedAt = writtenAt, strict } = options;
      const answer = await withLedger(terminal, options.store, "write", (ledger) =>
        takePayload(ledger, source, body, { actor: actorOf(source), exportedAt, strict }),
      );
      await terminal.out(answerText(answer, options.format));
      if (answer.refused.length > 0) done(exitCodes.finding);
    });
};

export const addImportCloudEvents: AddCommand = (program, { terminal, done }) => {
  program
    .command("cloudevents")
    .description("Import one CloudEvent or a batch of them, as JSON.")
    .argument("<file>", "the events; - means standard input")
    .addOption(storeOption())
    .option("--sources <file>", "the configuration of the sources that take other types")
    .action(async (file: string, options: { store: string; sources?: string }) => {
      const sources = options.sources === undefined ? [] : await readConfiguration(options.sources);
      const { text } = await readPayload(file);
      const body = parsed(text, file);
      const form = Array.isArray(body) ? "cloudevents-batch" : "cloudevents";
      const request = { contentType: `application/${form}+json`, headers: {}, body };
      const { outcomes } = await withLedger(terminal, options.store, "write", (ledger) =>
        takeCloudEvents(ledger, sources, request, { actor: "cloudevents" }),
      );
      let isRefused = false;
      const lines = outcomes.map((outcome, i) => {
        if (outcome.is === "payload") {
          isRefused ||= outcome.answer.refused.length > 0;
          return `event ${i + 1}: ${summary(outcome.answer)}`;
        }
        const error =
          outcome.is === "refused"
            ? outcome.error
            : outcome.submission.status === "refused"
              ? outcome.submission.error
              : null;
        isRefused ||= error !== null;
        const became = outcome.is === "fact" ? outcome.submission.status : "refused";
        return `event ${i + 1}: ${error === null ? became : `refused: ${error.message}`}`;
      });
      await terminal.out(lines.map((line) => `${shownText(line)}\n`).join(""));
      if (isRefused) done(exitCodes.finding);
    });
};

function toInstant(text: string): number {
  const instant = parseInstant(text);
  if (instant === null) throw new InvalidArgumentError("It must be an RFC 3339 instant.");
  return instant;
}

/** Who states it, where no key says so. */
function actorOf({ kind, name }: Source): string {
  return `${kind}:${name}`;
}

async function readConfiguration(path: string): Promise<readonly Source[]> {
  try {
    return readSources(parsed(await readFile(path, "utf8"), path));
  } catch (error) {
    if (!isLedgerError(error, "invalid-request")) throw error;
    const lines = error.errors.map((each) => `  ${each.path} ${each.message}`);
    throw new UsageError(`${path} is not a valid configuration of sources:\n${lines.join("\n")}`);
  }
}

function named(sources: readonly Source[], name: string): Source {
  const source = sources.find((each) => each.name === name);
  if (source !== undefined) return source;
  const names = sources.map((each) => each.name).join(", ");
  throw new UsageError(`the configuration has no source "${name}"; it has ${names || "none"}`);
}

async function readPayload(file: string): Promise<{ text: string; writtenAt?: number }> {
  if (file === "-") return { text: await readStream(process.stdin) };
  const { mtimeMs } = await stat(file);
  return { text: await readFile(file, "utf8"), writtenAt: Math.floor(mtimeMs) };
}

/** A table as it is, JSON parsed; the lines of a watch are a list. */
function bodyOf({ kind }: Source, text: string, file: string): unknown {
  if (kind === "slurm-events" || kind === "slurm-jobs") return text;
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  const isWatch = kind === "kubernetes" && lines.length > 1 && isWhole(lines[0] ?? "");
  return isWatch ? lines.map((line) => parsed(line, file)) : parsed(text, file);
}

function isWhole(line: string): boolean {
  const trimmed = line.trim();
  return trimmed.startsWith("{") && trimmed.endsWith("}");
}

function parsed(text: string, file: string): unknown {
  try {
    return parseJsonText(text, { maxMembers: Infinity });
  } catch (error) {
    if (!isLedgerError(error)) throw error;
    throw new UsageError(`${file}: ${error.message}`, error);
  }
}

function summary({ appended, duplicates, absorbed, ignored, refused }: Answer): string {
  return [
    `${number(appended)} events appended`,
    `${number(duplicates)} duplicates`,
    `${number(absorbed)} observations known already`,
    `${number(ignored)} ignored`,
    `${number(refused.length)} refused`,
  ].join(", ");
}

function answerText(answer: Answer, format: "text" | "json"): string {
  if (format === "json") return `${JSON.stringify(answer)}\n`;
  const { observations, truncated, refused, notes } = answer;
  const lines = [
    `${number(observations)} observations`,
    summary(answer),
    ...(truncated > 0 ? [`${number(truncated)} left out by the sender`] : []),
    ...refused.map(({ path, detail }) => `refused ${path}: ${detail}`),
    ...notes.map(({ path, detail }) => `note ${path}: ${detail}`),
  ];
  return `${lines.map(shownText).join("\n")}\n`;
}

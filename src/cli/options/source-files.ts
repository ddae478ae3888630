/** The configuration of sources, and payloads as files. */
import { readFile, stat } from "node:fs/promises";
import { text as readStream } from "node:stream/consumers";
import { isLedgerError } from "../../errors.ts";
import { parseJsonText } from "../../json/json-text.ts";
import { readSources } from "../../sources/config/sources-file.ts";
import type { Source, SourcesFile } from "../../sources/config/sources-file.ts";
import { UsageError } from "../terminal/terminal.ts";

/** Throws UsageError with every fault of the file by JSON pointer. */
export async function readConfiguration(path: string): Promise<SourcesFile> {
  try {
    return readSources(parsed(await readFile(path, "utf8"), path));
  } catch (error) {
    if (!isLedgerError(error, "invalid-request")) throw error;
    const lines = error.errors.map((each) => `  ${each.path} ${each.message}`);
    throw new UsageError(`${path} is not a valid configuration of sources:\n${lines.join("\n")}`);
  }
}

/** Throws UsageError, which names the sources that there are. */
export function namedSource<S extends { readonly name: string }>(
  sources: readonly S[],
  name: string,
): S {
  const source = sources.find((each) => each.name === name);
  if (source !== undefined) return source;
  const names = sources.map((each) => each.name).join(", ");
  throw new UsageError(`the configuration has no source "${name}"; it has ${names || "none"}`);
}

/** A payload as it is in its file, and when that was changed; `-` is standard input. */
export interface PayloadFile {
  readonly file: string;
  readonly text: string;
  /** Milliseconds since the epoch. */
  readonly writtenAt?: number;
}

export async function readPayload(file: string): Promise<PayloadFile> {
  if (file === "-") return { file, text: await readStream(process.stdin) };
  const { mtimeMs } = await stat(file);
  return { file, text: await readFile(file, "utf8"), writtenAt: Math.floor(mtimeMs) };
}

const textKinds: ReadonlySet<string> = new Set(["slurm-events", "slurm-jobs", "csv"]);

/** A table as it is, JSON parsed; the lines of a watch are a list. */
export function payloadBody(kind: Source["kind"], { text, file }: PayloadFile): unknown {
  if (textKinds.has(kind)) return text;
  const lines = linesOf(text);
  const isWatch = kind === "kubernetes" && isLines(lines);
  return isWatch ? lines.map((line) => parsed(line, file)) : parsed(text, file);
}

/** The media type by which a server takes the payload, by its form: a source's own key may not ask what kind it is. */
export function payloadType({ text }: PayloadFile): string {
  if (!/^\s*[{[]/.test(text)) return "text/plain";
  return isLines(linesOf(text)) ? "application/x-ndjson" : "application/json";
}

function linesOf(text: string): string[] {
  return text.split("\n").filter((line) => line.trim() !== "");
}

/** Whether each line is an object of its own, as in a watch. */
function isLines(lines: readonly string[]): boolean {
  const first = lines[0]?.trim() ?? "";
  return lines.length > 1 && first.startsWith("{") && first.endsWith("}");
}

function parsed(text: string, file: string): unknown {
  try {
    return parseJsonText(text, { maxMembers: Infinity });
  } catch (error) {
    if (!isLedgerError(error)) throw error;
    throw new UsageError(`${file}: ${error.message}`, error);
  }
}

/**
 * The bundle: a whole ledger, or its beginning, in one text file that can be checked without the
 * ledger. A format line, the canonical text of each event in the order of sequence, an empty line, and
 * the signed checkpoint. Every byte is fixed by the format, hashed into the tree, or signed.
 */
import { createReadStream } from "node:fs";
import { LedgerError } from "../errors.ts";
import { maxEventBytes } from "../limits/events.ts";

/** The first line of a bundle of facts alone, and of one that holds a decision: versions that know no decisions refuse the second by its name. */
const factsFormat = "fleetledger bundle 1";
const decisionsFormat = "fleetledger bundle 2";
export const bundleFormats = [factsFormat, decisionsFormat] as const;

export type BundleFormat = (typeof bundleFormats)[number];

/** Where a decision begins in a leaf: no type's data have such a member. */
export const decisionBegin = '},"decision":{';

function bundleFormatOf(holdsDecisions: boolean): BundleFormat {
  return holdsDecisions ? decisionsFormat : factsFormat;
}

/** Holds a bundle's first line against what it holds, once that is known. Throws `invalid-request`. */
export function assertFormat(format: BundleFormat, holdsDecisions: boolean): void {
  if (format === bundleFormatOf(holdsDecisions)) return;
  const what = holdsDecisions ? "holds decisions" : "holds no decision";
  throw notABundle(1, `it begins with "${format}", but ${what}`);
}

function isBundleFormat(line: string): line is BundleFormat {
  return bundleFormats.some((format) => format === line);
}

export function unknownFormat(): LedgerError {
  return notABundle(1, `it begins with neither "${factsFormat}" nor "${decisionsFormat}"`);
}

/** A signed checkpoint: origin, size, root and a few signatures. */
export const maxCheckpointBytes = 64 * 1024;
/** The size of an event with its envelope: what a sender may state, with stream, revision and times around it. */
export const maxLineBytes = 2 * maxEventBytes;

/** Yields the text of a bundle, piece by piece; `checkpoint` is called when the events are written. */
export async function* bundleText(
  leaves: AsyncIterable<readonly string[]>,
  checkpoint: () => Promise<string>,
  holdsDecisions: boolean = false,
): AsyncGenerator<string> {
  yield `${bundleFormatOf(holdsDecisions)}\n`;
  for await (const batch of leaves) yield batch.map((leaf) => `${leaf}\n`).join("");
  yield `\n${await checkpoint()}`;
}

/** Why a file that was not copied whole is refused. */
export const cutOff = "it ends before its checkpoint, so part of it is missing";

export interface BundleReader {
  /** The events' texts in order, in batches. */
  leaves(): AsyncIterable<readonly string[]>;
  /** The signed checkpoint at the end; `null` until the events were read to there. */
  checkpoint(): string | null;
}

/** Reads a bundle. Its iterators throw `invalid-request` for what is not a bundle, naming the line. */
export function readBundle(path: string): BundleReader {
  let checkpoint: string | null = null;
  return {
    async *leaves() {
      const state: ReadState = { line: 0, tail: null, format: null, holdsDecisions: false };
      for await (const { lines, isEnd } of linesOf(path)) {
        // What stands after the last newline is part of the checkpoint, or an event that was cut off.
        if (isEnd && state.tail === null) throw notABundle(state.line + 1, cutOff);
        const batch = takeLines(lines, state);
        if (batch.length > 0) yield batch;
      }
      if (state.tail === null || state.format === null)
        throw new Error("the lines of a file have no end");
      assertFormat(state.format, state.holdsDecisions);
      checkpoint = state.tail.join("\n");
    },
    checkpoint: () => checkpoint,
  };
}

interface ReadState {
  /** Lines read so far. */
  line: number;
  /** The lines after the empty one that ends the events. */
  tail: string[] | null;
  format: BundleFormat | null;
  holdsDecisions: boolean;
}

function takeLines(lines: readonly string[], state: ReadState): string[] {
  const batch: string[] = [];
  for (const line of lines) {
    state.line++;
    if (state.line === 1) {
      if (!isBundleFormat(line)) throw unknownFormat();
      state.format = line;
    } else if (state.tail !== null) {
      state.tail.push(line);
    } else if (line === "") {
      state.tail = [];
    } else {
      state.holdsDecisions ||= line.includes(decisionBegin);
      batch.push(line);
    }
  }
  return batch;
}

interface FileLines {
  readonly lines: readonly string[];
  /** These are the last: one line, which stands after the last newline. */
  readonly isEnd: boolean;
}

/** The lines of a file, in batches. */
async function* linesOf(path: string): AsyncGenerator<FileLines> {
  const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  let rest = "";
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) {
    const lines = (rest + decode(decoder, chunk as Buffer, true)).split("\n");
    rest = lines.pop() ?? "";
    if (rest.length > Math.max(maxLineBytes, maxCheckpointBytes))
      throw notABundle(null, "a line is too long");
    yield { lines, isEnd: false };
  }
  yield { lines: [rest + decode(decoder, Buffer.alloc(0), false)], isEnd: true };
}

function decode(decoder: TextDecoder, bytes: Buffer, stream: boolean): string {
  try {
    return decoder.decode(bytes, { stream });
  } catch (error) {
    throw notABundle(null, "it is not UTF-8", error);
  }
}

export function notABundle(line: number | null, why: string, cause?: unknown): LedgerError {
  const where = line === null ? "" : ` (line ${line})`;
  return new LedgerError("invalid-request", `not a bundle: ${why}${where}`, { cause });
}

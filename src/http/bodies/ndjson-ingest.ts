/**
 * Streamed import: lines are read in chunks, and a chunk is appended while the next is read. Memory is bounded, since
 * reading waits for the ledger.
 */
import { setImmediate as nextTurn } from "node:timers/promises";
import type { Ledger } from "../../ledger/ledger.ts";
import type { Submission } from "../../ledger/append/submission.ts";
import { LedgerError, isLedgerError } from "../../errors.ts";
import {
  linesPerChunk,
  maxChunkBytes,
  maxChunksInFlight,
  maxLineBytes,
} from "../../limits/requests.ts";
import type { GiveId } from "../query/idempotency-key.ts";
import { parseJsonBytes, parseJsonText } from "../../json/json-text.ts";
import type { IngestAnswer, IngestSummary } from "./ndjson-answer.ts";
import type { RawLine } from "./ndjson-lines.ts";
import { LineSplitter } from "./ndjson-lines.ts";
import { ledgerErrorOf } from "../server/problem.ts";
import { count, emptyTally, refusalJson } from "../submissions/submission-json.ts";

/** The source of the bytes; it may want to know when they are no longer in memory. */
interface LineSource extends AsyncIterable<Buffer> {
  readonly done?: (bytes: number) => void;
}

/** The chunks in progress, in order, and the outcomes of those that are done. */
interface Progress {
  readonly giveId: GiveId;
  readonly tally: ReturnType<typeof emptyTally>;
  lastLine: number;
  readonly inFlight: Set<Promise<void>>;
  /** Settles when the answers of all chunks so far are written, in order. */
  last: Promise<void>;
}

/**
 * Reads NDJSON to its end, or until `stopping`, and writes the answer. What was read is always finished. `giveId` is
 * called with a line's index in the text, counting blank lines. Never rejects for bad input; the summary reports a
 * store that failed meanwhile.
 */
export async function ingestNdjson(
  ledger: Pick<Ledger, "submit">,
  source: LineSource,
  answer: Pick<IngestAnswer, "write">,
  stopping: AbortSignal,
  giveId: GiveId = (event) => event,
): Promise<IngestSummary> {
  const progress: Progress = {
    giveId,
    tally: emptyTally(),
    lastLine: 0,
    inFlight: new Set(),
    last: Promise.resolve(),
  };
  let failure: unknown = null;
  try {
    await readAll(ledger, source, answer, stopping, progress);
  } catch (error) {
    failure = error;
  }
  // After a failure, the chunks in progress still get their outcomes; the first failure is reported.
  for (const result of await Promise.allSettled(progress.inFlight)) {
    if (result.status === "rejected") failure ??= result.reason;
  }
  const { tally, lastLine } = progress;
  if (failure === null) return { ...tally, lastLine, complete: true };
  return { ...tally, lastLine, complete: false, error: refusalJson(ledgerErrorOf(failure)) };
}

async function readAll(
  ledger: Pick<Ledger, "submit">,
  source: LineSource,
  answer: Pick<IngestAnswer, "write">,
  stopping: AbortSignal,
  progress: Progress,
): Promise<void> {
  const splitter = new LineSplitter(maxLineBytes);
  let waiting: RawLine[] = [];
  let waitingBytes = 0;
  let heldBytes = 0;
  const start = async () => {
    while (progress.inFlight.size >= maxChunksInFlight) await oldest(progress.inFlight);
    const bytes = heldBytes;
    startChunk(ledger, waiting, answer, progress, () => source.done?.(bytes));
    waiting = [];
    waitingBytes = 0;
    heldBytes = 0;
  };
  const take = async (lines: readonly RawLine[]) => {
    for (const line of lines) {
      waiting.push(line);
      waitingBytes += line.content?.length ?? 0;
      if (waiting.length >= linesPerChunk || waitingBytes >= maxChunkBytes) await start();
    }
  };
  // A slow sender gets its answer at once; a fast one fills chunks, since a commit costs as much for few lines.
  const idle = async (next: Upcoming) => {
    await nextTurn();
    while (waiting.length > 0 && !next.isThere) {
      if (progress.inFlight.size === 0) await start();
      else await Promise.race([next.read, oldest(progress.inFlight)]);
    }
  };
  for await (const piece of piecesOf(source)) {
    const { value: bytes } = piece;
    heldBytes += bytes.length;
    await take(splitter.push(bytes));
    if (stopping.aborted) {
      if (waiting.length > 0) await start();
      throw new LedgerError("overloaded", "The ledger is stopping. Send the rest again.");
    }
    if (waiting.length > 0) await idle(piece.next);
  }
  await take(splitter.end());
  if (waiting.length > 0) await start();
}

/** Bytes that were asked for and may not be there yet. */
interface Upcoming {
  readonly read: Promise<IteratorResult<Buffer, unknown>>;
  isThere: boolean;
}

/** The pieces of a source, each with the one that is read after it. */
async function* piecesOf(
  source: AsyncIterable<Buffer>,
): AsyncGenerator<{ readonly value: Buffer; readonly next: Upcoming }, void> {
  const pieces: AsyncIterator<Buffer, unknown> = source[Symbol.asyncIterator]();
  try {
    for (let piece = await pieces.next(); piece.done !== true;) {
      const next = upcoming(pieces);
      yield { value: piece.value, next };
      piece = await next.read;
    }
  } finally {
    // Not waited for: a sender that keeps still would hold up the summary.
    void pieces.return?.().catch(() => undefined);
  }
}

function upcoming(pieces: AsyncIterator<Buffer, unknown>): Upcoming {
  const piece: Upcoming = { read: pieces.next(), isThere: false };
  const settle = () => {
    piece.isThere = true;
  };
  // Whoever waits for it is told of a failure; nobody may be waiting yet.
  piece.read.then(settle, settle);
  return piece;
}

/** Chunks end in their order; a failed one rejects here. */
async function oldest(inFlight: ReadonlySet<Promise<void>>): Promise<void> {
  const [first] = inFlight;
  await first;
}

function startChunk(
  ledger: Pick<Ledger, "submit">,
  lines: readonly RawLine[],
  answer: Pick<IngestAnswer, "write">,
  progress: Progress,
  done: () => void,
): void {
  const before = progress.last;
  const chunk = finishChunk(ledger, lines, answer, progress, before);
  progress.last = chunk;
  progress.inFlight.add(chunk);
  const forget = () => {
    progress.inFlight.delete(chunk);
    done();
  };
  // A failed chunk stays in the set, so that whoever waits for it next learns of the failure.
  chunk.then(forget, () => undefined);
}

async function finishChunk(
  ledger: Pick<Ledger, "submit">,
  lines: readonly RawLine[],
  answer: Pick<IngestAnswer, "write">,
  progress: Progress,
  before: Promise<void>,
): Promise<void> {
  // Started before the wait: chunks overlap in the ledger, but their answers keep their order.
  const submitted = submitLines(ledger, lines, progress.giveId);
  const [outcomes] = await Promise.all([submitted, before]);
  for (const outcome of outcomes) count(progress.tally, outcome);
  progress.lastLine = lines.at(-1)?.number ?? progress.lastLine;
  await answer.write(lines, outcomes);
}

/** The outcomes of lines, in their order; what is not JSON is not submitted. */
async function submitLines(
  ledger: Pick<Ledger, "submit">,
  lines: readonly RawLine[],
  giveId: GiveId,
): Promise<readonly Submission[]> {
  const refused = new Map<number, Submission>();
  const inputs: unknown[] = [];
  for (const [i, line] of lines.entries()) {
    try {
      inputs.push(giveId(parseLine(line), line.number - 1));
    } catch (error) {
      if (!isLedgerError(error)) throw error;
      refused.set(i, { status: "refused", id: null, error });
    }
  }
  const submissions = inputs.length === 0 ? [] : await ledger.submit(inputs);
  if (refused.size === 0) return submissions;
  const taken = submissions.values();
  return lines.map((_, i) => refused.get(i) ?? taken.next().value ?? missing());
}

function parseLine({ content, number }: RawLine): unknown {
  if (content === null) {
    throw new LedgerError("too-large", `The line is longer than ${maxLineBytes} bytes.`, {
      errors: [{ path: "/", message: `is longer than ${maxLineBytes} bytes` }],
    });
  }
  if (typeof content === "string") return parseJsonText(content);
  const hasByteOrderMark =
    number === 1 && content.length > 2 && content.readUIntBE(0, 3) === 0xefbbbf;
  return parseJsonBytes(hasByteOrderMark ? content.subarray(3) : content);
}

function missing(): never {
  throw new LedgerError(
    "internal",
    "The ledger returned fewer outcomes than events were submitted.",
  );
}

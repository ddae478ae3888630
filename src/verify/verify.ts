/** Verifies a bundle or a store, and says in a line each what was checked. */
import { stat } from "node:fs/promises";
import { isLedgerError } from "../errors.ts";
import { leastThreadedBytes, usualLeafBytes } from "../limits/seals.ts";
import { markedRecordedTimes } from "../ledger/append/recorded-times.ts";
import type { LeafStore } from "../store/leaf-store.ts";
import { positionMark } from "../store/sqlite/rows/marks.ts";
import { lookAtBlocks, threadsFor } from "./leaves/block-pool.ts";
import { BlockMemory, blocksOfTexts } from "./leaves/block-source.ts";
import { bundleBlocks } from "./bundle-blocks.ts";
import { isOver, signedByAnother } from "./bundle-signature.ts";
import { readBundle } from "./bundle.ts";
import { checkDerived } from "./check-derived.ts";
import type { CheckStep, Finding, HistoryCheck } from "./check-history.ts";
import { checkHistory } from "./check-history.ts";
import { checkLookups, checkStoredHashes } from "./check-stored-hashes.ts";
import { openCheckpoint, type SeenHead, type TreeHead } from "../tree/checkpoint.ts";
import { NoteError, type NoteVerifier } from "../tree/signed-note.ts";
import type { Cosigner } from "./cosignature.ts";
import { cosignatures } from "./cosignature.ts";

export interface VerifyOptions {
  readonly verifier: NoteVerifier;
  /** The head seen before: a history that does not go on from it is refused. */
  readonly since?: SeenHead | undefined;
  /** Whose signatures on a checkpoint are checked; those of others are passed over. */
  readonly witnesses?: readonly Cosigner[] | undefined;
  /** Whether a store without any seal is taken for what it is; else nothing vouches for it, and that is a finding. */
  readonly mayBeUnsealed?: boolean | undefined;
  /** Threads that look at blocks of events. Default: as many as are worth it. 0: none but the caller's. */
  readonly threads?: number | undefined;
  readonly onProgress?: ((step: CheckStep, events: number, of: number | null) => void) | undefined;
}

/** One line of what was checked. */
interface CheckedLine {
  readonly what: string;
  readonly words: string;
}

export interface Verification {
  readonly lines: readonly CheckedLine[];
  readonly findings: readonly Finding[];
  readonly head: TreeHead;
}

/** Throws `invalid-request` for a file that is not a bundle. */
export async function verifyBundle(path: string, options: VerifyOptions): Promise<Verification> {
  const foreign = await signedByAnother(path, options.verifier);
  if (foreign !== null) return foreign;
  const { size: sizeBytes } = await stat(path);
  // With the byte before the first leaf, and one more to see that the file ends. A pipe has no size.
  const memory = new BlockMemory(sizeBytes === 0 ? Infinity : sizeBytes + 2);
  const threads = options.threads ?? threadsFor(sizeBytes, leastThreadedBytes);
  let checkpoint: string | null = null;
  const check = await checkHistory({
    ...options,
    looks: () => {
      const blocks = bundleBlocks(path, memory, (text) => (checkpoint = text));
      return lookAtBlocks(blocks, threads, (bytes) => memory.give(bytes));
    },
    leaves: (upTo) => firstLeaves(readBundle(path).leaves(), upTo),
    isSigned: (head) => isOver(head, checkpoint, options.verifier),
  });
  const signed = checkHead(checkpoint, check, options);
  const findings = [...check.findings, ...signed.findings];
  const { name } = options.verifier;
  return {
    findings,
    head: check.head,
    lines: [
      eventsLine(check),
      headLine(check),
      { what: "signature", words: `the checkpoint at the end was checked with the key of ${name}` },
      ...witnessLines(signed.witnessedBy, options.witnesses),
      sealsLine(check, name),
      sinceLine(check, options.since),
      reportsLine(check, name),
      timesLine(check),
    ],
  };
}

/** The history of a store as it stands now, with the hashes that it keeps beside its events. */
export async function verifyStore(store: LeafStore, options: VerifyOptions): Promise<Verification> {
  const sequence = await headOf(store);
  const memory = new BlockMemory(sequence * usualLeafBytes);
  const check = await checkHistory({
    ...options,
    looks: () => {
      const blocks = blocksOfTexts(store.readLeaves(0, { upTo: sequence }), memory);
      return lookAtBlocks(blocks, options.threads ?? 0, (bytes) => memory.give(bytes));
    },
    leaves: (upTo) => store.readLeaves(0, { upTo: Math.min(upTo, sequence) }),
    onProgress: (step, events, of) =>
      options.onProgress?.(step, events, of ?? (sequence === Infinity ? null : sequence)),
  });
  const stored = await checkStoredHashes(store, check);
  const lookups = await checkLookups(store, check);
  const derived = await checkDerived(store, { sequence });
  const times = await checkTimesMark(store, check);
  const sealed = options.mayBeUnsealed === true ? [] : checkSealed(check);
  const all = [
    ...check.findings,
    ...stored.findings,
    ...lookups,
    ...derived.findings,
    ...times,
    ...sealed,
  ];
  return {
    findings: all.sort((a, b) => (a.sequence ?? Infinity) - (b.sequence ?? Infinity)),
    head: check.head,
    lines: [
      eventsLine(check),
      { what: "stored hashes", words: `${stored.compared} compared with those of the events` },
      ...(derived.words === null ? [] : [{ what: "derived file", words: derived.words }]),
      headLine(check),
      sealsLine(check, options.verifier.name),
      sinceLine(check, options.since),
      reportsLine(check, options.verifier.name),
      timesLine(check),
    ],
  };
}

/** A bundle ends with a signature over all of it; of a store, only seals are signed. */
function checkSealed({ sealsChecked }: HistoryCheck): Finding[] {
  if (sealsChecked > 0) return [];
  const message = "not sealed: nothing here is signed; `seal` or `serve` with the secret key signs";
  return [{ sequence: null, message }];
}

/** The store's mark is no part of the history; what seals and reports say is. */
async function checkTimesMark(store: LeafStore, { statedTimes }: HistoryCheck): Promise<Finding[]> {
  // A mirror has the mark of its store only while that is open.
  if (statedTimes === null || (await store.mark(positionMark)) !== null) return [];
  const { sequence, areKept } = statedTimes;
  const isMarked = (await markedRecordedTimes(store)) !== "own";
  if (isMarked === areKept) return [];
  const message = areKept
    ? "it says that recorded times were preserved, but the store's mark that says so is gone"
    : "it does not say that recorded times were preserved, but the store has a mark that says so";
  return [{ sequence, message }];
}

/** What is appended meanwhile is not looked at. A head that cannot be read will be found among the events. */
async function headOf(store: LeafStore): Promise<number> {
  try {
    return (await store.head()).sequence;
  } catch (error) {
    if (!isLedgerError(error, "corrupt-event")) throw error;
    return Infinity;
  }
}

async function* firstLeaves(
  leaves: AsyncIterable<readonly string[]>,
  count: number,
): AsyncGenerator<readonly string[]> {
  let left = count;
  for await (const batch of leaves) {
    yield batch.length <= left ? batch : batch.slice(0, left);
    left -= batch.length;
    if (left <= 0) return;
  }
}

interface CheckedHead {
  readonly findings: readonly Finding[];
  readonly witnessedBy: readonly string[];
}

function checkHead(
  checkpoint: string | null,
  check: HistoryCheck,
  { verifier, witnesses = [] }: VerifyOptions,
): CheckedHead {
  let witnessedBy: readonly string[] = [];
  const finding = (message: string): CheckedHead => ({
    findings: [{ sequence: null, message }],
    witnessedBy,
  });
  // Where the events could not be read to their end, that has been told.
  if (checkpoint === null || !check.isWhole) return { findings: [], witnessedBy };
  try {
    const signed = openCheckpoint(checkpoint, verifier);
    witnessedBy = cosignatures(checkpoint, witnesses).map(({ name }) => name);
    if (signed.size !== BigInt(check.events)) {
      return finding(
        `the checkpoint covers ${signed.size} events, but the bundle has ${check.events}`,
      );
    }
    if (signed.root.equals(check.head.root)) return { findings: [], witnessedBy };
    const from = check.sealedEvents + 1;
    return finding(
      `the tree over these events differs from the signed one: something among events ${from} to ${check.events} was changed`,
    );
  } catch (error) {
    if (!(error instanceof NoteError)) throw error;
    return finding(`the checkpoint at the end is invalid: ${error.message}`);
  }
}

/** Only where somebody named witnesses. */
function witnessLines(
  witnessedBy: readonly string[],
  witnesses: readonly Cosigner[] = [],
): CheckedLine[] {
  if (witnesses.length === 0) return [];
  const names = witnessedBy.join(", ");
  const words =
    names === ""
      ? `none of the ${witnesses.length} witnesses signed the checkpoint at the end`
      : `${names} also signed the checkpoint at the end`;
  return [{ what: "witnesses", words }];
}

function eventsLine({ events }: HistoryCheck): CheckedLine {
  return {
    what: "events",
    words: `${events}: ids are unique, each event is in the stream of its data, stream revisions have no gaps, and corrections follow what they correct`,
  };
}

function headLine({ head }: HistoryCheck): CheckedLine {
  return {
    what: "tree head",
    words: `rebuilt: size ${head.size}, root ${head.root.toString("base64")}`,
  };
}

function sealsLine(
  { sealsChecked, sealedEvents, events }: HistoryCheck,
  name: string,
): CheckedLine {
  const words =
    sealsChecked === 0
      ? "there is none"
      : `${sealsChecked}, signatures and roots checked; the key of ${name} sealed the first ${sealedEvents} of ${events} events`;
  return { what: "seals", words };
}

function sinceLine(check: HistoryCheck, since: SeenHead | undefined): CheckedLine {
  const what = "consistency";
  if (since === undefined) {
    const words =
      "NOT CHECKED: the history may be truncated. Events and their seals may be missing at the end; only an earlier checkpoint can show that (--since)";
    return { what, words };
  }
  const { earlier = [], witnessedBy = [] } = since;
  const others = earlier.length === 0 ? "" : ` and ${earlier.length} earlier ones`;
  const found = check.consistentWithSince === true ? "these are the first ones" : "not given";
  const seen = `with the earlier checkpoint over ${since.size} events${others}`;
  const too = witnessedBy.length === 0 ? "" : `; ${witnessedBy.join(", ")} also signed it`;
  return { what, words: `${seen}: ${found}${too}` };
}

function timesLine({ statedTimes, recordedOrder }: HistoryCheck): CheckedLine {
  const { earlier, mostMs } = recordedOrder;
  const order =
    earlier === 0
      ? "none goes back"
      : `${earlier} are earlier than that of a preceding event, by at most ${mostMs} ms, because several instances have different clocks`;
  const kept = "preserved from an import, as seals and issued reports say";
  const own = "set by this ledger, according to seals and issued reports";
  const whose =
    statedTimes === null
      ? "unknown, because no seal or issued report says"
      : statedTimes.areKept
        ? kept
        : own;
  return { what: "recorded times", words: `${whose}; ${order}` };
}

function reportsLine(check: HistoryCheck, name: string): CheckedLine {
  const { reportsChecked, areReportsRecomputed } = check;
  const words = areReportsRecomputed
    ? `${reportsChecked} recomputed from the events and compared with their hashes`
    : `NOT CHECKED: no signature by ${name} covers the events behind these ${reportsChecked} reports`;
  return { what: "issued reports", words: reportsChecked === 0 ? "none was issued" : words };
}

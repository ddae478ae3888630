/**
 * Copies a ledger from one store to another, event by event. Ids, streams, revisions, sequences and recorded times are
 * preserved, so both have the same tree heads. What the target contains already must be the beginning of the source; an
 * interrupted copy continues from there.
 */
import { at } from "../../projections/arithmetic/invariants.ts";
import { LedgerError, isLedgerError } from "../errors.ts";
import { canonicalJson } from "../events/canonical/canonical.ts";
import type { CheckedEvent } from "../events/envelope.ts";
import { longestRetryMs } from "../limits/kurrentdb.ts";
import { copyBatchEvents, copyPatienceMs } from "../limits/store.ts";
import type { AppendOutcome, EventStore, StreamAppend } from "../store/port.ts";
import { leafStore } from "../store/leaf-store.ts";
import { setTimeout as pause } from "node:timers/promises";
import { parseLeaf } from "../tree/leaf.ts";
import { openLedgerTree } from "../tree/ledger-tree.ts";

interface CopySummary {
  readonly copied: number;
  /** Number of events that the target had before. */
  readonly alreadyThere: number;
  readonly sequence: number;
  /** The tree head of both, in hexadecimal. */
  readonly rootHash: string;
}

/** The mark that says whether recorded times were preserved by an import; no event says so. */
export const recordedTimesMark = "recorded-times";
const copiedMarks = [recordedTimesMark];

/**
 * Throws `ledger-not-empty` if the target is not a beginning of the source, or another program writes to it, and what
 * the stores throw.
 */
export async function copyLedger(
  from: EventStore,
  to: EventStore,
  onProgress: (done: number, total: number) => void,
): Promise<CopySummary> {
  const source = leafStore(from);
  const [{ sequence: total }, { sequence: begun }] = [await from.head(), await to.head()];
  const trees = { from: await openLedgerTree(from), to: await openLedgerTree(to) };
  if (begun > total || !(await trees.from.root(begun)).equals(await trees.to.root(begun))) {
    throw new LedgerError(
      "ledger-not-empty",
      `${to.description} has ${begun} events that are not the first events of ${from.description}`,
    );
  }
  for (const name of copiedMarks) {
    const value = await from.mark(name);
    if (value !== null && (await to.mark(name)) !== value) await to.setMark(name, value);
  }
  let done = begun;
  for await (const leaves of source.readLeaves(begun, {
    upTo: total,
    batchSize: copyBatchEvents,
  })) {
    await appendLeaves(to, leaves, done + 1);
    done += leaves.length;
    onProgress(done, total);
  }
  const [rootHash, copiedRoot] = [await trees.from.root(total), await trees.to.root(total)];
  trees.from.close();
  trees.to.close();
  if (!rootHash.equals(copiedRoot)) {
    throw new LedgerError("corrupt-event", "the copy's tree head differs from the source's");
  }
  return {
    copied: total - begun,
    alreadyThere: begun,
    sequence: total,
    rootHash: rootHash.toString("hex"),
  };
}

/**
 * Appends events, given as leaves, at the sequences from `first` on. Throws `corrupt-event` for a text that is not a
 * leaf, and `ledger-not-empty` if another program writes to the target.
 */
export async function appendLeaves(
  to: EventStore,
  leaves: readonly string[],
  first: number,
): Promise<void> {
  await appendAtSamePositions(to, partsOf(leaves, first), first);
}

/** Groups neighbours of one stream, in the order of the sequences. */
function partsOf(leaves: readonly string[], firstSequence: number): StreamAppend[] {
  const parts: { stream: string; first: bigint; events: CheckedEvent[]; recordedAt: number[] }[] =
    [];
  for (const [i, leaf] of leaves.entries()) {
    const { stream, revision, recordedAt, ...event } = parseLeaf(leaf, firstSequence + i);
    // The data as they were written: parsing would upgrade them to the newest version.
    const { data } = JSON.parse(leaf) as { data: object };
    const checked: CheckedEvent = {
      id: event.id,
      type: event.type,
      schemaVersion: event.schemaVersion,
      occurredAt: event.occurredAt,
      data,
      dataJson: canonicalJson(data),
      attributionJson: canonicalJson(event.attribution),
    };
    const last = parts.at(-1);
    if (last?.stream === stream) {
      last.events.push(checked);
      last.recordedAt.push(recordedAt);
    } else {
      parts.push({ stream, first: revision, events: [checked], recordedAt: [recordedAt] });
    }
  }
  return parts.map(({ first, ...part }) => ({
    ...part,
    expectedRevision: first === 0n ? "no-stream" : first - 1n,
  }));
}

/** Appends the parts at the sequences from `first` on. */
async function appendAtSamePositions(
  to: EventStore,
  parts: readonly StreamAppend[],
  first: number,
): Promise<void> {
  const deadline = performance.now() + copyPatienceMs;
  for (;;) {
    const outcomes = await to.append(parts, { inOrder: true });
    const failure = outcomes.find((outcome) => !outcome.ok);
    if (failure === undefined) {
      assertPositions(to, parts, outcomes, first);
      return;
    }
    const mayRecover =
      !failure.ok &&
      isLedgerError(failure.error, "store-unavailable") &&
      performance.now() < deadline;
    if (!failure.ok && !mayRecover) throw failure.error;
    await pause(longestRetryMs);
  }
}

function assertPositions(
  to: EventStore,
  parts: readonly StreamAppend[],
  outcomes: readonly AppendOutcome[],
  first: number,
): void {
  let expected = first;
  for (const [i, outcome] of outcomes.entries()) {
    const found = outcome.ok ? outcome.position.sequences?.[0] : undefined;
    if (found !== expected) {
      throw new LedgerError(
        "ledger-not-empty",
        `the event of sequence ${expected} was stored at ${found}: another program is writing to ${to.description}`,
      );
    }
    expected += at(parts, i).events.length;
  }
}

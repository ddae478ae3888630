/**
 * Whether a mirror stands where its store's log can have brought it. A store that is put back to an older state ends
 * before the mirror, or goes on with other events: the server then passes over what comes up to the mirror's
 * position without a word, and every sequence after that would be wrong. A log only grows, so three looks are enough:
 * it reaches as far as the mirror, the mirror's last event is at the same position in it, and up to the mirror's
 * position the ledger has no event in it that the mirror has not. Then as many events stand before that position as the
 * mirror has sequences.
 */
import { setTimeout as pause } from "node:timers/promises";
import { LedgerError, isLedgerError } from "../../errors.ts";
import { mirrorBatchEvents, putBackLookMs, putBackMs } from "../../limits/kurrentdb.ts";
import type { DuplicateIds } from "./duplicate-ids.ts";
import type { EmbeddedStore } from "../sqlite/embedded.ts";
import type { KurrentDbClient, Position, RecordedEvent } from "../kurrentdb/client/client.ts";
import { isProgramError, unreachable } from "../kurrentdb/client/client.ts";
import { isWithdrawn, rowAt } from "./check.ts";
import { MirrorFeed } from "./feed.ts";
import type { RawEvent } from "../sqlite/rows/row-codec.ts";

/** Where a mirror stands. */
export interface MirrorHead {
  /** Events in it. */
  readonly sequence: number;
  /** Up to here in the log it has everything; `null` if it has not begun. */
  readonly position: Position | null;
  /** Where its last event stood when it came; `null` if there is none, or an earlier version took it in. */
  readonly lastEventAt: Position | null;
  readonly duplicateIds: DuplicateIds;
}

/** What is looked at, and with what. */
export interface StoreLook {
  readonly client: KurrentDbClient;
  readonly mirror: EmbeddedStore;
  readonly signal: AbortSignal;
}

/**
 * `store-put-back` for a mirror that the store's log cannot have brought to where it stands, `null` for any other. Rejects
 * if the store does not answer. Reads the end of the log and one event.
 */
export async function findPutBack(look: StoreLook, head: MirrorHead): Promise<LedgerError | null> {
  if (head.position === null) return null;
  const end = await endBefore(look, head.position);
  return end ?? (await standingOfLast(look, head)).error;
}

/**
 * As `findPutBack`, and reads the log between the mirror's last event and its position: only there could events be
 * that the mirror has passed over. Once is enough, before a mirror that another process has left is followed.
 */
async function findPutBackOrGap(look: StoreLook, head: MirrorHead): Promise<LedgerError | null> {
  const { position } = head;
  if (position === null) return null;
  const end = await endBefore(look, position);
  if (end !== null) return end;
  const { error, at, isGone } = await standingOfLast(look, head);
  if (error !== null || isGone || (at !== null && at.commit >= position.commit)) return error;
  const passedOver = await firstPassedOver(look, head, at);
  if (passedOver === null) return null;
  const where = `position ${passedOver.position?.commit} (revision ${passedOver.revision} of ${passedOver.streamId})`;
  return putBack(
    `the event at ${where} is missing from the mirror, which has reached position ${position.commit}`,
  );
}

/** As `findPutBackOrGap`, tried again while the store does not answer. Throws `store-unavailable` after `limitMs`. */
export async function findPutBackAtStart(
  look: StoreLook,
  head: MirrorHead,
  limitMs: number,
): Promise<LedgerError | null> {
  const tryUntil = performance.now() + limitMs;
  for (;;) {
    try {
      return await findPutBackOrGap(look, head);
    } catch (error) {
      if (isProgramError(error)) throw error;
      if (performance.now() >= tryUntil) {
        throw unreachable("comparing the mirror's position with the store", error);
      }
      await pause(putBackLookMs, undefined, { signal: look.signal });
    }
  }
}

/** The end of the log, if it lies before the position and stays there: right after an election it may be short of it for a moment. */
async function endBefore(
  { client, signal }: StoreLook,
  position: Position,
): Promise<LedgerError | null> {
  const lookUntil = performance.now() + putBackMs;
  for (;;) {
    const end = await client.lastPosition({ ofLeader: true });
    if (signal.aborted || (end !== null && end.commit >= position.commit)) return null;
    if (performance.now() >= lookUntil) {
      const words = end === null ? "its log is empty" : `its log ends at position ${end.commit}`;
      return putBack(`${words}, but the mirror has reached position ${position.commit}`);
    }
    await pause(putBackLookMs, undefined, { signal }).catch(() => undefined);
  }
}

/** The mirror's last event in the store. */
interface Standing {
  readonly error: LedgerError | null;
  /** Where it stands; `null` if the mirror has no event. */
  readonly at: Position | null;
  /** It was removed from its stream, as the stream itself says; that is reported elsewhere. */
  readonly isGone: boolean;
}

async function standingOfLast(
  { client, mirror }: StoreLook,
  { sequence, lastEventAt, duplicateIds }: MirrorHead,
): Promise<Standing> {
  const row = await rowIfReadable(mirror, sequence);
  if (row === null) return { error: null, at: null, isGone: false };
  const stream = `${client.name.prefix}${row.stream}`;
  const revision = duplicateIds.storeRevision(row.stream, BigInt(row.revision));
  const record = await client.readAt(stream, revision);
  const named = `the event at sequence ${row.sequence} (revision ${row.revision} of ${row.stream})`;
  if (record === null) {
    if (await isWithdrawn(client, stream)) return { error: null, at: null, isGone: true };
    const error = putBack(`${named} is in the mirror but no longer in the store`);
    return { error, at: null, isGone: true };
  }
  const at = record.position ?? lastEventAt;
  // The same event with other words was edited, here or there: that is told as such elsewhere.
  if (record.id.toLowerCase() !== row.id) {
    return { error: putBack(`${named} is a different one there`), at, isGone: false };
  }
  if (lastEventAt === null || at === null || at.commit === lastEventAt.commit) {
    return { error: null, at, isGone: false };
  }
  const error = putBack(
    `${named} is at position ${at.commit} in the store, but the mirror has it from position ${lastEventAt.commit}`,
  );
  return { error, at, isGone: false };
}

/** A row that cannot be read is told elsewhere. */
async function rowIfReadable(mirror: EmbeddedStore, sequence: number): Promise<RawEvent | null> {
  try {
    return sequence === 0 ? null : await rowAt(mirror, sequence);
  } catch (error) {
    if (isLedgerError(error, "corrupt-event")) return null;
    throw error;
  }
}

/** The ledger's first event after `from` that the mirror has come past without having it; `null` if there is none. */
async function firstPassedOver(
  { client, signal }: StoreLook,
  { position, duplicateIds }: MirrorHead,
  from: Position | null,
): Promise<RecordedEvent | null> {
  const { prefix } = client.name;
  const feed = new MirrorFeed((onCheckpoint) => client.subscribe(from, onCheckpoint));
  const end = (): void => feed.fail(new Error("the look is over"));
  signal.addEventListener("abort", end);
  try {
    while (!feed.isLive) {
      for (const delivery of await feed.take(mirrorBatchEvents)) {
        if (position === null || delivery.position.commit > position.commit) return null;
        const { record } = delivery;
        if (record === null || !record.streamId.startsWith(prefix)) continue;
        if (!duplicateIds.has(record.streamId.slice(prefix.length), record.revision)) return record;
      }
      feed.done();
    }
    return null;
  } finally {
    signal.removeEventListener("abort", end);
    end();
  }
}

function putBack(what: string): LedgerError {
  return new LedgerError(
    "store-put-back",
    `the store was restored to an older state, or is a different one: ${what}`,
  );
}

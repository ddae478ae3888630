/** Compares a mirror with its store, event by event: nothing is missing on either side and nothing differs. */
import type { LedgerError } from "../../errors.ts";
import { isLedgerError } from "../../errors.ts";
import { mirrorBatchEvents } from "../../limits/kurrentdb.ts";
import { DuplicateIds } from "./duplicate-ids.ts";
import type { EmbeddedStore } from "../sqlite/embedded.ts";
import type { Position, RecordedEvent } from "../kurrentdb/client/client.ts";
import { KurrentDbClient, unreachable } from "../kurrentdb/client/client.ts";
import { foreignRecord } from "../kurrentdb/client/event.ts";
import { parseKurrentDbName } from "../kurrentdb/client/name.ts";
import { positionMark } from "../sqlite/rows/marks.ts";
import { compareRecord, goneFromStore } from "./check.ts";
import { MirrorFeed } from "./feed.ts";
import { parsePosition } from "./intake.ts";
import type { RawEvent } from "../sqlite/rows/row-codec.ts";
import { openEmbeddedStore } from "../sqlite/embedded.ts";

/**
 * Reads the store's log again and compares it with the mirror's file at `path`, up to the mirror's head. Returns the
 * first finding, `null` if there is none. Throws `store-unavailable`.
 */
export async function compareWithStore(
  storeName: string,
  path: string,
  onProgress: (done: number, total: number) => void,
): Promise<LedgerError | null> {
  const mirror = await openEmbeddedStore({ path, mode: "read" });
  const client = new KurrentDbClient(parseKurrentDbName(storeName));
  const feed = new MirrorFeed((onCheckpoint) => client.subscribe(null, onCheckpoint));
  try {
    // First the position, then the head: a mirror that is being filled has the events up to it.
    const position = parsePosition(await mirror.mark(positionMark));
    const { sequence: total } = await mirror.head();
    const tell = (done: number): void => onProgress(done, total);
    const extent = { upTo: total, position, prefix: client.name.prefix };
    return await compareAll(mirror, feed, extent, tell);
  } catch (error) {
    if (isLedgerError(error, "corrupt-event")) return error;
    if (isLedgerError(error)) throw error;
    throw unreachable("comparing with the store", error);
  } finally {
    feed.fail(new Error("the comparison is over"));
    await client.dispose();
    await mirror.close();
  }
}

interface MirrorExtent {
  /** The last sequence that is compared. */
  readonly upTo: number;
  /** The position in the store's log up to which the mirror claims to be complete. */
  readonly position: Position | null;
  readonly prefix: string;
}

async function compareAll(
  mirror: EmbeddedStore,
  feed: MirrorFeed,
  { upTo, position, prefix }: MirrorExtent,
  onProgress: (done: number) => void,
): Promise<LedgerError | null> {
  const duplicateIds = await DuplicateIds.load(mirror);
  const records = recordsOf(feed, prefix);
  for await (const batch of mirror.readRaw(0, { upTo })) {
    for (const row of batch) {
      const record = await nextOf(records, duplicateIds, prefix);
      if (record === null) return goneFromStore(row);
      const found = compareAtPosition(row, record, duplicateIds, prefix);
      if (found !== null) return found;
    }
    onProgress(batch.at(-1)?.sequence ?? 0);
  }
  const next = await nextOf(records, duplicateIds, prefix);
  const commit = next?.position?.commit;
  if (next === null || commit === undefined || position === null || commit > position.commit) {
    return null;
  }
  return foreignRecord(next, "is missing from the mirror, which has already passed it");
}

function compareAtPosition(
  row: RawEvent,
  record: RecordedEvent,
  duplicateIds: DuplicateIds,
  prefix: string,
): LedgerError | null {
  const isAtPosition =
    record.streamId === `${prefix}${row.stream}` &&
    record.revision === duplicateIds.storeRevision(row.stream, BigInt(row.revision));
  return isAtPosition ? compareRecord(row, record, prefix) : goneFromStore(row);
}

/** The next record that is an event of the ledger; `null` if there is none. */
async function nextOf(
  records: AsyncIterator<RecordedEvent, undefined>,
  duplicateIds: DuplicateIds,
  prefix: string,
): Promise<RecordedEvent | null> {
  for (;;) {
    const { value, done } = await records.next();
    if (done === true || value === undefined) return null;
    if (!duplicateIds.has(value.streamId.slice(prefix.length), value.revision)) return value;
  }
}

async function* recordsOf(
  feed: MirrorFeed,
  prefix: string,
): AsyncGenerator<RecordedEvent, undefined> {
  while (!feed.isLive) {
    for (const { record } of await feed.take(mirrorBatchEvents)) {
      if (record?.streamId.startsWith(prefix) === true) yield record;
    }
    feed.done();
  }
  return undefined;
}

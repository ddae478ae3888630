/**
 * Checks whether a mirror and its store agree: after deletions, truncations and edits, the mirror contains what the
 * store no longer has.
 */
import { LedgerError, isLedgerError } from "../../errors.ts";
import { canonicalEvent } from "../../events/canonical/canonical.ts";
import { mirrorSampleEvents, streamPartEvents } from "../../limits/kurrentdb.ts";
import type { DuplicateIds } from "./duplicate-ids.ts";
import type { EmbeddedStore } from "../sqlite/embedded.ts";
import type { KurrentDbClient, RecordedEvent } from "../kurrentdb/client/client.ts";
import { unreachable } from "../kurrentdb/client/client.ts";
import { fromKurrentDb } from "../kurrentdb/client/event.ts";
import type { RawEvent } from "../sqlite/rows/row-codec.ts";

const removing = ["$tb", "$maxAge", "$maxCount"];

/** Whether the present metadata of a stream hide or remove events of it. */
export async function isWithdrawn(client: KurrentDbClient, stream: string): Promise<boolean> {
  const metadata = await metadataOf(client, stream);
  if (metadata === "deleted") return true;
  if (typeof metadata !== "object" || metadata === null) return false;
  return removing.some((name) => name in metadata);
}

/** The metadata of a stream; a server no longer has those of a permanently deleted stream. */
async function metadataOf(client: KurrentDbClient, stream: string): Promise<unknown> {
  try {
    return (await client.readLast(`$$${stream}`))?.data;
  } catch (error) {
    if (isGone(error)) return "deleted";
    throw error;
  }
}

interface MirrorFinding {
  readonly sequence: number;
  readonly error: LedgerError;
}

/**
 * Compares the mirror's first and last event, a random few, and the first events of some streams with the store.
 * Returns the finding, `null` if there is none; rejects if the store does not answer.
 */
export async function firstFinding(
  client: KurrentDbClient,
  mirror: EmbeddedStore,
  duplicateIds: DuplicateIds,
  streams: ReadonlySet<string>,
): Promise<MirrorFinding | null> {
  const { sequence: last } = await mirror.head();
  if (last === 0) return null;
  const sample = new Set([last, 1]);
  for (let i = 0; i < mirrorSampleEvents; i++) sample.add(1 + Math.floor(Math.random() * last));
  for (const stream of streams) {
    const first = await firstOf(mirror, stream);
    if (first !== null) sample.add(first);
  }
  for (const sequence of sample) {
    const error = await findingAt(client, mirror, sequence, duplicateIds);
    if (error !== null) return { sequence, error };
  }
  return null;
}

/** A row that cannot be read is a finding, reported where it is. */
async function firstOf(mirror: EmbeddedStore, stream: string): Promise<number | null> {
  try {
    for await (const { sequence } of mirror.readStream(stream)) return sequence;
  } catch (error) {
    const sequence = isLedgerError(error, "corrupt-event") ? error.extra["sequence"] : null;
    if (typeof sequence !== "number") throw error;
    return sequence;
  }
  return null;
}

/**
 * What is wrong with one event of the mirror; `null` if nothing is, or the mirror has none at that sequence. Rejects if
 * the store does not answer.
 */
async function findingAt(
  client: KurrentDbClient,
  mirror: EmbeddedStore,
  sequence: number,
  duplicateIds: DuplicateIds,
): Promise<LedgerError | null> {
  try {
    const row = await rowAt(mirror, sequence);
    return row === null ? null : await compareRow(client, row, duplicateIds);
  } catch (error) {
    if (isLedgerError(error, "corrupt-event")) return error;
    throw error;
  }
}

/** As `findingAt`, before a mirror that was stopped because of that event may continue. Throws `store-unavailable`. */
export async function lookAgainAt(
  client: KurrentDbClient,
  mirror: EmbeddedStore,
  sequence: number,
  duplicateIds: DuplicateIds,
): Promise<LedgerError | null> {
  try {
    return await findingAt(client, mirror, sequence, duplicateIds);
  } catch (error) {
    throw unreachable(`comparing the event at sequence ${sequence} with the store`, error);
  }
}

/**
 * Compares every event of a stream in the mirror with the store, in parts. A scavenge removes parts of the log, so the
 * missing event is not always the first. Returns and rejects as `firstFinding`.
 */
export async function compareStream(
  client: KurrentDbClient,
  mirror: EmbeddedStore,
  stream: string,
  duplicateIds: DuplicateIds,
): Promise<LedgerError | null> {
  let rows: RawEvent[] = [];
  for await (const { sequence } of mirror.readStream(stream)) {
    const row = await rowAt(mirror, sequence);
    if (row !== null) rows.push(row);
    if (rows.length < streamPartEvents) continue;
    const found = await compareRows(client, rows, duplicateIds);
    if (found !== null) return found;
    rows = [];
  }
  return await compareRows(client, rows, duplicateIds);
}

/** The event of the mirror at a sequence; `null` if there is none. */
export async function rowAt(mirror: EmbeddedStore, sequence: number): Promise<RawEvent | null> {
  for await (const [row] of mirror.readRaw(sequence - 1, { upTo: sequence })) return row ?? null;
  return null;
}

/** The difference between an event of the mirror and its record in the store; `null` if there is none. */
export async function compareRow(
  client: KurrentDbClient,
  row: RawEvent,
  duplicateIds: DuplicateIds,
): Promise<LedgerError | null> {
  return await compareRows(client, [row], duplicateIds);
}

/** The first finding of neighbours in a stream. */
async function compareRows(
  client: KurrentDbClient,
  rows: readonly RawEvent[],
  duplicateIds: DuplicateIds,
): Promise<LedgerError | null> {
  const { prefix } = client.name;
  const revisionOf = ({ stream, revision }: RawEvent): bigint =>
    duplicateIds.storeRevision(stream, BigInt(revision));
  const [first] = rows;
  const last = rows.at(-1);
  if (first === undefined || last === undefined) return null;
  const from = revisionOf(first);
  const count = Number(revisionOf(last) - from) + 1;
  let records: readonly RecordedEvent[];
  try {
    records = await client.readForwards(`${prefix}${first.stream}`, from, count);
  } catch (error) {
    if (!isGone(error)) throw error;
    records = [];
  }
  const byRevision = new Map(records.map((record) => [record.revision, record]));
  for (const row of rows) {
    const record = byRevision.get(revisionOf(row));
    const found = record === undefined ? goneFromStore(row) : compareRecord(row, record, prefix);
    if (found !== null) return found;
  }
  return null;
}

/** The difference between an event of the mirror and the record at its position; `null` if there is none. */
export function compareRecord(
  row: RawEvent,
  record: RecordedEvent,
  prefix: string,
): LedgerError | null {
  return leafOf(record, row, prefix) === leafOfRow(row)
    ? null
    : finding(row, "differs between the mirror and the store");
}

/** The finding that an event of the mirror is not at its position in the store. */
export function goneFromStore(row: RawEvent): LedgerError {
  return finding(row, "is in the mirror but no longer in the store");
}

/** The leaf of a row; `null` for a row that no event could have produced. */
function leafOfRow(row: RawEvent): string | null {
  try {
    return canonicalEvent(row);
  } catch (error) {
    if (error instanceof TypeError || error instanceof SyntaxError) return null;
    throw error;
  }
}

/** Every read of a permanently deleted stream ends like this. */
function isGone(error: unknown): boolean {
  return error instanceof Error && "type" in error && error.type === "stream-deleted";
}

function leafOf(record: RecordedEvent, { revision }: RawEvent, prefix: string): string {
  const { stream, recordedAt, event } = fromKurrentDb(record, prefix);
  return canonicalEvent({ ...event, stream, revision, recordedAt });
}

function finding({ sequence, stream, revision }: RawEvent, what: string): LedgerError {
  return new LedgerError(
    "corrupt-event",
    `the event at sequence ${sequence} (revision ${revision} of ${stream}) ${what}`,
    { extra: { sequence, stream, revision } },
  );
}

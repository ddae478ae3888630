/** Whether a mirror and its store agree: deletions, truncations and edits leave the mirror with what the store no longer has. */
import { LedgerError } from "../errors.ts";
import { canonicalEvent } from "../events/canonical.ts";
import { mirrorSampleEvents } from "../limits.ts";
import type { DoubledEvents } from "./doubled-events.ts";
import type { EmbeddedStore } from "./embedded.ts";
import type { KurrentDbClient, RecordedEvent } from "./kurrentdb-client.ts";
import { fromKurrentDb } from "./kurrentdb-event.ts";
import type { RawEvent } from "./row-codec.ts";

const removing = ["$tb", "$maxAge", "$maxCount"];

/** Whether what is said now about a stream takes events out of it. */
export async function isWithdrawn(client: KurrentDbClient, stream: string): Promise<boolean> {
  const metadata = (await client.readLast(`$$${stream}`))?.data;
  if (typeof metadata !== "object" || metadata === null) return false;
  return removing.some((name) => name in metadata);
}

/**
 * Compares the mirror's first and last event and a random few with the store. Gives the disagreement
 * that it finds, `null` if there is none; rejects if the store does not answer.
 */
export async function findDisagreement(
  client: KurrentDbClient,
  mirror: EmbeddedStore,
  doubled: DoubledEvents,
): Promise<LedgerError | null> {
  const { sequence: last } = await mirror.head();
  if (last === 0) return null;
  const sample = new Set([last, 1]);
  for (let i = 0; i < mirrorSampleEvents; i++) sample.add(1 + Math.floor(Math.random() * last));
  for (const sequence of sample) {
    for await (const [row] of mirror.readRaw(sequence - 1, { upTo: sequence })) {
      const found = row === undefined ? null : await compareRow(client, row, doubled);
      if (found !== null) return found;
    }
  }
  return null;
}

/** The disagreement between an event of the mirror and its record in the store; `null` if there is none. */
export async function compareRow(
  client: KurrentDbClient,
  row: RawEvent,
  doubled: DoubledEvents,
): Promise<LedgerError | null> {
  const { prefix } = client.name;
  const revision = doubled.storeRevision(row.stream, BigInt(row.revision));
  let records: readonly RecordedEvent[];
  try {
    records = await client.readForwards(`${prefix}${row.stream}`, revision, 1);
  } catch (error) {
    if (!isGone(error)) throw error;
    records = [];
  }
  const [record] = records;
  if (record === undefined || record.revision !== revision) return goneFromStore(row);
  return compareRecord(row, record, prefix);
}

/** The disagreement between an event of the mirror and the record at its place; `null` if there is none. */
export function compareRecord(
  row: RawEvent,
  record: RecordedEvent,
  prefix: string,
): LedgerError | null {
  return leafOf(record, row, prefix) === leafOfRow(row)
    ? null
    : disagrees(row, "is another one in the mirror than in the store");
}

/** What is in the mirror and not at its place in the store. */
export function goneFromStore(row: RawEvent): LedgerError {
  return disagrees(row, "is in the mirror and no longer in the store");
}

/** `null` for a row that no event could have made. */
function leafOfRow(row: RawEvent): string | null {
  try {
    return canonicalEvent(row);
  } catch (error) {
    if (error instanceof TypeError || error instanceof SyntaxError) return null;
    throw error;
  }
}

/** A stream that was deleted for good answers every read so. */
function isGone(error: unknown): boolean {
  return error instanceof Error && "type" in error && error.type === "stream-deleted";
}

function leafOf(record: RecordedEvent, { revision }: RawEvent, prefix: string): string {
  const { stream, recordedAt, event } = fromKurrentDb(record, prefix);
  return canonicalEvent({ ...event, stream, revision, recordedAt });
}

function disagrees({ sequence, stream, revision }: RawEvent, what: string): LedgerError {
  return new LedgerError(
    "corrupt-event",
    `the event at sequence ${sequence} (revision ${revision} of ${stream}) ${what}`,
    { extra: { sequence, stream, revision } },
  );
}

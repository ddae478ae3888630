/** Whether the recorded times of a ledger are its own, or were preserved by an import into the empty ledger. */
import { LedgerError } from "../../errors.ts";
import type { DataOf } from "../../events/catalogue.ts";
import { sealsStream } from "../../events/stream.ts";
import type { EventStore } from "../../store/port.ts";
import { formatInstant, parseInstant } from "../../../projections/time/instant.ts";

const markName = "recorded-times";

/**
 * `own`: the ledger's clock gave them. `importing`: an import that preserves them is in progress, or was interrupted
 * and can be run again. `kept`: such an import is over; since then the ledger's clock gives them.
 */
export type RecordedTimes = "own" | "importing" | "kept";

/** From the mark; if it is gone, from the first seal, which says whether they were preserved. */
export async function readRecordedTimes(store: EventStore): Promise<RecordedTimes> {
  const marked = await markedRecordedTimes(store);
  if (marked !== "own") return marked;
  return (await firstSeal(store))?.recordedAtKept === true ? "kept" : "own";
}

/** From the mark alone. Throws `corrupt-event` for an unknown mark. */
export async function markedRecordedTimes(store: EventStore): Promise<RecordedTimes> {
  const mark = await store.mark(markName);
  if (mark === null) return "own";
  if (mark === "importing" || mark === "kept") return mark;
  throw new LedgerError(
    "corrupt-event",
    `the store's mark ${markName} reads "${mark}", which is not valid`,
  );
}

async function firstSeal(store: EventStore): Promise<DataOf<"LedgerSealed"> | null> {
  for await (const event of store.readStream(sealsStream)) {
    return event.type === "LedgerSealed" ? (event.data as DataOf<"LedgerSealed">) : null;
  }
  return null;
}

export async function writeRecordedTimes(store: EventStore, state: RecordedTimes): Promise<void> {
  await store.setMark(markName, state);
}

/** Separates `recordedAt` from an input; the rest is an event as a sender states it. */
export function splitRecordedAt(input: unknown): { event: unknown; recordedAt: unknown } {
  if (typeof input !== "object" || input === null || Array.isArray(input)) {
    return { event: input, recordedAt: undefined };
  }
  if (!Object.hasOwn(input, "recordedAt")) return { event: input, recordedAt: undefined };
  const { recordedAt, ...event } = input as Record<string, unknown>;
  return { event, recordedAt };
}

/** A recorded time to be preserved, in milliseconds, or why it cannot be. */
export function checkRecordedAt(value: unknown): number | LedgerError {
  if (value === undefined)
    return recordedAtRefused("is required when recorded times are preserved");
  const ms = typeof value === "string" ? parseInstant(value) : null;
  if (ms === null) return recordedAtRefused("must be an RFC 3339 instant with an offset");
  return ms;
}

export function recordedAtGoesBack(ms: number, lastMs: number): LedgerError {
  const why =
    lastMs === 0
      ? "before which no event can have been recorded"
      : "the recorded time of the event before it";
  return recordedAtRefused(`${formatInstant(ms)} is before ${formatInstant(lastMs)}, ${why}`);
}

function recordedAtRefused(message: string): LedgerError {
  return new LedgerError("recorded-at-refused", `/recordedAt ${message}`, {
    errors: [{ path: "/recordedAt", message }],
  });
}

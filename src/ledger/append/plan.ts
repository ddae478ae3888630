/**
 * Decides, before anything is appended, which entries of a round are new, which are duplicates, and
 * which are refused; and the stream of each.
 */
import type { CheckedEvent, StoredEvent } from "../../events/envelope.ts";
import { definitionOf } from "../../events/catalogue.ts";
import { streamOf } from "../../events/stream.ts";
import { LedgerError } from "../../errors.ts";
import type { EventStore } from "../../store/port.ts";
import { asStored, resolveCorrection } from "../corrections/corrections.ts";
import type { CorrectionTarget } from "../corrections/corrections.ts";
import type { CorrectionBounds } from "./correction-bounds.ts";
import type { Entry } from "./entry.ts";
import { refuse, settle } from "./entry.ts";
import { HeldFacts } from "../corrections/held-facts.ts";
import { recordedAtGoesBack } from "./recorded-times.ts";
import { idConflict, sayTheSame, saysTheSame } from "./same-content.ts";

/** The state of the ledger at the beginning of a round. */
interface RoundBegin {
  readonly nowMs: number;
  /** Preserved recorded times must not be earlier than this. */
  readonly headRecordedAt: number;
  readonly corrections: CorrectionBounds;
}

/** Finds the stream of every entry that is not refused yet. */
export async function planRound(
  store: EventStore,
  entries: readonly Entry[],
  { nowMs, headRecordedAt, corrections }: RoundBegin,
): Promise<Entry[]> {
  corrections.beginRound();
  const stored = await findStored(store, entries);
  const planned = new Map<string, Entry>();
  const find = async (id: string): Promise<CorrectionTarget | null> => {
    const here = planned.get(id);
    const event = here?.event ?? null;
    if (here !== undefined && event !== null) return { ...event, stream: here.stream };
    return stored.get(id) ?? (await store.findById(id));
  };
  const held = new HeldFacts(store, (id) => planned.get(id)?.event ?? null);
  const fresh: Entry[] = [];
  let floorMs = headRecordedAt;
  for (const entry of entries) {
    if (entry.event === null) continue;
    const { id } = entry.event;
    // Only corrections have to wait; they are rare.
    const isCorrection = definitionOf(entry.event.type).entity === "correction";
    const isKnown = stored.has(id) || planned.has(id);
    const resolved = isCorrection
      ? await resolveCorrection(entry.event, find, isKnown ? asStored : { nowMs, held })
      : resolveFact(entry.event);
    if (resolved instanceof LedgerError) {
      // The stored correction could be resolved, so this one has its id and different content.
      refuse(entry, isKnown ? idConflict(id, "already") : (entry.objection ?? resolved));
      continue;
    }
    entry.event = resolved.event;
    entry.stream = resolved.stream;
    if (isSettledBefore(entry, resolved.event, stored.get(id), planned.get(id))) continue;
    if (entry.objection !== null) {
      refuse(entry, entry.objection);
      continue;
    }
    if (entry.recordedAt !== null) {
      if (entry.recordedAt < floorMs) {
        refuse(entry, recordedAtGoesBack(entry.recordedAt, floorMs));
        continue;
      }
      floorMs = entry.recordedAt;
    }
    // Events that are moved with their recorded times were in a ledger before: the limit is for senders.
    const isSent = entry.recordedAt === null;
    const oneTooMany = isCorrection && isSent ? corrections.take(resolved.event) : null;
    if (oneTooMany !== null) {
      refuse(entry, oneTooMany);
      continue;
    }
    if (isCorrection) held.note(resolved.event);
    planned.set(id, entry);
    fresh.push(entry);
  }
  return fresh;
}

async function findStored(
  store: EventStore,
  entries: readonly Entry[],
): Promise<Map<string, StoredEvent>> {
  const ids: string[] = [];
  for (const { event } of entries) if (event !== null) ids.push(event.id);
  const stored = new Map<string, StoredEvent>();
  for (const event of await store.findByIds(ids)) stored.set(event.id, event);
  return stored;
}

function resolveFact(event: CheckedEvent): { event: CheckedEvent; stream: string } | LedgerError {
  const stream = streamOf(event.type, event.data as Record<string, unknown>);
  if (stream === null) return new LedgerError("internal", `${event.type} has no stream`);
  return { event, stream };
}

/** Whether the id is already used by a stored event or an earlier entry; settles the entry if so. */
function isSettledBefore(
  entry: Entry,
  event: CheckedEvent,
  stored: StoredEvent | undefined,
  before: Entry | undefined,
): boolean {
  if (stored !== undefined) {
    settleAgainst(entry, event, stored);
    return true;
  }
  const other = before?.event ?? null;
  if (before === undefined || other === null) return false;
  if (sayTheSame(event, other)) entry.twin = before;
  else refuse(entry, idConflict(event.id, "earlier in the same request"));
  return true;
}

/** Settles an entry whose id is stored: a duplicate if it says the same, else a conflict. */
export function settleAgainst(entry: Entry, event: CheckedEvent, stored: StoredEvent): void {
  if (saysTheSame(event, stored)) {
    entry.stream = stored.stream;
    settle(entry, "duplicate", stored.revision, stored.sequence);
  } else {
    refuse(entry, idConflict(event.id, `at sequence ${stored.sequence}`));
  }
}

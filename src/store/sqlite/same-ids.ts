/** What is decided about ids that an append shares with the ledger, or with itself. */
import { LedgerError } from "../../errors.ts";
import type { CheckedEvent } from "../../events/envelope.ts";
import type { RawEvent } from "./rows/row-codec.ts";

/** What is compared of two events with the same id. */
type Content = Pick<
  RawEvent,
  "type" | "schemaVersion" | "occurredAt" | "dataJson" | "attributionJson"
>;

export function sameContent(event: Content, row: Content): boolean {
  return (
    event.type === row.type &&
    event.schemaVersion === row.schemaVersion &&
    event.occurredAt === row.occurredAt &&
    event.dataJson === row.dataJson &&
    event.attributionJson === row.attributionJson
  );
}

export function idConflict(event: CheckedEvent, row: RawEvent | null, why: string): LedgerError {
  const extra = row === null ? {} : { sequence: row.sequence, stream: row.stream };
  return new LedgerError("id-conflict", `the id ${event.id} ${why}`, {
    extra: { id: event.id, ...extra },
  });
}

export function duplicateId(events: readonly CheckedEvent[]): CheckedEvent | null {
  if (events.length < 2) return null;
  const seen = new Set<string>();
  for (const event of events) {
    if (seen.has(event.id)) return event;
    seen.add(event.id);
  }
  return null;
}

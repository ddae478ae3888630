/** Whether an event that is sent again says the same as the one that has its id. */
import { canonicalJson } from "../../events/canonical/canonical.ts";
import type { CheckedEvent, StoredEvent } from "../../events/envelope.ts";
import { upcast } from "../../events/check/upcast.ts";
import { LedgerError } from "../../errors.ts";

/** Compares everything that a sender states: type, version, `occurredAt`, data and attribution. */
export function saysTheSame(event: CheckedEvent, stored: StoredEvent): boolean {
  return (
    event.type === stored.type &&
    event.schemaVersion === stored.schemaVersion &&
    event.occurredAt === stored.occurredAt &&
    event.attributionJson === canonicalJson(stored.attribution) &&
    newestDataJson(event) === canonicalJson(stored.data)
  );
}

/** As `saysTheSame`, for two events that are not stored yet. */
export function sayTheSame(a: CheckedEvent, b: CheckedEvent): boolean {
  return (
    a.type === b.type &&
    a.schemaVersion === b.schemaVersion &&
    a.occurredAt === b.occurredAt &&
    a.attributionJson === b.attributionJson &&
    a.dataJson === b.dataJson
  );
}

/** Stored data are upgraded when read, so these are too, for the comparison. */
function newestDataJson(event: CheckedEvent): string {
  const data = event.data as Record<string, unknown>;
  const newest = upcast(event.type, event.schemaVersion, data);
  return newest === data ? event.dataJson : canonicalJson(newest);
}

export function idConflict(id: string, where: string): LedgerError {
  return new LedgerError(
    "id-conflict",
    `the id ${id} is used by an event with different content ${where}`,
    { errors: [{ path: "/id", message: "is used by an event with different content" }] },
  );
}

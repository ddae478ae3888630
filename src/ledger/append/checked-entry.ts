/** From an input to an entry: its form is checked, and it is refused at once if that is wrong. */
import { LedgerError } from "../../errors.ts";
import { checkIncoming } from "../../events/check/check.ts";
import type { Door } from "../../events/check/door.ts";
import type { Entry } from "./entry.ts";
import { refuse } from "./entry.ts";
import { checkRecordedAt, splitRecordedAt } from "./recorded-times.ts";
import type { Origin } from "./request.ts";
import { claimOf } from "./whole-parts.ts";

const doors: { readonly [O in Origin]: Door } = {
  sender: "sender",
  list: "sender",
  system: "system",
  preserved: "moved",
  decision: "decision",
};

/** An entry of each input. `refusals` say why some must not be taken, by their index. */
export function checkedEntries(
  inputs: readonly unknown[],
  origin: Origin,
  nowMs: number,
  refusals: ReadonlyMap<number, LedgerError> = new Map(),
): Entry[] {
  const entries = inputs.map((input) => checkedEntry(input, origin, nowMs));
  for (const [index, error] of refusals) turnDown(entries[index], inputs[index], error);
  return entries;
}

/** Which inputs of decisions would be refused for their form, by their index. */
export function decidedRefusals(
  inputs: readonly unknown[],
  nowMs: number,
): Map<number, LedgerError> {
  const refusals = new Map<number, LedgerError>();
  for (const [index, { outcome }] of checkedEntries(inputs, "decision", nowMs).entries())
    if (outcome?.status === "refused") refusals.set(index, outcome.error);
  return refusals;
}

function checkedEntry(input: unknown, origin: Origin, nowMs: number): Entry {
  const { event: bare, recordedAt: stated } =
    origin === "preserved" ? splitRecordedAt(input) : { event: input, recordedAt: undefined };
  const recordedAt = origin === "preserved" ? checkRecordedAt(stated) : null;
  // A kept recorded time was that ledger's clock; a simulation's may lie ahead of this one.
  const clockMs = typeof recordedAt === "number" ? Math.max(recordedAt, nowMs) : nowMs;
  const checked = checkIncoming(bare, { nowMs: clockMs, door: doors[origin] });
  const entry: Entry = {
    id: checked instanceof LedgerError ? idOf(input) : checked.event.id,
    event: null,
    objection: checked instanceof LedgerError ? null : checked.objection,
    claim: checked instanceof LedgerError ? claimOf(input) : null,
    stream: "",
    recordedAt: null,
    twin: null,
    outcome: null,
  };
  if (checked instanceof LedgerError) {
    refuse(entry, checked);
    return entry;
  }
  if (recordedAt instanceof LedgerError) refuse(entry, recordedAt);
  else [entry.event, entry.recordedAt] = [checked.event, recordedAt];
  return entry;
}

/** Refuses an entry whose form is right: its sender may not state it. */
function turnDown(entry: Entry | undefined, input: unknown, error: LedgerError): void {
  if (entry === undefined || entry.outcome !== null) return;
  entry.claim = claimOf(input);
  refuse(entry, error);
}

function idOf(input: unknown): string | null {
  if (typeof input !== "object" || input === null || !("id" in input)) return null;
  return typeof input.id === "string" ? input.id : null;
}

/** A recurrence as declared, and the checks of its form; errors found here are bad requests, before any decision. */
import type { ZoneOffsets, ZoneTable } from "../../../projections/time/zone-table.ts";
import { LedgerError } from "../../errors.ts";
import type { InputError } from "../../errors.ts";
import { unknownZone } from "../../events/fields/unknown-zone.ts";
import { shownValue } from "../../events/fields/shown-value.ts";
import { maxRuleStartYear } from "../../limits/nfz.ts";
import { parseLocalTime } from "./local-time.ts";
import { parseDecidableRule } from "./rule-grammar.ts";
import type { DecidableRule } from "./rule-grammar.ts";

export interface DeclaredRecurrence {
  readonly rrule: string;
  /** Local date and time of the first occurrence, such as `2026-03-07T22:00`. */
  readonly start: string;
  readonly zone: string;
  readonly durationMs: number;
  /** Local starts of occurrences to leave out. */
  readonly except?: readonly string[] | undefined;
}

/** A recurrence after parsing. */
export interface ReadRecurrence {
  readonly rule: DecidableRule;
  readonly startLocalMs: number;
  readonly zone: ZoneOffsets;
  readonly durationMs: number;
  /** Local starts, also as written. */
  readonly except: readonly { readonly text: string; readonly localMs: number }[];
}

/** Parses a recurrence. Throws a LedgerError with a pointer to each invalid value; `path` points to the recurrence. */
export function readRecurrence(
  recurrence: DeclaredRecurrence,
  zones: ZoneTable,
  path = "/recurrence",
): ReadRecurrence | LedgerError {
  const errors: InputError[] = [];
  const rule = parseDecidableRule(recurrence.rrule);
  if (typeof rule === "string") errors.push({ path: `${path}/rrule`, message: rule });
  const startLocalMs = readLocal(recurrence.start, `${path}/start`, errors);
  const lastMs = Date.UTC(maxRuleStartYear + 1, 0, 1);
  if (startLocalMs !== null && startLocalMs >= lastMs)
    errors.push({ path: `${path}/start`, message: `must not be after ${maxRuleStartYear}` });
  const except = (recurrence.except ?? []).map((text, i) => ({
    text,
    localMs: readLocal(text, `${path}/except/${i}`, errors) ?? Number.NaN,
  }));
  const zone = zones.zone(recurrence.zone);
  const isUnknown = zone === null;
  if (isUnknown) errors.push({ path: `${path}/zone`, message: unknownZone(recurrence.zone) });
  if (errors.length > 0 || typeof rule === "string" || startLocalMs === null || zone === null) {
    const code = isUnknown && errors.length === 1 ? "unknown-zone" : "invalid-request";
    const [first] = errors;
    return new LedgerError(code, `${first?.path ?? path} ${first?.message ?? "is invalid"}`, {
      errors,
    });
  }
  return { rule, startLocalMs, zone, durationMs: recurrence.durationMs, except };
}

function readLocal(text: string, path: string, errors: InputError[]): number | null {
  const localMs = parseLocalTime(text);
  if (localMs === null) {
    const message = `must be a local date and time without an offset, such as 2026-03-07T22:00, not ${shownValue(text)}`;
    errors.push({ path, message });
  }
  return localMs;
}

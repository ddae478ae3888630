/** Resolves a declaration as of an instant. Pure: the instant and the zone table are arguments. */
import { unionSorted } from "../../../projections/arithmetic/intervals.ts";
import { formatInstant } from "../../../projections/time/instant.ts";
import { instantOfLocal } from "../../../projections/time/zone-table.ts";
import type { ZoneTable } from "../../../projections/time/zone-table.ts";
import { LedgerError } from "../../errors.ts";
import { minRecurrenceMs } from "../../limits/events.ts";
import { horizonMs, maxOccurrenceMs } from "../../limits/nfz.ts";
import { expansionOf } from "./expansion.ts";
import type { Expansion, OccurrenceStart } from "./expansion.ts";
import { formatLocalTime, formatZoned } from "./local-time.ts";
import { readRecurrence } from "./recurrence.ts";
import type { DeclaredRecurrence, ReadRecurrence } from "./recurrence.ts";
import { refusal } from "./resolution.ts";
import type { Resolution, ResolvedOccurrence, WindowRefusal } from "./resolution.ts";
import { resolveOneOffs } from "./resolve-one-offs.ts";
import type { OneOff } from "./resolve-one-offs.ts";

/** Either one-offs or a recurrence. */
export type Declaration =
  | { readonly occurrences: readonly OneOff[] }
  | { readonly recurrence: DeclaredRecurrence };

/** What is recorded of a declaration at t, or why it is refused. Throws a LedgerError for a recurrence of invalid form. */
export function resolveDeclaration(
  declaration: Declaration,
  t: number,
  zones: ZoneTable,
): Resolution | WindowRefusal {
  if ("occurrences" in declaration) return resolveOneOffs(declaration.occurrences, t);
  const recurrence = readRecurrence(declaration.recurrence, zones);
  if (recurrence instanceof LedgerError) throw recurrence;
  return resolveRecurrence(recurrence, t, zones.version);
}

function resolveRecurrence(
  recurrence: ReadRecurrence,
  t: number,
  tzdata: string,
): Resolution | WindowRefusal {
  const { rule, startLocalMs, durationMs, zone } = recurrence;
  if (durationMs < minRecurrenceMs || durationMs > maxOccurrenceMs) {
    return refusal(
      "duration",
      `/recurrence/durationMs is ${durationMs}: an occurrence lasts from a minute (${minRecurrenceMs}) to 366 days (${maxOccurrenceMs})`,
    );
  }
  const expansion = expansionOf(recurrence);
  const start = instantOfLocal(zone, startLocalMs);
  const horizon = Math.max(t, start.instant) + horizonMs;
  const refused =
    startRefusal(recurrence, expansion) ?? exceptRefusal(recurrence, expansion, horizon);
  if (refused !== null) return refused;

  const starts = recordedStarts(recurrence, expansion, t, horizon);
  const occurrences = starts.map((each) => resolved(each, recurrence));
  if (occurrences.length === 0) {
    return refusal(
      "no-occurrence",
      `/recurrence has no occurrence between ${formatInstant(t)} and ${formatInstant(horizon)}`,
    );
  }
  const isWithoutEnd = rule.count === null && rule.untilMs === null;
  if (isWithoutEnd && occurrences.length > 1 && unionSorted(occurrences).length === 1) {
    return refusal(
      "endless",
      "/recurrence never pauses: no occurrence begins later than the one before it ends, and the rule has no end. Give the rule a COUNT or an UNTIL, or a shorter durationMs",
    );
  }
  const resolvedUntil = expansion.hasStartFrom(horizon) ? horizon : null;
  return { kind: "resolved", occurrences, resolvedUntil, tzdata };
}

/** The rule's occurrences that have not ended at t and begin before the horizon, without the exceptions. */
export function recordedStarts(
  { durationMs, except }: ReadRecurrence,
  expansion: Expansion,
  t: number,
  horizon: number,
): OccurrenceStart[] {
  const dropped = new Set(except.map(({ localMs }) => localMs));
  return expansion
    .within(t - durationMs + 1, horizon)
    .filter(({ localMs }) => !dropped.has(localMs));
}

function startRefusal(
  { startLocalMs, zone }: ReadRecurrence,
  expansion: Expansion,
): WindowRefusal | null {
  const { instant, note } = instantOfLocal(zone, startLocalMs);
  const text = formatLocalTime(startLocalMs);
  if (note === "gap") {
    return refusal(
      "local-time-skipped",
      `/recurrence/start ${text} does not exist: the clocks are set forward past it. Give a start that exists, such as ${formatZoned(zone, instant).slice(0, text.length)}`,
    );
  }
  if (expansion.localStartsAmong([startLocalMs], Infinity).has(startLocalMs)) return null;
  const [next] = expansion.within(instant, instant + horizonMs);
  const advice = next === undefined ? "" : `. Begin with ${formatLocalTime(next.localMs)}`;
  return refusal(
    "start-not-in-rule",
    `/recurrence/start ${text} is not a time at which the rule makes an occurrence${advice}`,
  );
}

function exceptRefusal(
  { except }: ReadRecurrence,
  expansion: Expansion,
  horizon: number,
): WindowRefusal | null {
  if (except.length === 0) return null;
  const named = expansion.localStartsAmong(
    except.map(({ localMs }) => localMs),
    horizon,
  );
  const index = except.findIndex(({ localMs }) => !named.has(localMs));
  if (index === -1) return null;
  return refusal(
    "except-names-nothing",
    `/recurrence/except/${index} ${formatLocalTime(except[index]?.localMs ?? 0)} is not the local start of an occurrence before ${formatInstant(horizon)}`,
  );
}

function resolved(
  { from, note }: OccurrenceStart,
  { durationMs, zone }: ReadRecurrence,
): ResolvedOccurrence {
  const to = from + durationMs;
  return { from, to, local: { from: formatZoned(zone, from), to: formatZoned(zone, to) }, note };
}

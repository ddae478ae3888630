/**
 * Contradictions within one event: errors of form, refused on arrival with both members named. They are checked beside
 * the schemas, not in them: stored events are checked by their schema alone, so a ledger that once accepted such an
 * event can still read it. What contradicts other events is a finding, never a refusal.
 */
import type { InputError } from "../../errors.ts";
import { minRecurrenceMs } from "../../limits/events.ts";
import { formatInstant, parseInstant } from "../../../projections/time/instant.ts";
import type { DataOf, EventType } from "../catalogue.ts";
import { parseRecurrenceRule } from "../fields/recurrence-rule.ts";
import { shownValue } from "../fields/shown-value.ts";

/** Two members that cannot both be right, or one that can never be. Paths are pointers from the event. */
type Errors = readonly InputError[];

/** Pointers to the data and to `occurredAt`, such as `/data`; `null` for what a correction leaves unchanged. */
export interface Pointers {
  readonly data: string | null;
  readonly occurredAt: string | null;
}

/** A check of the data alone; `path` points to them. */
type Check<T extends EventType> = (data: DataOf<T>, path: string) => Errors;

const checks: { readonly [T in EventType]?: Check<T> } = {
  NodeReturned: ({ faultIds }, at) => notEmpty(faultIds, `${at}/faultIds`, "fault"),
  NodeMaintenanceAnnounced: ({ plannedFrom, plannedTo }, at) =>
    endsAfterStart(
      { path: `${at}/plannedFrom`, text: plannedFrom },
      { path: `${at}/plannedTo`, text: plannedTo },
    ),
  RolloutSubmitted: ({ updates }, at) => notEmpty(updates, `${at}/updates`, "update"),
  CoTestPassed: ({ updates }, at) => notEmpty(updates, `${at}/updates`, "update"),
  CoTestFailed: ({ updates }, at) => notEmpty(updates, `${at}/updates`, "update"),
  RolloutBlocked: ({ nfzIds }, at) => notEmpty(nfzIds, `${at}/nfzIds`, "no-fly zone"),
  RolloutOverrideGranted: ({ nfzIds }, at) => notEmpty(nfzIds, `${at}/nfzIds`, "no-fly zone"),
  RolloutProgressed: ({ nodesDone, nodesTotal }, at) =>
    nodesDone <= nodesTotal
      ? []
      : contradiction(
          `${at}/nodesDone`,
          `must not be more than ${at}/nodesTotal: ${nodesDone} of ${nodesTotal} is impossible`,
          `${at}/nodesTotal`,
          `must not be less than ${at}/nodesDone`,
        ),
  NfzDeclared: (data, at) => [
    ...notEmpty(data.occurrences, `${at}/occurrences`, "occurrence"),
    ...occurrenceErrors(data, `${at}/occurrences`),
    ...recurrenceErrors(data, `${at}/recurrence`),
  ],
  NfzResolved: (data, at) => occurrenceErrors(data, `${at}/occurrences`),
  NfzExtended: (data, at) => endsBeforeItsStart(data, at),
  NfzShortened: (data, at) => endsBeforeItsStart(data, at),
};

/** Every contradiction in valid data of the type, at `path`; empty for most. */
export function contradictionsIn(type: EventType, data: object, path: string): Errors {
  const check: Check<EventType> | undefined = checks[type];
  return check === undefined ? [] : check(data as DataOf<EventType>, path);
}

/** Whether data of the type can contradict the instant at which the event occurred. */
export function isHeldAgainstTime(type: EventType): boolean {
  return type === "RolloutOverrideGranted";
}

/** Every contradiction between valid data of the type and the instant at which the event occurred; empty for most. */
export function contradictionsWithTime(
  type: EventType,
  data: object,
  at: Pointers,
  occurredAt: number,
): Errors {
  if (!isHeldAgainstTime(type)) return [];
  return expiresAfterStart((data as DataOf<"RolloutOverrideGranted">).expiresAt, at, occurredAt);
}

function contradiction(path: string, message: string, other: string, why: string): Errors {
  return [
    { path, message },
    { path: other, message: why },
  ];
}

function notEmpty(list: readonly unknown[], path: string, what: string): Errors {
  return list.length > 0 ? [] : [{ path, message: `must name at least one ${what}` }];
}

interface Member {
  readonly path: string;
  readonly text: string;
}

function endsAfterStart(from: Member, to: Member): Errors {
  if (msOf(to.text) > msOf(from.text)) return [];
  const message = `must be after ${from.path}: it ends at ${shown(to.text)} and begins at ${shown(from.text)}`;
  return contradiction(to.path, message, from.path, `must be before ${to.path}`);
}

/** An end equal to the start is how an occurrence is skipped. */
function endsBeforeItsStart({ occurrence, to }: DataOf<"NfzExtended">, at: string): Errors {
  if (msOf(to) >= msOf(occurrence)) return [];
  const message = `must not be before ${at}/occurrence: it ends at ${shown(to)} and begins at ${shown(occurrence)}`;
  return contradiction(`${at}/to`, message, `${at}/occurrence`, `must not be after ${at}/to`);
}

function expiresAfterStart(expiresAt: string, at: Pointers, occurredAt: number): Errors {
  if (msOf(expiresAt) >= occurredAt) return [];
  const expiry = at.data === null ? null : `${at.data}/expiresAt`;
  const start = at.occurredAt;
  const times = `it would expire at ${shown(expiresAt)} and begin at ${formatInstant(occurredAt)}`;
  const errors: InputError[] = [];
  if (expiry !== null) {
    const than = start ?? "the override begins, which this leaves as it is";
    errors.push({ path: expiry, message: `must not be before ${than}: ${times}` });
  }
  if (start !== null) {
    const than = expiry ?? "the override expires, which this leaves as it is";
    errors.push({ path: start, message: `must not be after ${than}: ${times}` });
  }
  return errors;
}

function occurrenceErrors(
  { occurrences }: Pick<DataOf<"NfzResolved">, "occurrences">,
  path: string,
): Errors {
  const errors: InputError[] = [];
  const starts = new Map<number, number>();
  for (const [i, { from, to }] of occurrences.entries()) {
    const start = { path: `${path}/${i}/from`, text: from };
    errors.push(...endsAfterStart(start, { path: `${path}/${i}/to`, text: to }));
    const ms = msOf(from);
    const same = starts.get(ms);
    if (same === undefined) {
      starts.set(ms, i);
      continue;
    }
    const first = `${path}/${same}/from`;
    const message = `must differ from ${first}: both begin at ${shown(from)}, and an occurrence is identified by its start`;
    errors.push(...contradiction(start.path, message, first, `must differ from ${start.path}`));
  }
  return errors;
}

function recurrenceErrors({ recurrence }: DataOf<"NfzDeclared">, path: string): Errors {
  if (recurrence === undefined) return [];
  const errors: InputError[] = [];
  const rule = parseRecurrenceRule(recurrence.rrule);
  if (typeof rule === "string") {
    errors.push({
      path: `${path}/rrule`,
      message: `${rule}; it must be an RFC 5545 rule, such as FREQ=WEEKLY;BYDAY=SA`,
    });
  }
  const { durationMs, start } = recurrence;
  if (!isLocalTime(start)) {
    const message = `must be a local date and time such as 2026-03-07T00:00, without a zone, not ${shownValue(start)}`;
    errors.push({ path: `${path}/start`, message });
  }
  if (durationMs < minRecurrenceMs) {
    const message = `must be at least ${minRecurrenceMs} (a minute), not ${durationMs}`;
    errors.push({ path: `${path}/durationMs`, message });
  }
  return errors;
}

const localTime = /^(\d{4}-\d{2}-\d{2})T(?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d)?$/;

/** `YYYY-MM-DDTHH:MM[:SS]`, of a day that exists. */
function isLocalTime(text: string): boolean {
  const date = localTime.exec(text)?.[1];
  return date !== undefined && parseInstant(`${date}T00:00:00Z`) !== null;
}

/** Expects a valid instant. */
function msOf(text: string): number {
  return parseInstant(text) ?? Number.NaN;
}

function shown(text: string): string {
  return formatInstant(msOf(text));
}

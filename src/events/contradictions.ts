/**
 * What an event may not say because it contradicts itself: errors of form, refused on the way in with
 * both members named. They stand beside the schemas, not in them, since events that are stored already
 * are read by their schema alone: a ledger that took such an event once goes on reading it. What
 * contradicts other events is a finding, never a refusal.
 */
import type { InputError } from "../errors.ts";
import { minRecurrenceMs } from "../limits.ts";
import { formatInstant, parseInstant } from "../time/instant.ts";
import type { DataOf, EventType } from "./catalogue.ts";
import { parseRecurrenceRule } from "./recurrence-rule.ts";

/** Two members that cannot both be right, or one that can never be. Paths are pointers from the event. */
type Faults = readonly InputError[];

/** Where the members stand: those of the data, and `occurredAt`. */
export interface Standing {
  /** Pointer to the data, such as `/data`. */
  readonly data: string;
  /** Pointer to the instant at which the event occurred. */
  readonly occurredAt: string;
}

type Check<T extends EventType> = (data: DataOf<T>, at: Standing, occurredAt: number) => Faults;

const checks: { readonly [T in EventType]?: Check<T> } = {
  NodeReturned: ({ faultIds }, at) => notEmpty(faultIds, `${at.data}/faultIds`, "fault"),
  NodeMaintenanceAnnounced: ({ plannedFrom, plannedTo }, at) =>
    endsAfterStart(
      { path: `${at.data}/plannedFrom`, text: plannedFrom },
      { path: `${at.data}/plannedTo`, text: plannedTo },
    ),
  RolloutSubmitted: ({ updates }, at) => notEmpty(updates, `${at.data}/updates`, "update"),
  CoTestPassed: ({ updates }, at) => notEmpty(updates, `${at.data}/updates`, "update"),
  CoTestFailed: ({ updates }, at) => notEmpty(updates, `${at.data}/updates`, "update"),
  RolloutBlocked: ({ nfzIds }, at) => notEmpty(nfzIds, `${at.data}/nfzIds`, "no-fly zone"),
  RolloutOverrideGranted: ({ nfzIds, expiresAt }, at, occurredAt) => [
    ...notEmpty(nfzIds, `${at.data}/nfzIds`, "no-fly zone"),
    ...expiresAfterStart(expiresAt, at, occurredAt),
  ],
  RolloutProgressed: ({ nodesDone, nodesTotal }, at) =>
    nodesDone <= nodesTotal
      ? []
      : contradiction(
          `${at.data}/nodesDone`,
          `must not be more than ${at.data}/nodesTotal: ${nodesDone} of ${nodesTotal} cannot be done`,
          `${at.data}/nodesTotal`,
          `must not be less than ${at.data}/nodesDone`,
        ),
  NfzDeclared: (data, at) => [
    ...occurrenceFaults(data, `${at.data}/occurrences`),
    ...recurrenceFaults(data, `${at.data}/recurrence`),
  ],
};

/** Every contradiction in valid data of an event of the type that occurred then; none for most. */
export function contradictionsIn(
  type: EventType,
  data: object,
  at: Standing,
  occurredAt: number,
): Faults {
  const check: Check<EventType> | undefined = checks[type];
  return check === undefined ? [] : check(data as DataOf<EventType>, at, occurredAt);
}

function contradiction(path: string, message: string, other: string, why: string): Faults {
  return [
    { path, message },
    { path: other, message: why },
  ];
}

function notEmpty(list: readonly unknown[], path: string, what: string): Faults {
  return list.length > 0 ? [] : [{ path, message: `must name at least one ${what}` }];
}

interface Member {
  readonly path: string;
  readonly text: string;
}

function endsAfterStart(from: Member, to: Member): Faults {
  if (msOf(to.text) > msOf(from.text)) return [];
  const message = `must be after ${from.path}: it ends ${shown(to.text)} and begins ${shown(from.text)}`;
  return contradiction(to.path, message, from.path, `must be before ${to.path}`);
}

function expiresAfterStart(expiresAt: string, at: Standing, occurredAt: number): Faults {
  if (msOf(expiresAt) >= occurredAt) return [];
  const path = `${at.data}/expiresAt`;
  const message = `must not be before ${at.occurredAt}: it expires ${shown(expiresAt)} and begins ${formatInstant(occurredAt)}`;
  const why = `must not be after ${path}, which is ${shown(expiresAt)}`;
  return contradiction(path, message, at.occurredAt, why);
}

function occurrenceFaults({ occurrences }: DataOf<"NfzDeclared">, path: string): Faults {
  const errors: InputError[] = [...notEmpty(occurrences, path, "occurrence")];
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
    const message = `must differ from ${first}: both begin ${shown(from)}, and an occurrence is named by its from`;
    errors.push(...contradiction(start.path, message, first, `must differ from ${start.path}`));
  }
  return errors;
}

function recurrenceFaults({ recurrence }: DataOf<"NfzDeclared">, path: string): Faults {
  if (recurrence === undefined) return [];
  const errors: InputError[] = [];
  const rule = parseRecurrenceRule(recurrence.rrule);
  if (typeof rule === "string") {
    errors.push({
      path: `${path}/rrule`,
      message: `${rule}; it must be an RFC 5545 rule, such as FREQ=WEEKLY;BYDAY=SA`,
    });
  }
  const { durationMs } = recurrence;
  if (durationMs < minRecurrenceMs) {
    const message = `must be at least ${minRecurrenceMs} (a minute), not ${durationMs}`;
    errors.push({ path: `${path}/durationMs`, message });
  }
  return errors;
}

/** Valid instants only come here. */
function msOf(text: string): number {
  return parseInstant(text) ?? Number.NaN;
}

function shown(text: string): string {
  return formatInstant(msOf(text));
}

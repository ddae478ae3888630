/**
 * What a timer records later for a declared recurrence: further occurrences when the recorded ones run out, and
 * replacements for future ones when the ledger adopts another zone table. Pure: the caller passes the instant and the
 * tables, and appends the result as `NfzResolved`, once per cluster.
 */
import type { Interval } from "../../../projections/arithmetic/intervals.ts";
import { formatInstant } from "../../../projections/time/instant.ts";
import type { ZoneTable } from "../../../projections/time/zone-table.ts";
import { LedgerError } from "../../errors.ts";
import { horizonMs, shortestHorizonMs } from "../../limits/nfz.ts";
import { expansionOf, farthestFromUtcMs } from "./expansion.ts";
import type { Expansion } from "./expansion.ts";
import { readRecurrence } from "./recurrence.ts";
import type { DeclaredRecurrence, ReadRecurrence } from "./recurrence.ts";
import { occurrenceData } from "./resolution.ts";
import type { OccurrenceData } from "./resolution.ts";
import { recordedStarts } from "./resolve-declaration.ts";

/** An NFZ with a decided recurrence that is not cancelled, as of t. */
export interface ResolvedNfz {
  readonly recurrence: DeclaredRecurrence;
  /** Its present occurrences. `named`: an extension or a shortening named it. */
  readonly occurrences: readonly (Interval & { readonly named: boolean })[];
  /** `null` if the rule ends within what is recorded. */
  readonly resolvedUntil: number | null;
  /** The tables that its occurrences were recorded with: the declaration's, and those of later resolutions. */
  readonly recordedWith: readonly ZoneTable[];
}

/** The members of `NfzResolved` besides the NFZ and the cluster. */
export interface FurtherResolution {
  readonly after: string;
  /** Left out if the rule has no occurrence after those recorded. */
  readonly resolvedUntil?: string;
  readonly occurrences: readonly OccurrenceData[];
  readonly tzdata: string;
}

/** Further occurrences, if less than the shortest horizon is left; `null` if there is nothing to record. */
export function resolveHorizon(
  nfz: ResolvedNfz,
  t: number,
  zones: ZoneTable,
): FurtherResolution | null {
  const { resolvedUntil } = nfz;
  if (resolvedUntil === null || resolvedUntil - t >= shortestHorizonMs) return null;
  const recurrence = readRecurrence(nfz.recurrence, zones);
  if (recurrence instanceof LedgerError) return null;
  const expansion = expansionOf(recurrence);
  const horizon = t + horizonMs;
  const kept = keptFrom(nfz, resolvedUntil);
  const listed = listedStarts(nfz, recurrence, expansion, { t, horizon, kept });
  return furtherResolution(
    { after: resolvedUntil, until: expansion.hasStartFrom(horizon) ? horizon : null },
    listed.map((from) => ({ from, to: from + recurrence.durationMs })),
    zones.version,
  );
}

/** The future occurrences by another zone table; `null` if it changes none of them. */
export function resolveZoneTable(
  nfz: ResolvedNfz,
  t: number,
  zones: ZoneTable,
): FurtherResolution | null {
  const recurrence = readRecurrence(nfz.recurrence, zones);
  if (recurrence instanceof LedgerError) return null;
  const kept = keptFrom(nfz, t);
  const horizon = nfz.resolvedUntil ?? lastStartOf(recurrence, t);
  const expansion = expansionOf(recurrence);
  const listed = listedStarts(nfz, recurrence, expansion, { t, horizon, kept });
  const occurrences = listed.map((from) => ({ from, to: from + recurrence.durationMs }));
  const dropped = nfz.occurrences.filter((each) => !kept.includes(each));
  const there = new Set(kept.map(({ from }) => from));
  const added = occurrences.filter(({ from }) => !there.has(from));
  if (isSame(dropped, added)) return null;
  return furtherResolution({ after: t, until: nfz.resolvedUntil }, occurrences, zones.version);
}

/** An instant after every start of a rule that ends within its recorded occurrences, whatever the zone table. */
function lastStartOf({ rule, startLocalMs }: ReadRecurrence, t: number): number {
  if (rule.untilMs !== null) return rule.untilMs + 1;
  return Math.max(t, startLocalMs) + horizonMs + farthestFromUtcMs;
}

/** The occurrences that the fold of `NfzResolved` keeps. */
function keptFrom({ occurrences }: ResolvedNfz, after: number): readonly Interval[] {
  return occurrences.filter(({ from, named }) => named || from < after);
}

/** The rule's starts to list: not yet over, before the horizon, and not at the local start of a kept occurrence. */
function listedStarts(
  nfz: ResolvedNfz,
  recurrence: ReadRecurrence,
  expansion: Expansion,
  { t, horizon, kept }: { t: number; horizon: number; kept: readonly Interval[] },
): number[] {
  const standing = standingLocalStarts(nfz, kept);
  return recordedStarts(recurrence, expansion, t, horizon)
    .filter(({ localMs }) => !standing.has(localMs))
    .map(({ from }) => from);
}

/** The local starts that existing occurrences stand for, each by the table that it was recorded with. */
function standingLocalStarts(nfz: ResolvedNfz, kept: readonly Interval[]): ReadonlySet<number> {
  const standing = new Set<number>();
  if (kept.length === 0) return standing;
  const froms = new Set(kept.map(({ from }) => from));
  const [first, last] = [Math.min(...froms), Math.max(...froms)];
  for (const zones of nfz.recordedWith) {
    const recurrence = readRecurrence(nfz.recurrence, zones);
    if (recurrence instanceof LedgerError) continue;
    for (const { from, localMs } of expansionOf(recurrence).within(first, last + 1)) {
      if (froms.has(from)) standing.add(localMs);
    }
  }
  return standing;
}

function isSame(a: readonly Interval[], b: readonly Interval[]): boolean {
  const ends = new Map(a.map(({ from, to }) => [from, to]));
  return ends.size === b.length && b.every(({ from, to }) => ends.get(from) === to);
}

function furtherResolution(
  { after, until }: { after: number; until: number | null },
  occurrences: readonly Interval[],
  tzdata: string,
): FurtherResolution {
  return {
    after: formatInstant(after),
    ...(until === null ? {} : { resolvedUntil: formatInstant(until) }),
    occurrences: occurrenceData(occurrences),
    tzdata,
  };
}

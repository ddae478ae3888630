/**
 * What a timer does for no-fly zones with a rule: it records further occurrences before the recorded ones run out, and
 * records future ones again if the ledger has adopted another zone table.
 */
import type { NfzTimeline } from "../../../projections/nfz/timeline.ts";
import type { ZoneTable } from "../../../projections/time/zone-table.ts";
import type { DataOf } from "../../events/catalogue.ts";
import type { Ledger } from "../../ledger/ledger.ts";
import { shortestHorizonMs } from "../../limits/nfz.ts";
import { carriedTable } from "../../zones/carried-tables.ts";
import type { Deciding } from "../command/deciding.ts";
import { draft } from "../command/drafts.ts";
import { appendTimed } from "../command/timed.ts";
import { decisionInstant, nfzsOf } from "../command/instant.ts";
import type { OwnFacts } from "../command/facts-of-stream.ts";
import { readOwnFacts } from "../command/own-facts.ts";
import {
  type FurtherResolution,
  type ResolvedNfz,
  resolveHorizon,
  resolveZoneTable,
} from "../recurrence/resolve-further.ts";
import type { NfzDraft } from "./cluster-outcomes.ts";
import { nfzInstant, timelineIn, zonesAt } from "./seen.ts";

/** Why occurrences are recorded. */
type Why = "zone-table" | "horizon";

/** Records what is due for every no-fly zone. Returns how many events were appended. */
export async function resolveNfzs(deciding: Deciding): Promise<number> {
  let appended = 0;
  // The zone table first, so that what the horizon adds already follows the new table.
  for (const why of ["zone-table", "horizon"] as const)
    for (const nfz of dueNfzs(deciding, why)) appended += await resolveNfz(deciding, nfz, why);
  return appended;
}

/**
 * Called before a decision: if the recorded occurrences of a rule have run out, for example after a long time without a
 * running process, further ones are recorded first. An occurrence that nobody recorded would hold nothing.
 */
export async function resolveBeforeDeciding(deciding: Deciding): Promise<void> {
  const { ledger } = deciding;
  const at = decisionInstant(ledger, ledger.sequence(), -Infinity);
  if (hasRunOut(ledger, at)) await resolveNfzs(deciding);
}

function hasRunOut(ledger: Ledger, at: number): boolean {
  return ledger
    .clusters()
    .some((cluster) =>
      [...nfzsOf(ledger.view(cluster))].some(
        (each) => isDecidedRule(each) && isListedUpTo(each, at),
      ),
    );
}

function isListedUpTo({ resolvedUntil }: NfzTimeline, at: number): boolean {
  return resolvedUntil !== null && resolvedUntil <= at;
}

/** The NFZs for which something may be due, by name; each is then decided by itself. */
function dueNfzs(deciding: Deciding, why: Why): string[] {
  const { ledger } = deciding;
  const P = ledger.sequence();
  const zones = zonesAt(ledger, P);
  const at = nfzInstant(deciding, P, -Infinity);
  const names = new Set<string>();
  for (const cluster of ledger.clusters(P))
    for (const timeline of nfzsOf(ledger.view(cluster, P)))
      if (furtherOf(timeline, why, at, zones) !== null) names.add(timeline.nfz);
  return [...names].sort();
}

async function resolveNfz(deciding: Deciding, nfz: string, why: Why): Promise<number> {
  const { ledger, onDecided } = deciding;
  const timed = await appendTimed(ledger, "resolve", `nfz-${nfz}`, async (P) => {
    const own = await readOwnFacts(ledger, "nfz", nfz, P);
    const at = nfzInstant(deciding, P, own.latestAt);
    const zones = zonesAt(ledger, P);
    const drafts = resolvedDrafts(own, nfz, why, at, zones);
    if (drafts.length === 0) return null;
    const reason = why === "horizon" ? "horizon" : `zone table ${zones.version}`;
    return { own, at, drafts, reason };
  });
  if (timed === null) return 0;
  onDecided(timed.at);
  return timed.drafts.length;
}

/** One event for each cluster in which something is due, by name. */
function resolvedDrafts(
  own: OwnFacts,
  nfz: string,
  why: Why,
  at: number,
  zones: ZoneTable,
): NfzDraft[] {
  return [...own.byCluster.keys()].sort().flatMap((cluster) => {
    const further = furtherOf(timelineIn(own, nfz, cluster), why, at, zones);
    if (further === null) return [];
    const data = { nfz, cluster, ...further } as DataOf<"NfzResolved">;
    return [draft("NfzResolved", data)];
  });
}

function furtherOf(
  timeline: NfzTimeline,
  why: Why,
  at: number,
  zones: ZoneTable,
): FurtherResolution | null {
  if (!isDecidedRule(timeline)) return null;
  const { resolvedUntil } = timeline;
  if (why === "horizon") {
    if (resolvedUntil === null || resolvedUntil - at >= shortestHorizonMs) return null;
    return resolveHorizon(resolvedNfz(timeline), at, zones);
  }
  if (versionsOf(timeline).at(-1) === zones.version) return null;
  return resolveZoneTable(resolvedNfz(timeline), at, zones);
}

/** Reported occurrences stay as they were stated. */
function isDecidedRule({ declaration, isCancelled }: NfzTimeline): boolean {
  return (
    declaration?.decision !== undefined && declaration.data.recurrence !== undefined && !isCancelled
  );
}

/** The tables that its occurrences were recorded with, the latest last. */
function versionsOf({ declaration, applied }: NfzTimeline): string[] {
  const declared = declaration?.data.tzdata;
  const resolved = applied.flatMap((fact) =>
    fact.type === "NfzResolved" ? [fact.data.tzdata] : [],
  );
  return declared === undefined ? resolved : [declared, ...resolved];
}

function resolvedNfz(timeline: NfzTimeline): ResolvedNfz {
  const { declaration, occurrences, resolvedUntil } = timeline;
  const recurrence = declaration?.data.recurrence;
  if (recurrence === undefined) throw new RangeError(`${timeline.nfz} has no recurrence`);
  return {
    recurrence,
    occurrences: occurrences.map(({ from, to, isNamed }) => ({ from, to, named: isNamed })),
    resolvedUntil,
    recordedWith: [...new Set(versionsOf(timeline))].flatMap(
      (version) => carriedTable(version) ?? [],
    ),
  };
}

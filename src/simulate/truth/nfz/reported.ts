/** No-fly zones that a calendar reports: declared ahead, listed on, extended, shortened, lifted or cancelled. */
import { drawPlace, statedPlace } from "../fleet/place.ts";
import { drawRule, occurrencesBefore, type Rule, startOf, statedRule } from "./rule.ts";
import { standingOf } from "./standing.ts";
import type { DataOf, EventType } from "../../../events/catalogue.ts";
import type { Interval, NfzTruth, NodeTruth } from "../../setting/history.ts";
import type { Random } from "../../setting/prng.ts";
import type { Reporter } from "../../setting/reporter.ts";
import {
  dayMs,
  iso,
  isoInterval,
  poissonInstants,
  reporterOf,
  type Setting,
  snap,
  snapLength,
} from "../../setting/setting.ts";
import { firstZones } from "../../../zones/zones.ts";

/** How far ahead the calendar lists what recurs, and how often it lists more. */
const listedAheadMs = 10 * dayMs;
const listsEveryMs = 2 * dayMs;

interface Zone {
  readonly setting: Setting;
  readonly random: Random;
  readonly reporter: Reporter;
  readonly truth: NfzTruth;
}

const whole = { by: Infinity, knownBy: Infinity };

export function simulateReportedNfzs(setting: Setting, nodes: readonly NodeTruth[]): NfzTruth[] {
  const random = setting.random.fork("nfz");
  const reporter = reporterOf(setting, "nfz-calendar");
  const { perDay, recurringShare } = setting.scenario.nfz;
  return poissonInstants(setting, random, perDay).map((wanted, i) => {
    const aheadMs = snapLength(setting, random.exponential(5 * dayMs));
    const declaredAt = Math.max(setting.from, wanted - aheadMs);
    const from = Math.max(wanted, declaredAt + setting.scenario.tickMs);
    const truth: NfzTruth = {
      nfz: `${setting.plan.cluster}-nfz${i + 1}`,
      scope: drawPlace(random, nodes, 0.6),
      inFlight: random.pick(["finish", "pause", "rollback"]),
      changes: [],
    };
    const zone = { setting, random, reporter, truth };
    if (random.chance(recurringShare)) recur(zone, declaredAt, from);
    else declareOneOffs(zone, declaredAt, from);
    change(zone);
    if (random.chance(setting.scenario.reporting.echoShare)) {
      // Lifted before it began: nothing is running, so nothing ends.
      say(zone, "NfzLifted", Math.floor((declaredAt + from) / 2), {});
    }
    truth.changes.sort((a, b) => a.at - b.at);
    return truth;
  });
}

/** When the ledger hears of it. */
function say<T extends EventType>(
  { setting, reporter, truth }: Zone,
  type: T,
  at: number,
  data: Omit<DataOf<T>, "nfz" | "cluster">,
): number {
  const who = { nfz: truth.nfz, cluster: setting.plan.cluster };
  return reporter.say(type, at, { ...who, ...data } as DataOf<T>).recordedAt;
}

interface Listing {
  readonly occurrences: readonly Interval[];
  readonly resolvedUntil: number | null;
}

function declare(zone: Zone, at: number, { occurrences, resolvedUntil }: Listing, rule?: Rule) {
  const { scope, inFlight, changes } = zone.truth;
  const knownAt = say(zone, "NfzDeclared", at, {
    ...(scope === null ? {} : { scope: statedPlace(scope) }),
    occurrences: occurrences.map(isoInterval),
    inFlight,
    ...(rule === undefined ? {} : { recurrence: statedRule(rule), tzdata: firstZones.version }),
    ...(resolvedUntil === null ? {} : { resolvedUntil: iso(resolvedUntil) }),
  });
  changes.push({ kind: "declared", at, knownAt, occurrences, resolvedUntil });
}

function declareOneOffs(zone: Zone, at: number, first: number): void {
  const { setting, random } = zone;
  const { meanMs } = setting.scenario.nfz;
  const lengthMs = snapLength(setting, random.logNormal(meanMs, 0.5));
  const everyMs = Math.max(snapLength(setting, 2.5 * lengthMs), snapLength(setting, 2 * meanMs));
  const count = random.chance(0.3) ? random.between(2, 4) : 1;
  const occurrences = Array.from({ length: count }, (_, k) => {
    const from = first + k * everyMs;
    return { from, to: from + lengthMs };
  });
  declare(zone, at, { occurrences, resolvedUntil: null });
}

/** The calendar knows some days ahead, and tells more of them as time goes by. */
function recur(zone: Zone, at: number, soon: number): void {
  const { setting, random, truth } = zone;
  const rule = drawRule(random, setting.plan.zone, soon, setting.scenario.nfz.meanMs);
  let until = Math.max(at, startOf(rule)) + listedAheadMs;
  const listing = (after: number): Listing => {
    const { occurrences, goesOn } = occurrencesBefore(rule, until);
    const listed = occurrences.filter(({ from }) => from >= after);
    return { occurrences: listed, resolvedUntil: goesOn ? until : null };
  };
  const first = listing(-Infinity);
  declare(zone, at, first, rule);
  let isDone = first.resolvedUntil === null;
  for (let next = at + listsEveryMs; next < setting.end && !isDone; next += listsEveryMs) {
    const after = until;
    until = next + listedAheadMs;
    const { occurrences, resolvedUntil } = listing(after);
    const knownAt = say(zone, "NfzResolved", next, {
      after: iso(after),
      occurrences: occurrences.map(isoInterval),
      ...(resolvedUntil === null ? {} : { resolvedUntil: iso(resolvedUntil) }),
      tzdata: firstZones.version,
    });
    truth.changes.push({ kind: "listed", at: next, knownAt, after, occurrences, resolvedUntil });
    isDone = resolvedUntil === null;
  }
}

/** Moves the end of one occurrence, then perhaps ends it, each before it would have ended. */
function change(zone: Zone): void {
  const { setting, random, truth } = zone;
  const { occurrences = [] } = standingOf(truth, whole) ?? {};
  const [occurrence] = random.sample(occurrences, 1);
  if (occurrence === undefined) return;
  const { from, to: planned } = occurrence;
  const lengthMs = planned - from;
  const at = snap(setting, from + lengthMs * (0.1 + 0.3 * random.float()));
  if (at <= from || at >= planned) return;
  let end = planned;
  if (at < setting.end && random.chance(0.3)) {
    const extended = random.chance(0.6);
    const factor = extended ? 1 + 0.4 * random.float() : 0.6 + 0.3 * random.float();
    const to = snap(setting, from + lengthMs * factor);
    if (to > at) {
      const moved = { occurrence: iso(from), to: iso(to) };
      const knownAt = say(zone, extended ? "NfzExtended" : "NfzShortened", at, moved);
      truth.changes.push({ kind: "moved", at, knownAt, from, to });
      end = to;
    }
  }
  endEarly(zone, at, end);
}

function endEarly(zone: Zone, after: number, to: number): void {
  const { setting, random, truth } = zone;
  const draw = random.float();
  const part = 0.2 + 0.6 * random.float();
  const at = snap(setting, after + (to - after) * part);
  if (draw > 0.25 || at <= after || at >= to || at >= setting.end) return;
  const isLifted = draw < 0.12;
  const knownAt = say(zone, isLifted ? "NfzLifted" : "NfzCancelled", at, {});
  truth.changes.push({ kind: isLifted ? "lifted" : "cancelled", at, knownAt });
}

/** No-fly zones that are declared to the ledger, over one or several clusters, and changed there. */
import { drawPlace, statedPlace } from "../fleet/place.ts";
import { changeNow } from "./change.ts";
import { type DeclaredNfz, freeInstant, keeper, type NfzDesk } from "./desk.ts";
import {
  drawRule,
  monthEndRule,
  occurrencesBefore,
  type Rule,
  startOf,
  statedRule,
} from "./rule.ts";
import { standingOf } from "./standing.ts";
import { firstZones } from "../../../zones/zones.ts";
import { type DecisionLog, draft, type Request } from "../../setting/decision-log.ts";
import type { Interval, NfzTruth, NodeTruth, PlaceTruth } from "../../setting/history.ts";
import type { Random } from "../../setting/prng.ts";
import {
  dayMs,
  iso,
  isoInterval,
  minuteMs,
  poissonInstants,
  type Setting,
  snap,
  snapLength,
} from "../../setting/setting.ts";

/** A cluster, and its zones as they become known. */
export interface ZonedCluster {
  readonly setting: Setting;
  readonly nodes: readonly NodeTruth[];
  readonly nfzs: NfzTruth[];
}

/** How far ahead the ledger lists the occurrences of a rule, and with how little left it lists more. */
const horizonMs = 400 * dayMs;
const shortestHorizonMs = 180 * dayMs;

/** How long before the present the freeze begins that is in force then. */
export const freezeMs = 6 * dayMs;

/** `clusters` by name. The zones end up among those of each cluster. */
export function simulateDeclaredNfzs(
  clusters: readonly ZonedCluster[],
  random: Random,
  log: DecisionLog,
): void {
  const [first] = clusters;
  if (first === undefined) return;
  const { setting } = first;
  const desk: NfzDesk = { random, log, end: setting.end, taken: new Set() };
  const { declaredPerDay } = setting.scenario.nfz;
  const perDay = declaredPerDay * Math.max(1, clusters.length / 2);
  const declared = poissonInstants(setting, random, perDay).map((wanted, i) =>
    declare(desk, clusters, `freeze-${i + 1}`, wanted),
  );
  if (setting.scenario.nfz.hasFreezes) freezeEnds(desk, clusters);
  for (const nfz of declared) {
    if (nfz === null) continue;
    for (const at of changeInstants(desk, nfz)) changeNow(desk, nfz, at);
    listMore(desk, nfz);
  }
  for (const { nfzs } of clusters)
    for (const { changes } of nfzs) changes.sort((a, b) => a.at - b.at);
  log.facts.sort((a, b) => a.occurredAt - b.occurredAt);
}

/** `null` if it comes to nothing within the simulation. */
function declare(
  desk: NfzDesk,
  clusters: readonly ZonedCluster[],
  nfz: string,
  wanted: number,
): DeclaredNfz | null {
  const { random } = desk;
  const few = random.sample(clusters, random.chance(0.4) ? clusters.length : 1);
  const [first] = few;
  if (first === undefined) return null;
  const { setting } = first;
  const aheadMs = snapLength(setting, random.exponential(2 * dayMs));
  const at = freeInstant(desk, Math.max(setting.from + 1, wanted - aheadMs));
  const scope = drawPlace(random, first.nodes, 0.4);
  const inFlight = random.pick(["finish", "pause", "rollback"] as const);
  const isStrict = random.chance(0.2);
  const meanMs = setting.scenario.nfz.meanMs;
  const isRecurring = random.chance(setting.scenario.nfz.recurringShare);
  const rule = isRecurring ? drawRule(random, setting.plan.zone, wanted, meanMs) : null;
  const listed = rule === null ? oneOffs(setting, random, at, wanted) : listedAt(rule, at);
  if (at >= desk.end || listed.occurrences.length === 0) return null;
  return record(desk, few, at, { nfz, scope, inFlight, isStrict, rule, listed });
}

/** What is declared. */
interface Plan {
  readonly nfz: string;
  readonly scope: PlaceTruth | null;
  readonly inFlight: NfzTruth["inFlight"];
  /** Whether it holds the fast path too. */
  readonly isStrict: boolean;
  readonly rule: Rule | null;
  readonly listed: Listed;
}

function record(
  desk: NfzDesk,
  clusters: readonly ZonedCluster[],
  at: number,
  { nfz, scope, inFlight, isStrict, rule, listed }: Plan,
): DeclaredNfz {
  const names = clusters.map(({ setting }) => setting.plan.cluster);
  const about = {
    nfz,
    ...(scope === null ? {} : { scope: statedPlace(scope) }),
    inFlight,
    ...(rule === null ? {} : { recurrence: statedRule(rule) }),
    ...(isStrict ? { noFastPath: true } : {}),
  };
  const said = listed.occurrences.map(isoInterval);
  const asked: Request = {
    command: "declare",
    path: "/v1/nfz",
    actor: keeper,
    reason: rule === null ? "A customer's run must not be disturbed." : "Nothing changes then.",
    body: { ...about, clusters: names, ...(rule === null ? { occurrences: said } : {}) },
  };
  const { resolvedUntil } = listed;
  const drafts = names.map((cluster) =>
    draft("NfzDeclared", {
      ...about,
      cluster,
      occurrences: said,
      ...(resolvedUntil === null ? {} : { resolvedUntil: iso(resolvedUntil) }),
      ...(rule === null ? {} : { tzdata: firstZones.version }),
    }),
  );
  desk.log.append(at, asked, drafts);
  const truths = clusters.map(({ setting, nfzs }) => {
    const declared = { kind: "declared", at, knownAt: at, ...listed } as const;
    const truth: NfzTruth = { nfz, scope, inFlight, changes: [declared] };
    nfzs.push(truth);
    return [setting.plan.cluster, truth] as const;
  });
  return { nfz, truths: new Map(truths), rule, lastAt: at };
}

/** Nothing may be changed around the end of each month, nor in the days around the present: the queue is not empty then. */
function freezeEnds(desk: NfzDesk, clusters: readonly ZonedCluster[]): void {
  const frozen = clusters.filter(({ setting }) => setting.plan.asksLedger);
  const [first] = frozen;
  if (first === undefined) return;
  const { from: earliest, present, plan } = first.setting;
  const common = { scope: null, inFlight: "finish", isStrict: false } as const;
  const rule = monthEndRule(plan.zone, earliest);
  const ruledAt = freeInstant(desk, earliest + 1);
  record(desk, frozen, ruledAt, {
    ...common,
    nfz: "month-end",
    rule,
    listed: listedAt(rule, ruledAt),
  });
  const from = Math.max(earliest + dayMs, present - freezeMs);
  const listed = { occurrences: [{ from, to: from + 10 * dayMs }], resolvedUntil: null };
  const at = freeInstant(desk, Math.max(earliest + 2, from - 3 * dayMs));
  if (at < present) record(desk, frozen, at, { ...common, nfz: "quarter-end", rule: null, listed });
}

interface Listed {
  readonly occurrences: readonly Interval[];
  readonly resolvedUntil: number | null;
}

function oneOffs(setting: Setting, random: Random, at: number, wanted: number): Listed {
  const { meanMs } = setting.scenario.nfz;
  const lengthMs = snapLength(setting, random.logNormal(meanMs, 0.5));
  const everyMs = snapLength(setting, lengthMs * (1 + random.pick([0, 0.5, 1.5])));
  const count = random.chance(0.3) ? random.between(2, 4) : 1;
  // Some begin as they are declared, or a little before somebody got round to it.
  const lateMs = random.pick([0, 0, 4 * minuteMs]);
  const first = random.chance(0.3) ? at - lateMs : Math.max(at, snap(setting, wanted));
  const occurrences = Array.from({ length: count }, (_, i) => {
    const from = first + i * everyMs;
    return { from, to: from + lengthMs + 5 * minuteMs };
  });
  return { occurrences, resolvedUntil: null };
}

/** What the ledger lists of a rule that is declared at the instant. */
function listedAt(rule: Rule, at: number): Listed {
  const until = Math.max(at, startOf(rule)) + horizonMs;
  const { occurrences, goesOn } = occurrencesBefore(rule, until);
  const listed = occurrences.filter(({ to }) => to > at);
  return { occurrences: listed, resolvedUntil: goesOn ? until : null };
}

/** The ledger's timer lists more of a rule before what is listed runs out. */
function listMore(desk: NfzDesk, { nfz, rule, truths }: DeclaredNfz): void {
  if (rule === null) return;
  let seen = -Infinity;
  for (;;) {
    const standings = [...truths.values()].map((truth) =>
      standingOf(truth, { by: Infinity, knownBy: Infinity }),
    );
    const untils = standings.map((standing) => standing?.resolvedUntil ?? Infinity);
    const after = Math.min(...untils);
    const due = after - shortestHorizonMs + 1;
    if (due >= desk.end || after <= seen) return;
    seen = after;
    const at = freeInstant(desk, due);
    const until = at + horizonMs;
    const { occurrences, goesOn } = occurrencesBefore(rule, until);
    const listed = occurrences.filter(({ from }) => from >= after);
    const resolvedUntil = goesOn ? until : null;
    const going = [...truths].filter(([, truth]) => {
      const standing = standingOf(truth, { by: at, knownBy: at });
      return standing !== null && standing.resolvedUntil === after;
    });
    for (const [, { changes }] of going) {
      changes.push({ kind: "listed", at, knownAt: at, after, occurrences: listed, resolvedUntil });
      changes.sort((a, b) => a.at - b.at);
    }
    const drafts = going.map(([cluster]) =>
      draft("NfzResolved", {
        nfz,
        cluster,
        after: iso(after),
        ...(resolvedUntil === null ? {} : { resolvedUntil: iso(resolvedUntil) }),
        occurrences: listed.map(isoInterval),
        tzdata: firstZones.version,
      }),
    );
    if (drafts.length > 0) desk.log.append(at, { command: "resolve", reason: "horizon" }, drafts);
  }
}

/** A few instants at which somebody may want to change it, by time. */
function changeInstants({ random, end }: NfzDesk, { truths, lastAt }: DeclaredNfz): number[] {
  const [truth] = [...truths.values()];
  const standing =
    truth === undefined ? null : standingOf(truth, { by: Infinity, knownBy: Infinity });
  if (standing === null) return [];
  const near = standing.occurrences.slice(0, 12);
  const instants = Array.from({ length: random.between(0, 3) }, () => {
    const { from, to } = random.pick(near);
    // Before it begins, or while it lasts.
    const earliest = random.chance(0.4) ? lastAt : from;
    return Math.round(earliest + (to - earliest) * random.float());
  });
  return instants.filter((at) => at > lastAt && at < end).sort((a, b) => a - b);
}

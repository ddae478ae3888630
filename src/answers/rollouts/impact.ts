/** The measured impact of a rollout and of families of updates, as answers show them. */
import { rateRatio } from "../../../projections/arithmetic/rate-ratio.ts";
import { decimal, mean, roundAtThird } from "../../../projections/arithmetic/ratio.ts";
import { confoundersOf } from "../../../projections/impact/confounders.ts";
import { evidenceOf } from "../../../projections/impact/evidence.ts";
import { type FamilyStanding, familiesAt } from "../../../projections/impact/families.ts";
import { Fleet, rolloutsOf } from "../../../projections/impact/fleet.ts";
import { type Impact, impactOf } from "../../../projections/impact/impact.ts";
import { expectedAfter, powerFactor, powerOf } from "../../../projections/impact/power.ts";
import { standingOf } from "../../../projections/impact/treatment.ts";
import { familiesOf } from "../../../projections/rollouts/declared.ts";
import { rolloutPolicyAt } from "../../../projections/rollouts/policy.ts";
import { formatInstant } from "../../../projections/time/instant.ts";
import type { ClusterView } from "../../../projections/view.ts";
import type { Ledger } from "../../ledger/ledger.ts";
import { type PageAsked, compareNames, pageOf, pairKey } from "../lists/rows.ts";
import { ofClusters } from "../known-cluster.ts";
import { instantOrNull } from "../look-back.ts";
import { familyStateJson } from "./measured-families.ts";
import { type RolloutAsked, clusterOf } from "./one-rollout.ts";
import type { Asked } from "./queue.ts";

/**
 * By the facts before the instant; a page of the evidence. Throws `not-found`, and `invalid-request` if several clusters
 * use the id.
 */
export async function impactAnswer(ledger: Ledger, asked: RolloutAsked, page: PageAsked) {
  const { rollout, sequence } = asked;
  const cluster = clusterOf(ledger, asked);
  const at = asked.at ?? -Infinity;
  const whole = ledger.view(cluster, sequence);
  const terms = rolloutPolicyAt(whole.rolloutPolicies, at - 1);
  return await ledger.answer(cluster, sequence, (view) => {
    const fleet = new Fleet(view, { at, factsBefore: at });
    const timeline = view.entity("rollout", rollout);
    if (timeline === null) throw new RangeError(`no fact is about rollout ${rollout}`);
    const others = rolloutsOf(view);
    const impact = impactOf(fleet, standingOf(timeline, fleet), terms.impactWindowMs);
    const evidence = evidenceOf(fleet, impact, (job) => whole.facts("job", job));
    const { updates = [] } = impact.status.submission?.data ?? {};
    const families = familiesAt(fleet, others, terms, new Set(familiesOf({ updates })));
    const { rows, next } = pageOf(
      evidence.map(evidenceJson),
      keyOfEvidence,
      page.after,
      page.limit,
    );
    return {
      cluster,
      ...impactJson(impact, evidence),
      families: families.map((each) => familyStateJson(each, updates)),
      confounders: confoundersOf(fleet, impact, others).map(({ startedAt, ...each }) => ({
        ...each,
        startedAt: formatInstant(startedAt),
      })),
      evidence: rows,
      next,
    };
  });
}

type Evidence = ReturnType<typeof evidenceOf>[number];

function evidenceJson({ at, to, ...each }: Evidence) {
  return { ...each, at: formatInstant(at), to: to === null ? null : formatInstant(to) };
}

function keyOfEvidence({ kind, at, node, job, eventIds }: ReturnType<typeof evidenceJson>) {
  return JSON.stringify([kind, at, node ?? job, eventIds[0]]);
}

function impactJson(impact: Impact, evidence: readonly Evidence[]) {
  const { rollout, status, startedAt, treatments, treated, before, after } = impact;
  const stopped = evidence.filter(({ kind }) => kind === "interruption");
  const sum = (of: (each: Evidence) => number) =>
    stopped.reduce((total, each) => total + of(each), 0);
  return {
    rollout,
    state: status.state,
    declared: status.submission?.data.impact ?? null,
    updates: status.submission?.data.updates ?? [],
    startedAt: startedAt === null ? null : formatInstant(startedAt),
    endedAt: instantOrNull(status.endedBy?.occurredAt ?? Infinity),
    windowMs: impact.windowMs,
    verdict: impact.verdict,
    reasons: impact.reasons,
    nodes: treatments.length,
    treated,
    outOfServiceNodeMs: impact.outOfService.nodeMs,
    outOfServiceNodes: impact.outOfService.nodes,
    outOfServiceMeanMs: mean(impact.outOfService.nodeMs, treated, "time out of service"),
    interruptions: stopped.length,
    jobs: new Set(stopped.map(({ job }) => job)).size,
    interruptedNodeMs: sum(({ interruptedNodeMs }) => interruptedNodeMs),
    lostNodeMs: sum(({ lostNodeMs }) => lostNodeMs),
    before: { faults: before.count, nodeMs: before.exposureMs },
    after: { faults: after.count, nodeMs: after.exposureMs },
    rateRatio: ratioJson(impact),
    power: powerJson(impact),
  };
}

function ratioJson({ before, after }: Impact) {
  const { ratio, lower, upper } = rateRatio(before, after);
  return {
    ratio: ratio === null ? null : roundAtThird(ratio),
    lower: roundAtThird(decimal(lower)),
    upper: upper === null ? null : roundAtThird(decimal(upper)),
  };
}

/** How likely a tripled failure rate would have been found, if the rate before is the true one. */
function powerJson({ before, after }: Impact) {
  const expected = expectedAfter(before, after);
  const found = expected === null ? null : powerOf(expected, before, after);
  return {
    factor: powerFactor,
    expectedFaults: expected === null ? null : roundAtThird(decimal(expected)),
    found: found === null ? null : roundAtThird(decimal(found)),
  };
}

interface FamiliesAsked extends Asked {
  /** Only this one. */
  readonly family?: string | undefined;
}

/** By cluster, then family. */
export async function familiesAnswer(ledger: Ledger, asked: FamiliesAsked, page: PageAsked) {
  const { cluster, sequence, at, family } = asked;
  const only = family === undefined ? null : new Set([family]);
  const found =
    at === null
      ? []
      : await ofClusters(ledger, cluster, sequence, (view) =>
          familiesIn(ledger, view, at, only).map((each) => familyJson(view.cluster, each)),
        );
  const all = found
    .flat()
    .sort((a, b) => compareNames(a.cluster, b.cluster) || compareNames(a.family, b.family));
  const keyOf = (each: (typeof all)[number]) => pairKey(each.cluster, each.family);
  const { total, rows, next } = pageOf(all, keyOf, page.after, page.limit);
  return { total, families: rows, next };
}

/** By the facts before the instant. */
function familiesIn(
  ledger: Ledger,
  view: ClusterView,
  at: number,
  only: ReadonlySet<string> | null,
): FamilyStanding[] {
  const { rolloutPolicies } = ledger.view(view.cluster, view.sequence);
  const terms = rolloutPolicyAt(rolloutPolicies, at - 1);
  return familiesAt(new Fleet(view, { at, factsBefore: at }), rolloutsOf(view), terms, only);
}

/** The verdict on each started rollout with a submission, by its id; by the facts before the instant. */
export async function verdictsOf(
  ledger: Ledger,
  { cluster, sequence, at }: { readonly cluster: string } & Asked,
): Promise<ReadonlyMap<string, Pick<Impact, "verdict" | "reasons">>> {
  if (at === null) return new Map();
  const families = await ledger.answer(cluster, sequence, (view) =>
    familiesIn(ledger, view, at, null),
  );
  return new Map(
    families.flatMap(({ rollouts }) => rollouts.map((each) => [each.rollout, each] as const)),
  );
}

function familyJson(cluster: string, standing: FamilyStanding) {
  const { family, hasFastPath, marked, rollouts, withdrawnBy, passes } = standing;
  const count = (verdict: Impact["verdict"]) =>
    rollouts.filter((each) => each.verdict === verdict).length;
  const sum = (of: (each: Impact) => number) =>
    rollouts.reduce((total, each) => total + of(each), 0);
  const treated = sum((each) => each.treated);
  const outOfServiceNodeMs = sum(({ outOfService }) => outOfService.nodeMs);
  return {
    cluster,
    family,
    fastPath: hasFastPath,
    started: rollouts.length,
    missed: count("missed"),
    asDeclared: count("as-declared"),
    pending: count("pending"),
    treated,
    outOfServiceNodeMs,
    outOfServiceMeanMs: mean(outOfServiceNodeMs, treated, "time out of service"),
    interruptions: sum(({ interruptions }) => interruptions),
    faultsBefore: sum(({ before }) => before.count),
    faultsAfter: sum(({ after }) => after.count),
    marked,
    withdrawnBy: withdrawnBy === null ? null : madeByJson(withdrawnBy),
    passes: passes.map(madeByJson),
  };
}

function madeByJson({ rollout, startedAt, verdict, reasons, after }: Impact) {
  return {
    rollout,
    startedAt: instantOrNull(startedAt ?? Infinity),
    verdict,
    reasons,
    afterNodeMs: after.exposureMs,
  };
}

export type ImpactAnswer = Awaited<ReturnType<typeof impactAnswer>>;
export type FamiliesAnswer = Awaited<ReturnType<typeof familiesAnswer>>;

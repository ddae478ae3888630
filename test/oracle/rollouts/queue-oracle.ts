/** The queue and its history at an instant, counted from decisions.md and rules.md. */
import { type Standing, coverOf, standingOf } from "./rollout-oracle.ts";
import type { Told } from "./told.ts";
import {
  type Zone,
  before,
  firstFree,
  isInForce,
  isInService,
  matches,
  members,
  namesOf,
  nodesAt,
  runningOn,
  zones,
} from "./world-oracle.ts";

export function queueOf(facts: readonly Told[], at: number) {
  const seen = before(facts, at);
  const known = zones(seen);
  const all = namesOf(seen, "rollout").map((rollout) => ({
    rollout,
    standing: standingOf(seen, rollout),
  }));
  const rows = all
    .filter(({ standing }) => standing.isBlocked)
    .map(({ rollout, standing }) => rowOf(rollout, standing, seen, known, at))
    .sort((a, b) => Date.parse(a.since) - Date.parse(b.since) || (a.rollout < b.rollout ? -1 : 1));
  const goingOn = all.filter(({ standing }) => {
    const held = matchingOf(seen, known, standing).filter(
      (zone) => isInForce(zone, at) && coverOf(standing, zone, at) === null,
    );
    return (
      standing.state === "in-progress" &&
      held.length > 0 &&
      held.every(({ data }) => data.inFlight === "finish")
    );
  });
  return {
    total: rows.length,
    oldestAgeMs: rows[0]?.ageMs ?? null,
    overdue: rows.filter(({ releaseOverdue }) => releaseOverdue).length,
    inFlight: goingOn.length,
    thaw: thawOf(rows, all, seen),
    blocked: rows,
  };
}

function matchingOf(
  seen: readonly Told[],
  known: readonly Zone[],
  { submission }: Standing,
): Zone[] {
  return known.filter((zone) => matches(seen, zone, submission?.data.targets));
}

function rowOf(
  rollout: string,
  standing: Standing,
  seen: readonly Told[],
  known: readonly Zone[],
  at: number,
) {
  const { facts, stays, submission, state } = standing;
  const matching = matchingOf(seen, known, standing);
  const refusal = facts.findLast(({ type }) => type === "RolloutBlocked");
  const nfzIds = refusal?.data.nfzIds ?? [];
  const named = known.filter(({ nfz }) => nfzIds.includes(nfz));
  const since = stays.at(-1)?.from ?? NaN;
  const progress = facts.findLast(({ type }) => type === "RolloutProgressed");
  const { urgency = null, deadline, impact = null } = submission?.data ?? {};
  const isFix = urgency === "security" || urgency === "emergency";
  const free = firstFree(matching, at);
  const isUnknown = matching.some(
    ({ resolvedUntil }) => resolvedUntil !== null && resolvedUntil <= free,
  );
  const covered = matching
    .filter((zone) => isInForce(zone, at))
    .map((zone) => ({ nfz: zone.nfz, by: coverOf(standing, zone, at) }));
  return {
    rollout,
    state,
    since: iso(since),
    ageMs: at - since,
    nfzIds,
    nextRelease: iso(firstFree(named, at)),
    releaseOverdue: !named.some((zone) => isInForce(zone, at) || isInForce(zone, at - 1)),
    nextStart: isUnknown ? null : iso(free),
    nodesDone: progress?.data.nodesDone ?? null,
    nodesTotal: progress?.data.nodesTotal ?? null,
    urgency,
    deadline: deadline === undefined ? null : iso(Date.parse(deadline)),
    deadlineOverdue: isFix && deadline !== undefined && Date.parse(deadline) <= at,
    declared: impact,
    nodes: (nodesAt(seen, submission?.data.targets) ?? members(seen)).length,
    blockedMs: stays.reduce((sum, { from, to }) => sum + Math.min(to, at) - from, 0),
    covered: covered.filter(({ by }) => by !== null),
  };
}

function thawOf(
  rows: readonly { readonly rollout: string; readonly nextStart: string | null }[],
  all: readonly { readonly rollout: string; readonly standing: Standing }[],
  seen: readonly Told[],
) {
  const starts = [...new Set(rows.map(({ nextStart }) => nextStart))].sort((a, b) =>
    (a ?? "9") < (b ?? "9") ? -1 : 1,
  );
  const running = namesOf(seen, "job").flatMap((job) => runningOn(seen, job) ?? []);
  return starts.map((start) => {
    const names = rows.filter(({ nextStart }) => nextStart === start).map(({ rollout }) => rollout);
    const targets = all
      .filter(({ rollout }) => names.includes(rollout))
      .map(({ standing: { submission } }) => ({
        nodes: nodesAt(seen, submission?.data.targets) ?? members(seen),
        cost: Math.round((submission?.data.impact?.secondsPerNode ?? 0) * 1_000),
      }));
    const touched = targets.flatMap(({ nodes, cost }) =>
      cost > 0 ? nodes.filter((node) => isInService(seen, node)) : [],
    );
    const jobs = namesOf(seen, "job").filter((job) =>
      (runningOn(seen, job) ?? []).some((node) => touched.includes(node)),
    );
    return {
      at: start,
      rollouts: names.length,
      nodes: new Set(targets.flatMap(({ nodes }) => nodes)).size,
      impactfulNodes: new Set(touched).size,
      nodeMs: targets.reduce(
        (sum, { nodes, cost }) =>
          sum + (cost > 0 ? cost * nodes.filter((node) => isInService(seen, node)).length : 0),
        0,
      ),
      jobs: running.length === 0 ? 0 : jobs.length,
    };
  });
}

/** Length and oldest age at an instant. */
export function lengthAt(facts: readonly Told[], at: number) {
  const { total, oldestAgeMs } = queueOf(facts, at);
  return { at: iso(at), length: total, oldestAgeMs };
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}

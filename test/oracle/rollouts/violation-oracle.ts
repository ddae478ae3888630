/** What was done inside zones, found from decisions.md, "Violations". */
import { coverOf, standingOf } from "./rollout-oracle.ts";
import { type Told, standing } from "./told.ts";
import {
  isDown,
  isInForce,
  matches,
  membership,
  namesOf,
  nodesAt,
  upTo,
  zones,
} from "./world-oracle.ts";

/** `position`: up to where everything is seen. */
export function violationsOf(told: readonly Told[], position: number, from: number, to: number) {
  const facts = standing(told, position);
  const found = namesOf(facts, "rollout").flatMap((rollout) => [
    ...starts(told, facts, rollout),
    ...progress(facts, rollout),
  ]);
  return [...found, ...maintenance(told, facts)]
    .filter(({ fact }) => from <= fact.at && fact.at < to)
    .sort((a, b) => a.fact.at - b.fact.at || (a.fact.id < b.fact.id ? -1 : 1))
    .map(({ fact, ...more }) => ({
      ...more,
      at: new Date(fact.at).toISOString(),
      event: fact.id,
      reported: fact.decision === undefined,
    }));
}

function starts(told: readonly Told[], facts: readonly Told[], rollout: string) {
  return standingOf(facts, rollout)
    .facts.filter(({ type }) => type === "RolloutStarted" || type === "RolloutResumed")
    .flatMap((fact) => {
      const nfzs = holding(facts, facts, rollout, fact.at);
      const kind = fact.type === "RolloutStarted" ? "start" : "resume";
      return nfzs.length === 0 ? [] : [{ kind, rollout, fact, nfzs, seen: wasSeen(told, fact) }];
    });
}

/** The zones that hold a rollout that is started or resumed at an instant. */
function holding(
  facts: readonly Told[],
  own: readonly Told[],
  rollout: string,
  at: number,
): string[] {
  const status = standingOf(upTo(own, at), rollout);
  const seen = upTo(facts, at);
  return zones(seen)
    .filter((zone) => isInForce(zone, at))
    .filter((zone) => matches(seen, zone, status.submission?.data.targets))
    .filter((zone) => coverOf(status, zone, at) === null)
    .map(({ nfz }) => nfz);
}

/** By the facts up to the decision's position, and its own stream up to itself; at the instant it was first given. */
function wasSeen(told: readonly Told[], fact: Told): boolean {
  const stated = told.find(({ id }) => id === fact.id);
  const rollout = fact.data.rollout ?? "";
  if (fact.decision === undefined || stated === undefined) return false;
  const own = standing(told, fact.sequence);
  const fits = standingOf(own, rollout).facts.some(({ id }) => id === fact.id);
  return (
    fits && holding(standing(told, fact.decision.sequence), own, rollout, stated.at).length > 0
  );
}

function progress(facts: readonly Told[], rollout: string) {
  const own = standingOf(facts, rollout).facts;
  return own.flatMap((fact) => {
    if (fact.type !== "RolloutProgressed") return [];
    const earlier = own.filter(({ at }) => at < fact.at);
    const pause = earlier.findLast(
      ({ type, decision }) => type === "RolloutPaused" && decision?.command === "sweep",
    );
    if (pause === undefined) return [];
    const since = own.filter(({ at }) => at > pause.at && at <= fact.at);
    const isPaused = since.every(({ at }) => standingOf(upTo(own, at), rollout).state === "paused");
    const first = since.find(({ type }) => type === "RolloutProgressed");
    if (!isPaused || (fact.data.nodesDone ?? 0) <= (first?.data.nodesDone ?? 0)) return [];
    const nfzs = [...(pause.data.nfzIds ?? [])].sort();
    return [{ kind: "progress", rollout, fact, nfzs, seen: false }];
  });
}

function maintenance(told: readonly Told[], facts: readonly Told[]) {
  return facts.flatMap((fact) => {
    if (fact.type !== "NodeMaintenanceStarted") return [];
    const nfzs = refusing(facts, fact, fact.at);
    if (nfzs.length === 0) return [];
    const { node = "", rolloutId: rollout = null } = fact.data;
    return [{ kind: "maintenance", rollout, node, fact, nfzs, seen: maintenanceSeen(told, fact) }];
  });
}

function maintenanceSeen(told: readonly Told[], fact: Told): boolean {
  const at = told.find(({ id }) => id === fact.id)?.at;
  if (fact.decision === undefined || at === undefined) return false;
  const node = fact.data.node ?? "";
  const own = standing(told, fact.sequence).filter(({ data }) => data.node === node);
  const others = standing(told, fact.decision.sequence);
  return refusing(others, fact, at, own).length > 0;
}

/** The zones for which the ledger would have refused the start. */
function refusing(facts: readonly Told[], fact: Told, at: number, own = facts): string[] {
  const seen = upTo(facts, at);
  const { node = "", rolloutId, role } = fact.data;
  if (membership(upTo(own, at), node) === null || isDown(upTo(own, at), node)) return [];
  if (role === "approver" && fact.reason !== undefined) return [];
  if (rolloutId !== undefined) {
    const { state, submission } = standingOf(seen, rolloutId);
    const targets = nodesAt(seen, submission?.data.targets);
    if (state === "in-progress" && (targets === null || targets.includes(node))) return [];
  }
  return zones(seen)
    .filter((zone) => isInForce(zone, at))
    .filter((zone) => nodesAt(seen, zone.data.scope)?.includes(node) ?? true)
    .map(({ nfz }) => nfz);
}

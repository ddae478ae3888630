/** Whom which NFZ holds, and what a decision has to be: written from the policy's text, without any code of the product. */
import type { Fact } from "../../../projections/facts/fact.ts";
import { type PageNfz, type PageRollout, applied } from "./page.ts";

type Place = PageNfz["scope"];

/** The racks of the members at an instant, by node. Of one instant the first that fits, by type and id, and of each type one. */
export function racksBy(facts: readonly Fact[], t: number): Map<string, string> {
  const racks = new Map<string, string>();
  const types = ["NodeCommissioned", "NodeDecommissioned"];
  const mine = facts.filter(({ type, occurredAt }) => types.includes(type) && occurredAt <= t);
  const byNode = Map.groupBy(mine, ({ data }) => ("node" in data ? data.node : ""));
  for (const [node, those] of byNode) {
    applied(
      those,
      types,
      ({ type }) => racks.has(node) === (type === "NodeDecommissioned"),
      ({ type }) => type,
      (fact) => {
        if (fact.type === "NodeCommissioned") racks.set(node, fact.data.rack ?? "");
        else racks.delete(node);
      },
    );
  }
  return racks;
}

function nodesIn(place: Place, racks: ReadonlyMap<string, string>): readonly string[] | null {
  if (place === null) return null;
  const { racks: wanted, nodes } = place;
  if (wanted === undefined) return nodes ?? null;
  const members = [...racks].filter(([, rack]) => wanted.includes(rack)).map(([node]) => node);
  return nodes === undefined ? members : members.filter((node) => nodes.includes(node));
}

function isMatch(nfz: PageNfz, rollout: PageRollout, racks: ReadonlyMap<string, string>): boolean {
  const scope = nodesIn(nfz.scope, racks);
  const targets = nodesIn((rollout.submission?.data.targets ?? null) as Place, racks);
  if (scope === null || targets === null || targets.length === 0) return true;
  return scope.some((node) => targets.includes(node));
}

export function isInForce({ occurrences }: PageNfz, t: number): boolean {
  return occurrences.some(({ from, to }) => from <= t && t < to);
}

function mayCover({ run }: PageRollout, isDecided: boolean): boolean {
  return isDecided || (run !== null && run.decision === undefined);
}

/** F: those that match, are in force, and are not covered. */
export function holding(
  rollout: PageRollout,
  nfzs: readonly PageNfz[],
  racks: ReadonlyMap<string, string>,
  t: number,
): PageNfz[] {
  const isCovered = ({ name, declaredAt }: PageNfz): boolean =>
    rollout.grants.some(
      ({ from, to, names, isDecided }) =>
        names.includes(name) &&
        declaredAt <= from &&
        from <= t &&
        t < to &&
        mayCover(rollout, isDecided),
    );
  return nfzs.filter((nfz) => isInForce(nfz, t) && isMatch(nfz, rollout, racks) && !isCovered(nfz));
}

const ids = (nfzs: readonly PageNfz[]): string => nfzs.map(({ name }) => name).join(",");

/** What an ask to start or resume comes to: the events, `already`, a code, or `again` where the same was said less than a minute ago. */
export function expectedAsk(
  command: "start" | "resume",
  rollout: PageRollout,
  F: readonly PageNfz[],
  t: number,
): string {
  const { blocked, state } = rollout;
  const from = command === "start" ? ["submitted", "blocked", "releasable"] : ["paused"];
  const done = command === "start" ? ["in-progress", "verifying"] : ["in-progress"];
  if (!from.includes(state)) return done.includes(state) ? "already" : "transition-refused";
  if (F.length === 0) {
    if (command === "start") return "RolloutStarted";
    return blocked === null ? "RolloutResumed" : "RolloutUnblocked RolloutResumed";
  }
  const isSame = blocked !== null && [...blocked.data.nfzIds].sort().join(",") === ids(F);
  if (isSame && t - blocked.occurredAt < 60_000) return "again";
  return `RolloutBlocked:${ids(F)}`;
}

/** The instant from which an NFZ has held a rollout: its stretch's begin, its declaration, the end of the last cover. */
function heldSince(nfz: PageNfz, rollout: PageRollout, t: number): number {
  let begin = t;
  for (;;) {
    const earlier = nfz.occurrences.filter(({ from, to }) => from < begin && to >= begin);
    if (earlier.length === 0) break;
    begin = Math.min(...earlier.map(({ from }) => from));
  }
  const ends = rollout.grants
    .filter(
      ({ names, from, to, isDecided }) =>
        names.includes(nfz.name) &&
        nfz.declaredAt <= from &&
        from < to &&
        to <= t &&
        mayCover(rollout, isDecided),
    )
    .map(({ to }) => to);
  return Math.max(begin, nfz.declaredAt, ...ends);
}

/** What a sweep does. */
export function expectedSweep(
  rollout: PageRollout,
  F: readonly PageNfz[],
  nfzs: readonly PageNfz[],
  t: number,
): string {
  const { state, isOver, blocked } = rollout;
  if (isOver || state === "unknown") return "";
  if (state === "in-progress" && F.length > 0) {
    if (F.some(({ inFlight }) => inFlight === "rollback"))
      return `${blocked === null ? "" : "RolloutUnblocked "}RolloutRollbackOrdered:${ids(F)}`;
    const hasToStop =
      F.some(({ inFlight }) => inFlight === "pause") ||
      rollout.step >= Math.min(...F.map((nfz) => heldSince(nfz, rollout, t)));
    const isBlockedByF = blocked !== null && [...blocked.data.nfzIds].sort().join(",") === ids(F);
    if (hasToStop)
      return `RolloutPaused:${ids(F)}${isBlockedByF ? "" : ` RolloutBlocked:${ids(F)}`}`;
  }
  if (blocked === null) return "";
  const waitsFor = nfzs.filter(({ name }) => blocked.data.nfzIds.includes(name));
  if (waitsFor.some((nfz) => isInForce(nfz, t))) return "";
  return F.length === 0 ? "RolloutUnblocked" : `RolloutBlocked:${ids(F)}`;
}

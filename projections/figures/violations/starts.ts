/** Starts and resumes of a rollout while a no-fly zone that nothing covered was in force for it. */
import type { Interval } from "../../arithmetic/intervals.ts";
import type { Fact } from "../../facts/fact.ts";
import { type InForce, matches } from "../../nfz/in-force.ts";
import { NfzsOverTime } from "../../nfz/over-time.ts";
import type { ResolvedPlaces } from "../../nodes/places.ts";
import { PlacesOverTime } from "../../nodes/places-over-time.ts";
import { heldBy, runsOnFastPath } from "../../rollouts/cover.ts";
import { type RolloutStatus, noStatus, statusAfter } from "../../rollouts/status.ts";
import type { RolloutTimeline } from "../../rollouts/timeline.ts";
import type { ClusterView } from "../../view.ts";
import { nfzTimelines, viewAt } from "../queue/near.ts";
import { type Violation, isWithin } from "./violation.ts";

interface Start {
  readonly kind: "start" | "resume";
  readonly rollout: string;
  readonly fact: Fact;
  /** The status after it. */
  readonly status: RolloutStatus;
}

/** According to the facts up to each start. */
export function startViolations(view: ClusterView, window: Interval): Violation[] {
  const near = view.within(window);
  const starts: Start[] = [];
  for (const timeline of near.entities("rollout"))
    for (const start of startsOf(timeline))
      if (isWithin(window, start.fact.occurredAt)) starts.push(start);
  starts.sort((a, b) => a.fact.occurredAt - b.fact.occurredAt);
  const nfzs = new NfzsOverTime(nfzTimelines(view));
  const places = new PlacesOverTime(() => [...near.entities("node")]);
  return starts.flatMap(({ kind, rollout, fact, status }): Violation[] => {
    const at = fact.occurredAt;
    const held = heldAt(status, at, nfzs.inForceAt(at), () => places.at(at));
    if (held.length === 0) return [];
    return [{ kind, rollout, node: null, fact, nfzs: held, isRightWithReason: false }];
  });
}

/**
 * Whether the decision already saw the zone, for a start that the ledger decided. `seen` must be at the position up to
 * which the decision saw the facts of others; `own` is the rollout after the start was appended.
 */
export function wasSeen(seen: ClusterView, own: RolloutTimeline | null, fact: Fact): boolean {
  const at = fact.decision?.at;
  const stated = own === null ? undefined : startsOf(own).find((each) => each.fact.id === fact.id);
  if (at === undefined || stated === undefined) return false;
  const inForce = new NfzsOverTime(nfzTimelines(seen)).inForceAt(at);
  const places = new PlacesOverTime(() => [...viewAt(seen, at).entities("node")]);
  return heldAt(stated.status, at, inForce, () => places.at(at)).length > 0;
}

function startsOf({ rollout, applied }: RolloutTimeline): Start[] {
  const starts: Start[] = [];
  let status = noStatus;
  for (const fact of applied) {
    status = statusAfter(status, fact);
    if (fact.type === "RolloutStarted") starts.push({ kind: "start", rollout, fact, status });
    if (fact.type === "RolloutResumed") starts.push({ kind: "resume", rollout, fact, status });
  }
  return starts;
}

/** The matching NFZs that nothing covers, by name. Places are resolved only if an NFZ is in force. */
function heldAt(
  status: RolloutStatus,
  at: number,
  inForce: readonly InForce[],
  placesAt: () => ResolvedPlaces,
): string[] {
  const { held } = heldBy(status, inForce, at, runsOnFastPath(status));
  if (held.length === 0) return [];
  const targets = status.submission?.data.targets;
  const isAboutAll = ({ known }: InForce): boolean =>
    targets === undefined || known.scope === undefined;
  const isMatching = (each: InForce): boolean => {
    if (isAboutAll(each)) return true;
    const places = placesAt();
    return matches(places.of(each.known.scope), places.of(targets));
  };
  return held.filter(isMatching).map(({ known }) => known.nfz);
}

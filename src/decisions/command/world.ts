/** What a decision about a cluster sees besides its own stream: the facts up to P that occurred by the instant. */
import { type KnownNfz, NfzMatching, nfzsKnownAt } from "../../../projections/nfz/in-force.ts";
import { type Members, ResolvedPlaces, membersAt } from "../../../projections/nodes/places.ts";
import type { RolloutTimeline } from "../../../projections/rollouts/timeline.ts";
import type { NodeTimeline } from "../../../projections/nodes/timeline.ts";
import type { ClusterView, DecisionView } from "../../../projections/view.ts";
import type { Ledger } from "../../ledger/ledger.ts";
import { nfzsOf } from "./instant.ts";
import type { KeptPlaces } from "./kept-places.ts";
import { type RolloutPolicy, rolloutPolicyAt } from "../../../projections/rollouts/policy.ts";

export interface World {
  readonly cluster: string;
  readonly view: DecisionView;
  /** The instant of the decision, in milliseconds. */
  readonly at: number;
  readonly nfzs: readonly KnownNfz[];
  readonly matching: NfzMatching;
  readonly policy: RolloutPolicy;
  /** Targets and scopes, resolved to nodes. */
  readonly places: ResolvedPlaces;
  members(): Members;
}

/** With places that are kept, a decision about a large fleet need not look at every node. */
export function worldAt(view: DecisionView, at: number, kept?: KeptPlaces): World {
  const nfzs = nfzsKnownAt(nfzsOf(view), at);
  const places = placesAt(view, at, kept);
  return {
    cluster: view.cluster,
    view,
    at,
    nfzs,
    matching: new NfzMatching(nfzs, places, at),
    places,
    policy: rolloutPolicyAt(view.rolloutPolicies, at),
    members: () => places.members(),
  };
}

function placesAt(view: DecisionView, at: number, kept: KeptPlaces | undefined): ResolvedPlaces {
  if (kept !== undefined) return kept.of(view, at, hourOf(at).to, () => nodesAround(view, at));
  let members: Members | null = null;
  return new ResolvedPlaces(() => (members ??= membersAt(nodesAround(view, at), at)));
}

const hourMs = 3_600_000;

/** The whole hour is folded, so that the next decisions, at other instants, can use it too. */
function hourOf(at: number): { readonly from: number; readonly to: number } {
  const from = Math.floor(at / hourMs) * hourMs;
  return { from, to: from + hourMs };
}

function nodesAround(view: ClusterView, at: number): Iterable<NodeTimeline> {
  return view.within(hourOf(at)).entities("node");
}

/** Folds in turns what decisions of the present hour see of a cluster: a command would fold all of it in one piece. */
export async function foldAround(
  ledger: Pick<Ledger, "answer">,
  { cluster, sequence }: ClusterView,
  at: number,
): Promise<void> {
  await ledger.answer(cluster, sequence, (view) => [
    nodesAround(view, at),
    rolloutsAround(view, at),
  ]);
}

/** Rollouts that may be open at the instant, by name. */
export function rolloutsAround(view: ClusterView, at: number): Iterable<RolloutTimeline> {
  return view.within(hourOf(at)).entities("rollout");
}

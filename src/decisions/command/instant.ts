/** The instant of a decision, late enough that neither a clock that was set back nor a tie lets a held rollout pass. */
import type { NfzTimeline } from "../../../projections/nfz/timeline.ts";
import type { ClusterView } from "../../../projections/view.ts";
import type { Ledger } from "../../ledger/ledger.ts";

/**
 * The latest of the ledger's clock, ledger time at P, the latest decision about an NFZ up to P, and one millisecond after
 * the latest fact of the own stream.
 */
export function decisionInstant(
  ledger: Pick<Ledger, "clusters" | "view" | "nowMs">,
  P: number,
  latestOwnAt: number,
): number {
  const views = ledger.clusters(P).map((cluster) => ledger.view(cluster, P));
  const head = ledger.view("", P).headRecordedAt ?? -Infinity;
  const ofNfzs = views.map(latestNfzDecision);
  return Math.max(Math.floor(ledger.nowMs()), head, latestOwnAt + 1, ...ofNfzs);
}

function latestNfzDecision(view: ClusterView): number {
  let latest = -Infinity;
  for (const { applied } of nfzsOf(view))
    for (const { decision } of applied) latest = Math.max(latest, decision?.at ?? -Infinity);
  return latest;
}

/** Each NFZ of the cluster; at the newest position each is folded only once. */
export function* nfzsOf(view: ClusterView): Generator<NfzTimeline> {
  for (const name of view.names("nfz")) {
    const timeline = view.entity("nfz", name);
    if (timeline !== null) yield timeline;
  }
}

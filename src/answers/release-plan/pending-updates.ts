/** What could be applied to a node while it is out of service anyway, as answers show it. */
import { gateAt } from "../../../projections/co-tests/gate.ts";
import type {
  QueuedRollout,
  RolloutsInQueue,
} from "../../../projections/co-tests/queued-rollouts.ts";
import type { Fact } from "../../../projections/facts/fact.ts";
import { nfzTimelines, viewBefore } from "../../../projections/figures/queue/near.ts";
import { nfzsKnownAt } from "../../../projections/nfz/in-force.ts";
import { MatchedPlaces } from "../../../projections/nfz/matched-places.ts";
import type { NodeTimeline } from "../../../projections/nodes/timeline.ts";
import { pendingUpdates, waitingFor } from "../../../projections/release-plan/pending-updates.ts";
import { heldBy } from "../../../projections/rollouts/cover.ts";
import { instantMs } from "../../../projections/time/instant.ts";
import type { ClusterView } from "../../../projections/view.ts";
import { LedgerError } from "../../errors.ts";
import type { Ledger } from "../../ledger/ledger.ts";
import { ofCluster } from "../known-cluster.ts";
import { type PageAsked, pageOf } from "../lists/rows.ts";
import { nodeStateAt } from "../timeline-json.ts";
import { MeasuredFamilies } from "../rollouts/measured-families.ts";
import type { ClusterAsked } from "../co-tests/coverage.ts";
import { expectedCosts } from "./expected-costs.ts";
import { keptQueue } from "../co-tests/kept-queue.ts";

interface NodeAsked extends ClusterAsked {
  readonly node: string;
}

/** Throws `not-found` for a cluster or node that no fact names. */
export async function pendingUpdatesAnswer(ledger: Ledger, asked: NodeAsked, page: PageAsked) {
  const { cluster, node, sequence } = asked;
  const at = asked.at ?? -Infinity;
  const found = await ofCluster(ledger, cluster, sequence, (view) => {
    const queue = keptQueue(ledger, view, at);
    const timeline = [...viewBefore(view, at).entities("node")].find((each) => each.node === node);
    if (timeline === undefined && view.entity("node", node) === null) throw notFound(node, cluster);
    const facts = ledger.view(cluster, sequence).facts("node", node);
    const remainingMs = remaining(timeline, facts, at);
    const state = timeline === undefined ? null : nodeStateAt(timeline, at - 1);
    const waiting = waitingFor(queue, node);
    const statuses = waiting.map(({ status }) => status);
    const measured = new MeasuredFamilies(ledger, view, at, statuses);
    const pending = pendingUpdates(queue, waiting, {
      isInService: state === "in-service",
      remainingMs,
      isHeld: heldAt(view, queue, measured),
      untested: gateAt(view, waiting, { at, factsBefore: at }, queue.nodeSets).untested,
      costOf: expectedCosts(measured),
    });
    return { state, remainingMs, pending };
  });
  const rows = found.pending.map(({ queued: { rollout, status }, reasons, expectedMs }) => ({
    rollout,
    applicable: reasons.length === 0,
    reasons,
    expectedMs,
    updates: status.submission?.data.updates ?? [],
    urgency: status.submission?.data.urgency ?? null,
  }));
  const {
    total,
    rows: pending,
    next,
  } = pageOf(rows, ({ rollout }) => rollout, page.after, page.limit);
  const { state, remainingMs } = found;
  return { cluster, node, state: state ?? "not-a-member", remainingMs, total, pending, next };
}

function notFound(node: string, cluster: string): LedgerError {
  return new LedgerError("not-found", `There is no node "${node}" in cluster "${cluster}".`);
}

/** Up to the latest planned end of the maintenance that is open; `null` if nothing says when that ends. */
function remaining(
  timeline: NodeTimeline | undefined,
  facts: readonly Fact[],
  at: number,
): number | null {
  const open = new Set(
    (timeline?.maintenance ?? [])
      .filter(({ from, to }) => from < at && at <= to)
      .map(({ maintenanceId }) => maintenanceId),
  );
  const latest = new Map<string, Fact & { readonly type: "NodeMaintenanceAnnounced" }>();
  for (const fact of facts) {
    if (fact.type !== "NodeMaintenanceAnnounced" || fact.occurredAt >= at) continue;
    const { maintenanceId } = fact.data;
    const before = latest.get(maintenanceId);
    const isLater =
      before === undefined ||
      fact.recordedAt > before.recordedAt ||
      (fact.recordedAt === before.recordedAt && fact.id > before.id);
    if (open.has(maintenanceId) && isLater) latest.set(maintenanceId, fact);
  }
  if (latest.size === 0) return null;
  const ends = [...latest.values()].map(({ data }) => instantMs(data.plannedTo));
  return Math.max(0, Math.max(...ends) - at);
}

/** Whether a no-fly zone in force holds a rollout. */
function heldAt(
  view: ClusterView,
  { at, nodeSets }: RolloutsInQueue,
  measured: MeasuredFamilies,
): (queued: QueuedRollout) => boolean {
  const matching = new MatchedPlaces(nfzsKnownAt(nfzTimelines(view), at - 1), nodeSets, at);
  return ({ status }) => {
    const { inForce } = matching.of(status.submission?.data.targets);
    return heldBy(status, inForce, at, measured.hasFastPath(status)).held.length > 0;
  };
}

/** Maintenance that should be over by now, as answers show it. */
import { viewBefore } from "../../../projections/figures/queue/near.ts";
import { type OverdueMaintenance, overdueAt } from "../../../projections/nodes/overdue.ts";
import { plannedMaintenanceTypes } from "../../../projections/nodes/schedulable.ts";
import { rolloutPolicyAt } from "../../../projections/rollouts/policy.ts";
import { formatInstant } from "../../../projections/time/instant.ts";
import type { ClusterView, DecisionView } from "../../../projections/view.ts";
import type { Ledger } from "../../ledger/ledger.ts";
import { ofClusters } from "../known-cluster.ts";
import { type PageAsked, pageOf } from "../lists/rows.ts";

interface OverdueAsked {
  readonly cluster?: string | undefined;
  readonly sequence: number;
  /** Milliseconds; `null` for an empty ledger. */
  readonly at: number | null;
}

/** By when it should have been over, then cluster and node. */
export async function overdueAnswer(
  ledger: Ledger,
  { cluster, sequence, at }: OverdueAsked,
  page: PageAsked,
) {
  if (at === null) return { total: 0, overdue: [], next: null };
  const found = await ofClusters(ledger, cluster, sequence, (view) =>
    overdueIn(view, ledger.view(view.cluster, sequence), at).map((each) =>
      overdueJson(view.cluster, each, at),
    ),
  );
  const { total, rows, next } = pageOf(found.flat().sort(byDue), keyOf, page.after, page.limit);
  return { total, overdue: rows, next };
}

export type OverdueAnswer = Awaited<ReturnType<typeof overdueAnswer>>;

/** What is overdue in a cluster now. */
export async function overdueNow(ledger: Ledger, cluster: string): Promise<OverdueMaintenance[]> {
  const facts = ledger.view(cluster);
  const at = Math.max(Math.floor(ledger.nowMs()), facts.headRecordedAt ?? -Infinity);
  return await ledger.answer(cluster, facts.sequence, (view) => overdueIn(view, facts, at));
}

/** What is overdue in a cluster, by the facts before the instant; `facts` are of the same cluster and position. */
function overdueIn(
  view: ClusterView,
  facts: Pick<DecisionView, "factsOfTypes">,
  at: number,
): OverdueMaintenance[] {
  const { maintenanceMaxMs } = rolloutPolicyAt(view.rolloutPolicies, at - 1);
  const planned = (node: string) => facts.factsOfTypes("node", node, plannedMaintenanceTypes);
  return Array.from(viewBefore(view, at).entities("node"), (timeline) =>
    overdueAt(timeline, planned, at, maintenanceMaxMs),
  ).flat();
}

type OverdueJson = ReturnType<typeof overdueJson>;

function overdueJson(
  cluster: string,
  { node, maintenanceId, rolloutId, since, plannedTo, dueAt, startId }: OverdueMaintenance,
  at: number,
) {
  return {
    cluster,
    node,
    maintenanceId,
    rolloutId,
    since: formatInstant(since),
    ageMs: at - since,
    plannedTo: plannedTo === null ? null : formatInstant(plannedTo),
    dueAt: formatInstant(dueAt),
    overdueMs: at - dueAt,
    event: startId,
  };
}

/** Instants as text have the order of time. */
function keyOf({ dueAt, cluster, node, maintenanceId }: OverdueJson): string {
  return [dueAt, cluster, node, maintenanceId].join("\n");
}

function byDue(a: OverdueJson, b: OverdueJson): number {
  return keyOf(a) < keyOf(b) ? -1 : 1;
}

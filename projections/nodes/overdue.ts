/** Maintenance that should be over by now: open past its planned end, or, with no plan, longer than the policy allows. */
import type { Fact, FactOf } from "../facts/fact.ts";
import { instantMs } from "../time/instant.ts";
import { byRecording } from "./maintenance.ts";
import { isLastingBefore } from "./schedulable.ts";
import type { NodeTimeline } from "./timeline.ts";

/** Instants and durations in milliseconds. */
export interface OverdueMaintenance {
  readonly node: string;
  readonly maintenanceId: string;
  readonly rolloutId: string | null;
  readonly since: number;
  /** Of its latest announcement; `null` if there is none. */
  readonly plannedTo: number | null;
  /** When it should have been over. */
  readonly dueAt: number;
  /** The event of its start. */
  readonly startId: string;
}

/**
 * By what the facts before the instant leave. `planned` gives the announcements on a node, whenever they occurred; it is
 * asked only for nodes with open maintenance.
 */
export function overdueAt(
  { node, maintenance }: Pick<NodeTimeline, "node" | "maintenance">,
  planned: (node: string) => readonly Fact[],
  at: number,
  maintenanceMaxMs: number,
): OverdueMaintenance[] {
  const open = maintenance.filter((each) => isLastingBefore(each, at));
  if (open.length === 0) return [];
  const announcements = planned(node).filter(
    (fact): fact is FactOf<"NodeMaintenanceAnnounced"> =>
      fact.type === "NodeMaintenanceAnnounced" && fact.occurredAt < at,
  );
  return open.flatMap(({ maintenanceId, rolloutId, from: since, startId }) => {
    const latest = announcements
      .filter(({ data }) => data.maintenanceId === maintenanceId)
      .toSorted(byRecording)
      .at(-1);
    const plannedTo = latest === undefined ? null : instantMs(latest.data.plannedTo);
    const dueAt = plannedTo ?? since + maintenanceMaxMs;
    if (at <= dueAt) return [];
    return [{ node, maintenanceId, rolloutId, since, plannedTo, dueAt, startId }];
  });
}

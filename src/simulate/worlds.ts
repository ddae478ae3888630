/** What happens in each cluster, but for jobs and for what is asked of the ledger about nodes. */
import { DecisionLog } from "./setting/decision-log.ts";
import type { ClusterTruth, Interval, RolloutTruth } from "./setting/history.ts";
import type { Random } from "./setting/prng.ts";
import { reporterOf, type Setting } from "./setting/setting.ts";
import { simulateObservation } from "./telling/observation.ts";
import { simulateFleet } from "./truth/fleet/fleet.ts";
import { simulateJobs } from "./truth/jobs/jobs.ts";
import { simulateDeclaredNfzs, type ZonedCluster } from "./truth/nfz/declared.ts";
import { simulateReportedNfzs } from "./truth/nfz/reported.ts";
import { simulateFaults } from "./truth/nodes/faults.ts";
import { simulateMaintenance, type Trigger } from "./truth/nodes/maintenance.ts";
import { simulatePolicies } from "./truth/policies.ts";
import { simulateRollouts } from "./truth/rollouts/rollouts.ts";

interface PlannedCluster extends ZonedCluster {
  readonly policies: ClusterTruth["policies"];
}

/** A cluster in which everything has happened but its jobs. */
interface World extends PlannedCluster {
  readonly rollouts: RolloutTruth[];
  readonly unattended: readonly Interval[];
  /** What stops jobs. */
  readonly triggers: readonly Trigger[];
  /** What the ledger decided about rollouts. */
  readonly log: DecisionLog;
}

interface Worlds {
  readonly worlds: readonly World[];
  /** What the ledger decided about no-fly zones. */
  readonly declared: DecisionLog;
}

export function simulateWorlds(settings: readonly Setting[], random: Random): Worlds {
  const planned = settings.map((setting): PlannedCluster => {
    const policies = simulatePolicies(setting);
    const nodes = simulateFleet(setting);
    return { setting, policies, nodes, nfzs: simulateReportedNfzs(setting, nodes) };
  });
  const calendar = random.fork("declared no-fly zones");
  const declared = new DecisionLog(calendar.fork("ids"));
  const byName = planned.toSorted((a, b) =>
    a.setting.plan.cluster < b.setting.plan.cluster ? -1 : 1,
  );
  simulateDeclaredNfzs(byName, calendar, declared);
  return { worlds: planned.map(simulateWorld), declared };
}

function simulateWorld(planned: PlannedCluster): World {
  const { setting, nodes, nfzs } = planned;
  const log = new DecisionLog(setting.random.fork("decisions"));
  const crew = reporterOf(setting, "maintenance-planner");
  const { rollouts, breakages, triggers, unattended } = simulateRollouts(
    setting,
    nodes,
    nfzs,
    crew,
    log,
  );
  const maintained = simulateMaintenance(setting, { nodes, nfzs }, crew);
  simulateFaults(setting, nodes, breakages);
  simulateObservation(setting, nodes);
  return { ...planned, rollouts, unattended, triggers: [...triggers, ...maintained], log };
}

/** `further` stops jobs as well. */
export function withJobs(
  { setting, policies, nodes, nfzs, rollouts, unattended, triggers }: World,
  further: readonly Trigger[],
): Omit<ClusterTruth, "coTests" | "coTestTerms" | "scaleRequests" | "maintenanceRefusals"> {
  const jobs = simulateJobs(setting, nodes, [...triggers, ...further]);
  const { cluster, zone, asksLedger } = setting.plan;
  const named = { cluster, zone, asksLedger, unattended };
  return { ...named, policies, nodes: [...nodes], jobs, rollouts, nfzs };
}

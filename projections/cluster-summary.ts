/** The row of a cluster in an overview: each headline figure against its target, and what needs somebody's attention. */
import { type BlockedRollout, blockedQueueAt } from "./blocked-queue.ts";
import { type BurnRates, burnRates } from "./error-budget.ts";
import type { ClusterView } from "./cluster-view.ts";
import { exclusionsIn } from "./exclusions.ts";
import { jobUptimeIn } from "./job-uptime.ts";
import { mttrIn, type OpenFault } from "./mttr.ts";
import { isInForce, occurrencesBefore } from "./nfz-calendar.ts";
import { nisIn } from "./nis.ts";
import type { NodeState } from "./node-timeline.ts";
import { type Window, zoneNamed } from "./period.ts";
import { asPolicy, policyFactOf } from "./policy.ts";
import type { ZoneTable } from "./zone-table.ts";

export interface ClusterSummary {
  readonly cluster: string;
  readonly name: string | null;
  readonly window: Window;
  readonly nis: {
    readonly target: number;
    readonly met: boolean | null;
    readonly raw: number | null;
    readonly contractual: number | null;
  };
  readonly burnRates: BurnRates;
  readonly mttr: {
    readonly targetMs: number;
    readonly met: boolean | null;
    readonly meanMs: number | null;
    readonly restrictedMeanMs: number | null;
    readonly faultsClosed: number;
  };
  readonly jobUptime: {
    readonly target: number;
    readonly met: boolean | null;
    readonly uptime: number | null;
    readonly contractual: number | null;
    readonly ettr: number | null;
    readonly crashesPerDay: number | null;
    readonly crashMeanMs: number | null;
  };
  /** Members by state just before the window's end. */
  readonly nodes: Readonly<Record<NodeState, number>>;
  /** NFZs in force at the window's end, by the facts before it. */
  readonly nfzInForce: readonly { readonly nfz: string; readonly until: number }[];
  readonly blocked: readonly BlockedRollout[];
  /** Open faults whose age is beyond the target, the oldest first. */
  readonly openFaultsBeyondTarget: readonly OpenFault[];
}

/** Summarises the window `[from, to)`. Throws RefusedRequest if the policy's zone is not in the table. */
export function clusterSummary(
  view: ClusterView,
  window: Window,
  zones: ZoneTable,
): ClusterSummary {
  const policy = asPolicy(policyFactOf(view.policies, window));
  const zone = zoneNamed(policy.zone, zones);
  const nis = nisIn(view, window, policy.nisTarget, exclusionsIn(view, window, zone));
  const mttr = mttrIn(view.nodes(), window, policy.mttrTargetMs);
  const uptime = jobUptimeIn(view.jobs(), window, policy.jobUptimeTarget);
  return {
    cluster: view.cluster,
    name: view.registrations.at(-1)?.data.name ?? null,
    window,
    nis: { target: nis.target, met: nis.met, raw: nis.raw, contractual: nis.contractual },
    burnRates: burnRates(view, window, nis, (part) => exclusionsIn(view, part, zone)),
    mttr: {
      targetMs: mttr.targetMs,
      met: mttr.met,
      meanMs: mttr.meanMs,
      restrictedMeanMs: mttr.restrictedMeanMs,
      faultsClosed: mttr.faultsClosed,
    },
    jobUptime: {
      target: uptime.target,
      met: uptime.met,
      uptime: uptime.uptime,
      contractual: uptime.contractual,
      ettr: uptime.ettr,
      crashesPerDay: uptime.crashesPerDay,
      crashMeanMs: uptime.crashMeanMs,
    },
    nodes: nodesByState(view, window.to),
    nfzInForce: nfzInForce(view, window.to),
    blocked: blockedQueueAt(view, window.to),
    openFaultsBeyondTarget: mttr.open.filter((fault) => fault.overTarget),
  };
}

function nodesByState(view: ClusterView, at: number): Record<NodeState, number> {
  const counts: Record<NodeState, number> = {
    "in-service": 0,
    down: 0,
    maintenance: 0,
    unknown: 0,
  };
  for (const { segments } of view.nodes()) {
    const now = segments.findLast((segment) => segment.from < at);
    if (now !== undefined && now.to >= at) counts[now.state]++;
  }
  return counts;
}

function nfzInForce(view: ClusterView, at: number): { nfz: string; until: number }[] {
  const found: { nfz: string; until: number }[] = [];
  for (const timeline of view.nfzs()) {
    const occurrences = occurrencesBefore(timeline, at);
    if (!isInForce(occurrences, at)) continue;
    const until = Math.max(
      ...occurrences.filter((each) => each.from <= at && at < each.to).map((each) => each.to),
    );
    found.push({ nfz: timeline.nfz, until });
  }
  return found;
}

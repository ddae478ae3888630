/** Figures of a cluster over any window, apart from the SLA document. Windows are `[from, to)` in milliseconds and are not cut at what the ledger knows. */
import { type BlockedRollout, blockedQueueAt } from "./blocked-queue.ts";
import type { ClusterView } from "./cluster-view.ts";
import { exclusionsIn, monthsAround } from "./exclusions.ts";
import { type JobUptimeFigure, jobUptimeIn } from "./job-uptime.ts";
import { type MttrFigure, mttrIn } from "./mttr.ts";
import { isInForce, occurrencesBefore } from "./nfz-calendar.ts";
import { type NisFigure, nisIn } from "./nis.ts";
import { type Window, zoneNamed } from "./period.ts";
import { asPolicy, type Policy, policyFactOf } from "./policy.ts";
import { RefusedRequest } from "./refused-request.ts";
import type { Occurrence } from "./timelines.ts";
import type { ZoneTable } from "./zone-table.ts";

/** The window between two instants. Throws RefusedRequest unless they are instants in order. */
export function windowOf(from: number, to: number): Window {
  if (!Number.isSafeInteger(from) || !Number.isSafeInteger(to) || from >= to) {
    throw new RefusedRequest("malformed-window", "to", "a window ends after it begins");
  }
  return { from, to };
}

/** The policy that the window's targets are taken from. */
export function policyOver(view: ClusterView, from: number, to: number): Policy {
  return asPolicy(policyFactOf(view.policies, windowOf(from, to)));
}

export function nisOverWindow(
  view: ClusterView,
  from: number,
  to: number,
  zones: ZoneTable,
): NisFigure {
  const window = windowOf(from, to);
  const policy = policyOver(view, from, to);
  const zone = zoneNamed(policy.zone, zones);
  const near = view.within(monthsAround(window, zone));
  return nisIn(near, window, policy.nisTarget, exclusionsIn(near, window, zone));
}

export function mttrOverWindow(view: ClusterView, from: number, to: number): MttrFigure {
  const window = windowOf(from, to);
  const nodes = view.within(window).nodes();
  return mttrIn(nodes, window, policyOver(view, from, to).mttrTargetMs);
}

export function jobUptimeOverWindow(view: ClusterView, from: number, to: number): JobUptimeFigure {
  return jobUptimeIn(view.jobs(), windowOf(from, to), policyOver(view, from, to).jobUptimeTarget);
}

/** The blocked queue as the facts with `occurredAt` before the instant leave it. */
export function blockedQueue(view: ClusterView, at: number): BlockedRollout[] {
  return blockedQueueAt(view, at);
}

/** An NFZ's occurrences by the facts with `occurredAt` before the instant, and whether one is in force just then. */
export interface NfzStanding {
  readonly nfz: string;
  readonly occurrences: readonly Occurrence[];
  readonly inForce: boolean;
}

/** The NFZ calendar at an instant, by NFZ. */
export function nfzCalendarAt(view: ClusterView, at: number): NfzStanding[] {
  return [...view.nfzs()].map((timeline) => {
    const occurrences = occurrencesBefore(timeline, at);
    return { nfz: timeline.nfz, occurrences, inForce: isInForce(occurrences, at) };
  });
}

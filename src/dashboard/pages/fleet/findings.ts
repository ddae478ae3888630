/** The findings of the running month: facts that did not fit, and releases that are overdue. */
import type { Interval } from "../../../../projections/arithmetic/intervals.ts";
import { blockedQueueAt } from "../../../../projections/figures/blocked-queue.ts";
import type { EntityFinding } from "../../../../projections/figures/data-quality.ts";
import { findingsInSteps } from "../../../../projections/figures/data-quality.ts";
import { formatInstant } from "../../../../projections/time/instant.ts";
import { monthOf, zoneNamed } from "../../../../projections/time/period.ts";
import type { ClusterView } from "../../../../projections/view.ts";
import type { Steps } from "../../../turns.ts";
import { zonesInForce } from "../../../zones/zones.ts";
import { policyAt } from "../../cluster/cluster-facts.ts";

export interface ClusterFindings {
  readonly cluster: string;
  readonly found: readonly EntityFinding[];
  /** The window as a period, for the address that lists them all; empty where there is none. */
  readonly period: string;
}

export function* findingsOf(view: ClusterView, atMs: number): Steps<ClusterFindings> {
  const { from, to } = runningMonth(view, atMs);
  // The same window as in the linked document, so that the counts agree.
  const window = { from, to: Math.min(to, atMs + 1, view.headRecordedAt ?? -Infinity) };
  if (window.from >= window.to) return { cluster: view.cluster, found: [], period: "" };
  // The whole month, so that what is folded for one instant can be used again at the next.
  const near = view.within({ from, to });
  const blocked = blockedQueueAt(view, window.to);
  yield;
  const found = yield* findingsInSteps(near, window, blocked);
  const period = `${formatInstant(window.from)}/${formatInstant(window.to)}`;
  return { cluster: view.cluster, found, period };
}

/** The calendar month that holds the instant, in the zone of the terms; in UTC if the table does not have that zone. */
function runningMonth(view: ClusterView, atMs: number): Interval {
  const { zone } = policyAt(view, atMs);
  const zones = zonesInForce(view.zoneTable);
  return monthOf(atMs, zones.zone(zone) ?? zoneNamed("UTC", zones));
}

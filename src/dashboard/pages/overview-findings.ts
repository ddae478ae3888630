/** The findings of the current month, for the overview. */
import type { Interval } from "../../../projections/arithmetic/intervals.ts";
import { blockedQueueAt } from "../../../projections/figures/blocked-queue.ts";
import { allFindings } from "../../../projections/figures/data-quality.ts";
import type { EntityFinding } from "../../../projections/figures/data-quality.ts";
import { asPolicy, policyFactOf } from "../../../projections/figures/exclusions/policy.ts";
import { formatInstant } from "../../../projections/time/instant.ts";
import { monthOf, zoneNamed } from "../../../projections/time/period.ts";
import type { ClusterView } from "../../../projections/view.ts";
import { zonesInForce as tableInForce } from "../../zones/zones.ts";

/** A finding of the current month. */
interface FindingOfCluster extends Omit<EntityFinding, "at"> {
  readonly cluster: string;
  readonly at: string;
}

/** How many findings the page lists; the others are behind a link. */
const shownFindings = 20;

export interface NewestFindings {
  /** The current month's newest findings, newest first. */
  readonly findings: readonly FindingOfCluster[];
  /** The number of findings of each cluster that has any. */
  readonly findingCounts: readonly {
    readonly cluster: string;
    readonly count: number;
    readonly period: string;
  }[];
}

export interface ClusterFindings {
  readonly cluster: string;
  readonly found: readonly EntityFinding[];
  readonly period: string;
}

/** The findings of the current month. */
export function findingsOf(view: ClusterView, atMs: number): ClusterFindings {
  const { from, to } = runningMonth(view, atMs);
  // The same window as in the linked document, so that the counts agree.
  const window = { from, to: Math.min(to, atMs + 1, view.headRecordedAt ?? -Infinity) };
  if (window.from >= window.to) return { cluster: view.cluster, found: [], period: "" };
  // The whole month, so that what is folded for one instant can be used again at the next.
  const near = view.within({ from, to });
  const found = allFindings(near, window, blockedQueueAt(view, window.to));
  return { cluster: view.cluster, found, period: found.length === 0 ? "" : windowText(window) };
}

export function newestFindings(parts: readonly (ClusterFindings | null)[]): NewestFindings {
  const perCluster = parts.filter((part) => part !== null);
  return {
    findings: perCluster
      .flatMap(({ cluster, found }) => found.map((each) => ({ cluster, ...each })))
      .sort((a, b) => b.at - a.at)
      .slice(0, shownFindings)
      .map((each) => ({ ...each, at: formatInstant(each.at) })),
    findingCounts: perCluster
      .map(({ cluster, found, period }) => ({ cluster, count: found.length, period }))
      .filter(({ count }) => count > 0),
  };
}

function windowText({ from, to }: Interval): string {
  return `${formatInstant(from)}/${formatInstant(to)}`;
}

/** The calendar month that holds the instant, in the policy's zone; in UTC if the table does not have that zone. */
function runningMonth(view: ClusterView, atMs: number): Interval {
  const { zone } = asPolicy(policyFactOf(view.policies, { from: atMs, to: atMs }));
  const zones = tableInForce(view.zoneTable);
  return monthOf(atMs, zones.zone(zone) ?? zoneNamed("UTC", zones));
}

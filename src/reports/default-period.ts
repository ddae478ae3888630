/** The period that is meant where none is given. */
import type { ClusterView } from "../../projections/view.ts";
import { monthOf, zoneNamed } from "../../projections/time/period.ts";
import { asPolicy, policyFactOf } from "../../projections/figures/policy.ts";
import { offsetMsAt } from "../../projections/time/zone-table.ts";
import { zonesInForce } from "../zones/zones.ts";

interface DefaultPeriod {
  /** A calendar month, such as `2026-03`. */
  readonly label: string;
  readonly zone: string;
  /** Whether the month is over at the view's position. */
  readonly isFull: boolean;
}

/**
 * The last full month of the cluster by ledger time, or the running one if the cluster was not there
 * before it; months are those of the policy's zone unless another is given. `null` in an empty ledger. Throws RefusedRequest for a zone that there is not.
 */
export function defaultPeriod(view: ClusterView, zoneName?: string): DefaultPeriod | null {
  const head = view.headRecordedAt;
  if (head === null) return null;
  const inForce = asPolicy(policyFactOf(view.policies, { from: head, to: head }));
  const name = zoneName ?? inForce.zone;
  const zone = zoneNamed(name, zonesInForce(view.zoneTable));
  const running = monthOf(head, zone);
  const last = monthOf(running.from - 1, zone);
  const isFull = beginsBefore(view, running.from);
  const { from } = isFull ? last : running;
  // Noon: no change of clocks moves it to another day.
  const local = new Date(from + offsetMsAt(zone, from) + 12 * 3_600_000);
  return { label: local.toISOString().slice(0, 7), zone: name, isFull };
}

/** Whether anything of a node or a job is told of a time before the instant. */
function beginsBefore(view: ClusterView, instant: number): boolean {
  return Math.min(view.firstFactAt("node"), view.firstFactAt("job")) < instant;
}

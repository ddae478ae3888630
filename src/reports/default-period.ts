/** Periods relative to ledger time, and the default period. */
import type { ClusterView } from "../../projections/view.ts";
import { formatInstant } from "../../projections/time/instant.ts";
import type { Interval } from "../../projections/arithmetic/intervals.ts";
import { daysBefore, monthOf, zoneNamed } from "../../projections/time/period.ts";
import { asPolicy, policyFactOf } from "../../projections/figures/exclusions/policy.ts";
import type { ZoneOffsets } from "../../projections/time/zone-table.ts";
import { offsetMsAt } from "../../projections/time/zone-table.ts";
import { LedgerError } from "../errors.ts";
import { zonesInForce } from "../zones/zones.ts";
import { checkPeriod } from "./period-forms.ts";

export interface DefaultPeriod {
  /** A calendar month, such as `2026-03`. */
  readonly label: string;
  readonly zone: string;
  /** Whether the month has ended by the ledger time of the view's position. */
  readonly isFull: boolean;
}

/** Ledger time at a view's position, in a zone. */
interface LedgerNow {
  readonly instant: number;
  readonly zoneName: string;
  readonly zone: ZoneOffsets;
}

/**
 * The cluster's last full month by ledger time, or the current month if nothing is known of the cluster before it. Months
 * are those of `zoneName`, by default the policy's zone. `null` in an empty ledger. Throws RefusedRequest for an unknown
 * zone.
 */
export function defaultPeriod(view: ClusterView, zoneName?: string): DefaultPeriod | null {
  const now = ledgerNow(view, zoneName);
  if (now === null) return null;
  const running = monthOf(now.instant, now.zone);
  const isFull = beginsBefore(view, running.from);
  const month = isFull ? monthOf(running.from - 1, now.zone) : running;
  return { label: monthLabel(month, now.zone), zone: now.zoneName, isFull };
}

/**
 * The period as a document names it. `last-month`, `this-month` and `P30D` (whole days up to the last midnight) are
 * resolved by ledger time at the view's position, in `zoneName` or by default the policy's zone. So the answer for a
 * position never changes, and the document says which period it is. Any other period is returned unchanged. Throws
 * `period-refused` in an empty ledger, RefusedRequest for an unknown period or zone.
 */
export function namedPeriod(view: ClusterView, text: string, zoneName?: string): string {
  const days = /^P([1-9]\d{0,3})D$/.exec(text)?.[1];
  if (days === undefined && text !== "last-month" && text !== "this-month") {
    checkPeriod(text);
    return text;
  }
  const now = ledgerNow(view, zoneName);
  if (now === null) {
    throw new LedgerError("period-refused", "The ledger is empty at this position.");
  }
  if (days !== undefined) {
    const { from, to } = daysBefore(now.instant, Number(days), now.zone);
    return `${formatInstant(from)}/${formatInstant(to)}`;
  }
  const running = monthOf(now.instant, now.zone);
  const month = text === "this-month" ? running : monthOf(running.from - 1, now.zone);
  return monthLabel(month, now.zone);
}

function ledgerNow(view: ClusterView, asked: string | undefined): LedgerNow | null {
  const head = view.headRecordedAt;
  if (head === null) return null;
  const zoneName = asked ?? asPolicy(policyFactOf(view.policies, { from: head, to: head })).zone;
  return { instant: head, zoneName, zone: zoneNamed(zoneName, zonesInForce(view.zoneTable)) };
}

function monthLabel({ from }: Interval, zone: ZoneOffsets): string {
  // At noon, because no change of clocks moves noon to another day.
  const local = new Date(from + offsetMsAt(zone, from) + 12 * 3_600_000);
  return local.toISOString().slice(0, 7);
}

/** Whether any fact of a node or a job is about a time before the instant. */
function beginsBefore(view: ClusterView, instant: number): boolean {
  return Math.min(view.firstFactAt("node"), view.firstFactAt("job")) < instant;
}

/** The window of a list of nodes, faults or jobs, and the instant whose states it shows. */
import type { ClusterView } from "../../../projections/view.ts";
import { resolveRequest } from "../../../projections/document/entry/inputs.ts";
import type { Interval } from "../../../projections/arithmetic/intervals.ts";
import { namedPeriod } from "../../reports/default-period.ts";
import type { WindowQuery } from "../../reports/figures.ts";
import { periodText } from "../../reports/figures.ts";
import { zonesInForce } from "../../zones/zones.ts";

/** The length of the default window, in days before the instant. */
const usualListDays = 30;

export interface ListWindow extends Interval {
  /** The instant whose states are shown. */
  readonly at: number;
  /** Whether the request named the window. A default window ends with the instant and includes it. */
  readonly isAsked: boolean;
}

/** The window of a cluster; a requested one is cut at ledger time, as in the SLA document. Throws RefusedRequest. */
export function listWindow(view: ClusterView, query: WindowQuery, at: number): ListWindow {
  const asked = periodText(query);
  if (asked === undefined) {
    return { from: at - usualListDays * 86_400_000, to: at, at, isAsked: false };
  }
  const period = namedPeriod(view, asked, query.zone);
  const { from, to } = resolveRequest(
    view,
    { period, zone: query.zone },
    zonesInForce(view.zoneTable),
  );
  return { from, to, at, isAsked: true };
}

const hourMs = 3_600_000;

/**
 * A view of what touches the window or the instant; nothing else is folded. It is widened to whole hours: a list of the
 * present has a new instant each time, but can reuse what was folded for the one before.
 */
export function nearWindow(view: ClusterView, { from, to, at }: ListWindow): ClusterView {
  return view.within({
    from: Math.floor(Math.min(from, at) / hourMs) * hourMs,
    to: Math.ceil(Math.max(to, at + 1) / hourMs) * hourMs,
  });
}

/** What a list of nodes, faults or jobs is about: a window, and the instant of the states in it. */
import type { ClusterView } from "../../../projections/view.ts";
import { resolveRequest } from "../../../projections/document/entry/inputs.ts";
import type { Interval } from "../../../projections/arithmetic/intervals.ts";
import { namedPeriod } from "../../reports/default-period.ts";
import type { WindowQuery } from "../../reports/figures.ts";
import { periodText } from "../../reports/figures.ts";
import { zonesInForce } from "../../zones/zones.ts";

/** Days before the instant that a list looks at where no window is asked for. */
const usualListDays = 30;

export interface ListWindow extends Interval {
  /** The instant that states are told of. */
  readonly at: number;
  /** Whether the window was asked for: else it ends with the instant, that instant included. */
  readonly isAsked: boolean;
}

/** The window of a cluster; one that is asked for is cut at ledger time, as in the SLA document. Throws RefusedRequest. */
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
 * The view with what touches the window or the instant: nothing else is folded. It is widened to whole hours: a list of
 * now has another instant each time, and what was folded for the one before is still good.
 */
export function nearWindow(view: ClusterView, { from, to, at }: ListWindow): ClusterView {
  return view.within({
    from: Math.floor(Math.min(from, at) / hourMs) * hourMs,
    to: Math.ceil(Math.max(to, at + 1) / hourMs) * hourMs,
  });
}

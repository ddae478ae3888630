/** Figures of a cluster for the window that a request names. */
import type { ClusterView } from "../../projections/view.ts";
import type { SlaDocument } from "../../projections/document/sla-document.ts";
import { slaDocument } from "../../projections/document/sla-document.ts";
import { formatInstant } from "../../projections/time/instant.ts";
import { LedgerError } from "../errors.ts";
import { zonesInForce } from "../zones/zones.ts";
import { defaultPeriod, namedPeriod } from "./default-period.ts";

export interface WindowQuery {
  readonly period?: string | undefined;
  readonly zone?: string | undefined;
  readonly from?: number | undefined;
  readonly to?: number | undefined;
}

/** The window as a period's text (`FROM/TO` for two instants), if any is given. */
export function periodText(query: Omit<WindowQuery, "zone">): string | undefined {
  const { period, from, to } = query;
  return from === undefined || to === undefined
    ? period
    : `${formatInstant(from)}/${formatInstant(to)}`;
}

/**
 * The cluster's SLA document. Without a window it is about the default period. Throws
 * `period-refused`, `unknown-zone` and `invalid-request` as the period deserves.
 */
export function slaDocumentOf(view: ClusterView, query: WindowQuery): SlaDocument {
  const { zone } = query;
  const period = askedPeriod(view, query);
  return slaDocument(
    view,
    { period, ...(zone === undefined ? {} : { zone }) },
    zonesInForce(view.zoneTable),
  );
}

/** The period that a request is about, as a document names it; the default one where none is asked for. Throws `period-refused` in an empty ledger. */
export function askedPeriod(view: ClusterView, query: WindowQuery): string {
  const { zone } = query;
  const asked = periodText(query);
  const period =
    asked === undefined ? defaultPeriod(view, zone)?.label : namedPeriod(view, asked, zone);
  if (period !== undefined) return period;
  throw new LedgerError("period-refused", "The ledger is empty at this position.");
}

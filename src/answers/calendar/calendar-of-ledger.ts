/** The calendar feed of a ledger's no-fly zones. */
import { recordedOccurrences } from "../../../projections/nfz/recorded-occurrences.ts";
import type { NfzTimeline } from "../../../projections/nfz/timeline.ts";
import type { Ledger } from "../../ledger/ledger.ts";
import { ofClusters } from "../known-cluster.ts";
import { type CalendarOccurrence, nfzCalendar } from "./nfz-calendar.ts";

/** Occurrences that touch the window, in one cluster or in all. */
export async function ledgerCalendar(
  ledger: Ledger,
  cluster: string | undefined,
  sequence: number,
  window: { readonly from: number; readonly to: number },
): Promise<string> {
  const zones = await ofClusters(ledger, cluster, sequence, (view) =>
    Array.from(view.entities("nfz"), (nfz) => ({ cluster: view.cluster, nfz })),
  );
  const reasons = await reasonsOf(
    ledger,
    zones.flat().map(({ nfz }) => nfz),
  );
  const occurrences = zones.flat().flatMap((each) => occurrencesOf(each, reasons));
  return nfzCalendar(
    occurrences.filter(({ from, to }) => from < window.to && Math.max(to, from + 1) > window.from),
  );
}

function occurrencesOf(
  { cluster, nfz }: { readonly cluster: string; readonly nfz: NfzTimeline },
  reasons: ReadonlyMap<string, string>,
): CalendarOccurrence[] {
  const { declaration } = nfz;
  if (declaration === null) return [];
  const { scope = null, inFlight } = declaration.data;
  const reason = reasons.get(declaration.id) ?? null;
  return recordedOccurrences(nfz).map(({ from, to, changes, lastRecordedAt, isDropped }) => ({
    nfz: nfz.nfz,
    cluster,
    from,
    to,
    sequence: changes,
    lastRecordedAt,
    cancelled: isDropped,
    scope,
    inFlight,
    reason,
  }));
}

/** The reason of each declaration, by the declaration's id. */
async function reasonsOf(
  ledger: Ledger,
  zones: readonly NfzTimeline[],
): Promise<Map<string, string>> {
  const ids = zones.flatMap(({ declaration }) => declaration?.id ?? []);
  const reasons = new Map<string, string>();
  if (ids.length === 0) return reasons;
  for (const { id, attribution } of await ledger.store.findByIds(ids))
    if (attribution.reason !== undefined) reasons.set(id, attribution.reason);
  return reasons;
}

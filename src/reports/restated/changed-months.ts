/** Finds the months of a cluster whose documents differ between two positions. */
import { kindNames } from "../../../projections/kinds.ts";
import type { ClusterView } from "../../../projections/view.ts";
import type { Ledger } from "../../ledger/ledger.ts";
import { formatInstant } from "../../../projections/time/instant.ts";
import { documentDigest } from "../kept-document.ts";
import { differencesInTurns } from "./difference.ts";
import type { ComparedPeriod } from "./restate.ts";
import { asJson, documentOf, isNotThereYet } from "./restate.ts";
import { nextTurn } from "../../turns.ts";

/** Labels (`2026-03`), in order of time, of every month whose document differs between `from` and `to`; `signal` ends the search. */
export async function changedMonths(
  ledger: Ledger,
  view: ClusterView,
  zone: string | undefined,
  { from, to }: { readonly from: number; readonly to: number },
  signal?: AbortSignal,
): Promise<string[]> {
  const changed: string[] = [];
  for (const period of monthsOf(view)) {
    await nextTurn();
    signal?.throwIfAborted();
    const compared = { cluster: view.cluster, period, zone, from, to };
    if ((await digestAt(ledger, compared, from)) === (await digestAt(ledger, compared, to)))
      continue;
    const before = await documentOf(ledger, compared, from);
    const after = await documentOf(ledger, compared, to);
    if ((await differencesInTurns(asJson(before), asJson(after))).length > 0) changed.push(period);
  }
  return changed;
}

/** `null` if there is no document of the month yet. Kept documents answer for most months without a fold. */
async function digestAt(
  ledger: Ledger,
  { cluster, period, zone }: ComparedPeriod,
  sequence: number,
): Promise<string | null> {
  try {
    return await documentDigest(ledger, cluster, sequence, { period, zone });
  } catch (error) {
    if (isNotThereYet(error)) return null;
    throw error;
  }
}

/** From the month before the cluster's first fact (a month may begin earlier in another zone) to the month of ledger time. */
function monthsOf(view: ClusterView): string[] {
  const first = firstMs(view);
  const last = view.headRecordedAt;
  if (last === null || !Number.isFinite(first)) return [];
  const begin = new Date(first);
  const months: string[] = [];
  for (let at = Date.UTC(begin.getUTCFullYear(), begin.getUTCMonth() - 1); at <= last;) {
    months.push(formatInstant(at).slice(0, 7));
    const month = new Date(at);
    at = Date.UTC(month.getUTCFullYear(), month.getUTCMonth() + 1);
  }
  return months;
}

function firstMs(view: ClusterView): number {
  let first = Infinity;
  const note = (at: number | undefined) => {
    if (at !== undefined && at < first) first = at;
  };
  for (const policy of view.policies) note(policy.occurredAt);
  for (const kind of kindNames) note(view.firstFactAt(kind));
  for (const nfz of view.entities("nfz")) note(nfz.occurrences[0]?.from);
  return first;
}

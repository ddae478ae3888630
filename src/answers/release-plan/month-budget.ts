/** What is left of the error budget of the month that an instant lies in. */
import { budgetLeft } from "../../../projections/document/sections/nis.ts";
import type { Policy } from "../../../projections/figures/exclusions/policy.ts";
import { monthOf, zoneNamed } from "../../../projections/time/period.ts";
import type { ClusterView } from "../../../projections/view.ts";
import { figureInputs } from "../../reports/figures.ts";
import type { Steps } from "../../turns.ts";
import { zonesInForce } from "../../zones/zones.ts";

/**
 * In node-milliseconds, up to ledger time; `null` if the month has not begun by then, of which no figure is known. The month
 * is one of the policy's zone.
 */
export function* monthBudgetLeft(
  view: ClusterView,
  at: number,
  { zone }: Pick<Policy, "zone">,
): Steps<number | null> {
  const zones = zonesInForce(view.zoneTable);
  const { from, to } = monthOf(at, zoneNamed(zone, zones));
  if (from >= (view.headRecordedAt ?? -Infinity)) return null;
  const inputs = figureInputs(view, { from, to });
  yield* inputs.prepare();
  return budgetLeft(inputs.nisSums());
}

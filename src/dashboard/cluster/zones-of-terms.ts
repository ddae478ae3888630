/** The zones that a reader may want times in: those of the clusters, and those of their terms. */
import { asPolicy, policyFactOf } from "../../../projections/figures/exclusions/policy.ts";
import type { ClusterView } from "../../../projections/view.ts";
import { maxZonesOfTerms } from "../../limits/pages.ts";
import { oneStep } from "../../turns.ts";
import type { PageContext } from "../frame/page.ts";

/** By name, each once; UTC is offered anyway. */
export function zonesOfTerms(context: PageContext): Promise<string[]> {
  const { ledger, stand, clusters } = context;
  return context.shared("zones of terms", async () => {
    const names = new Set<string>();
    for (const cluster of clusters) {
      if (names.size >= maxZonesOfTerms) break;
      const found = await ledger.answerInSteps(cluster, stand.sequence, (view) =>
        oneStep(() => zonesOf(view, stand.at)),
      );
      for (const name of found) names.add(name);
    }
    names.delete("UTC");
    return [...names].sort();
  });
}

function zonesOf({ registrations, policies }: ClusterView, at: number | null): string[] {
  const own = registrations.at(-1)?.data.zone;
  if (at === null) return own === undefined ? [] : [own];
  const { zone } = asPolicy(policyFactOf(policies, { from: at, to: at }));
  return own === undefined ? [zone] : [own, zone];
}

/** Which report a draft is of. */
import type { SlaDocument } from "../../../../projections/document/catalogue.ts";
import type { PageContext } from "../../frame/page.ts";
import { documentOf } from "../../cluster/cluster-facts.ts";

/** The cluster that was asked for; else the first by name. */
export function draftCluster({ filters, clusters }: PageContext): string | null {
  return filters["cluster"] ?? clusters[0] ?? null;
}

/** The document of the chosen cluster and the page's window; throws why there is none. */
export async function draftDocument(context: PageContext): Promise<SlaDocument | null> {
  const cluster = draftCluster(context);
  return cluster === null ? null : await documentOf(context, cluster);
}

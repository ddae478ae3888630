/** Everything about one no-fly zone of a cluster at the page's instant. */
import { nfzBefore } from "../../../../../projections/nfz/kind.ts";
import type { NfzFact, NfzStatus } from "../../../../../projections/nfz/timeline.ts";
import { formatInstant } from "../../../../../projections/time/instant.ts";
import type { RolloutAnswer } from "../../../../answers/rollouts/one-rollout.ts";
import { LedgerError } from "../../../../errors.ts";
import { oneStep } from "../../../../turns.ts";
import type { PageContext } from "../../../frame/page.ts";
import { pathSegment } from "../../../../path-segment.ts";

interface OneZone {
  readonly status: NfzStatus;
  readonly applied: readonly NfzFact[];
  /** Clusters that have a zone of the same name, this one too. */
  readonly clusters: readonly string[];
}

export function zoneNames({ params }: PageContext): { cluster: string; nfz: string } {
  return { cluster: params["cluster"] ?? "", nfz: params["nfz"] ?? "" };
}

/** As `/v1/nfz/{id}` of the cluster answers. */
export function zoneSource(context: PageContext): string {
  const { cluster, nfz } = zoneNames(context);
  return context.api(`/v1/nfz/${pathSegment(nfz)}`, { cluster });
}

export async function zoneOf(context: PageContext): Promise<OneZone> {
  const { cluster, nfz } = zoneNames(context);
  const { at, sequence } = context.stand;
  const found = await context.once(`one zone ${nfz}`, cluster, (view) =>
    oneStep(() => {
      const timeline = view.entity("nfz", nfz);
      if (timeline === null || at === null) return null;
      const applied = timeline.applied.filter(({ occurredAt }) => occurredAt < at);
      return { status: nfzBefore(timeline, at), applied };
    }),
  );
  if (found === null) {
    throw new LedgerError(
      "not-found",
      `There is no no-fly zone "${nfz}" in cluster "${cluster}" at this position.`,
    );
  }
  const clusters = context.clusters.filter(
    (each) => context.ledger.view(each, sequence).entity("nfz", nfz) !== null,
  );
  return { ...found, clusters };
}

/** Who stated each of its facts, and why. */
export async function zoneHistory(context: PageContext): Promise<RolloutAnswer["history"]> {
  const { applied } = await zoneOf(context);
  const events = await context.ledger.store.findByIds(applied.map(({ id }) => id));
  const stated = new Map(events.map((event) => [event.id, event.attribution]));
  return applied.map(({ id, type, occurredAt, sequence, amendedBy, decision }) => ({
    sequence,
    eventId: id,
    type,
    at: formatInstant(occurredAt),
    actor: stated.get(id)?.actor ?? null,
    reason: stated.get(id)?.reason ?? null,
    reported: decision === undefined,
    corrected: amendedBy.length > 0,
    fits: true,
  }));
}

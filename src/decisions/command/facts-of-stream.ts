/** The facts of a decision's own stream, from its events and what corrections moved there from other streams. */
import { EffectiveFacts, type RawEvent } from "../../../projections/facts/effective-facts.ts";
import { type Fact, compareFacts } from "../../../projections/facts/fact.ts";
import { subjectOf } from "../../../projections/facts/subject.ts";
import type { StoredEvent } from "../../events/envelope.ts";
import type { Ledger } from "../../ledger/ledger.ts";

export interface OwnFacts {
  readonly stream: string;
  /** The stream's last revision; `null` if it does not exist. */
  readonly revision: bigint | null;
  /** By cluster; each list is ordered by `occurredAt`, then id. */
  readonly byCluster: ReadonlyMap<string, readonly Fact[]>;
  /** The latest `occurredAt` of any; -Infinity if there is none. */
  readonly latestAt: number;
  /** The events of the stream as first stated, by id. */
  readonly events: ReadonlyMap<string, StoredEvent>;
}

/** From the events of its stream. */
export function ownFactsFrom(
  ledger: Pick<Ledger, "clusters" | "view">,
  kind: "rollout" | "nfz",
  name: string,
  P: number,
  events: readonly StoredEvent[],
): OwnFacts {
  const stream = `${kind}-${name}`;
  const revision = events.at(-1)?.revision ?? null;
  const byCluster = new Map<string, Fact[]>();
  const take = (cluster: string, fact: Fact): void => {
    const facts = byCluster.get(cluster);
    if (facts === undefined) byCluster.set(cluster, [fact]);
    else facts.push(fact);
  };
  const stated = new Set(events.map(({ id }) => id));
  for (const fact of effectiveFactsOf(events)) {
    const subject = subjectOf(fact.type, fact.data);
    if (subject?.kind === kind && subject.name === name) take(subject.cluster, fact);
  }
  for (const cluster of ledger.clusters(P))
    for (const fact of ledger.view(cluster, P).facts(kind, name))
      if (!stated.has(fact.id)) take(cluster, fact);
  let latestAt = -Infinity;
  for (const facts of byCluster.values()) {
    facts.sort(compareFacts);
    latestAt = Math.max(latestAt, facts.at(-1)?.occurredAt ?? -Infinity);
  }
  return {
    stream,
    revision,
    byCluster,
    latestAt,
    events: new Map(events.map((each) => [each.id, each])),
  };
}

function effectiveFactsOf(events: readonly StoredEvent[]): Fact[] {
  const named = events
    .filter(({ type }) => type === "FactCorrected" || type === "FactRetracted")
    .map(({ data }) => (data as { readonly eventId: string }).eventId.toLowerCase());
  const facts = new EffectiveFacts(new Set(named));
  for (const event of events) facts.take(event as unknown as RawEvent);
  return facts.all();
}

/** The view of a cluster by the plain fold: every fact, from the first. */
import { type CoTestFact, isCoTest } from "./facts/co-test-fact.ts";
import type { DecisionView } from "./view.ts";
import { compareFacts, type Fact, type FactOf } from "./facts/fact.ts";
import { foldEntity } from "./facts/entity-kind.ts";
import { forKinds, kinds } from "./kinds.ts";
import { faultEndOf } from "./nodes/faults.ts";
import type { KindName, TimelineOf } from "./kinds.ts";
import { everyCluster, isFolded, subjectOf } from "./facts/subject.ts";

/** Facts of entities of one kind, by name. */
type Facts = Map<string, Fact[]>;

/** The cluster that a fact is about; `null` if it names none. */
export function clusterOf(fact: Fact): string | null {
  return "cluster" in fact.data ? (fact.data.cluster ?? null) : null;
}

/**
 * Builds the view of a cluster from facts in any order; facts of other clusters are skipped. `headRecordedAt` is the
 * largest `recordedAt` of the whole ledger up to `sequence`.
 */
export function plainClusterView(
  facts: readonly Fact[],
  cluster: string,
  sequence: number,
  headRecordedAt: number | null,
): DecisionView {
  const factsOf = forKinds((): Facts => new Map());
  const policies: FactOf<"SlaPolicySet">[] = [];
  const rolloutPolicies: FactOf<"RolloutPolicySet">[] = [];
  const registrations: FactOf<"ClusterRegistered">[] = [];
  const coTests: CoTestFact[] = [];
  let known = false;
  let zoneTable: string | null = null;
  for (const fact of facts) {
    if (fact.type === "ZoneTableAdopted") zoneTable = fact.data.tzdata;
    const subject = subjectOf(fact.type, fact.data);
    const isShared = subject?.cluster === everyCluster && isCoTest(fact);
    if (isShared) coTests.push(fact);
    if (isShared || subject?.cluster !== cluster) continue;
    known = true;
    if (isFolded(subject.kind)) addTo(factsOf[subject.kind], subject.name, fact);
    else if (fact.type === "SlaPolicySet") policies.push(fact);
    else if (fact.type === "RolloutPolicySet") rolloutPolicies.push(fact);
    else if (fact.type === "ClusterRegistered") registrations.push(fact);
    else if (isCoTest(fact)) coTests.push(fact);
  }
  const folded = forKinds((kind): ReadonlyMap<string, unknown> => foldAll(kind, factsOf[kind]));
  // Under a kind stand timelines of that kind.
  const timelines = <K extends KindName>(kind: K) =>
    folded[kind] as ReadonlyMap<string, TimelineOf[K]>;
  const view: DecisionView = {
    cluster,
    sequence,
    headRecordedAt,
    zoneTable,
    known,
    registrations: registrations.sort(compareFacts),
    policies: policies.sort(compareFacts),
    rolloutPolicies: rolloutPolicies.sort(compareFacts),
    coTests: coTests.sort(compareFacts),
    entities: (kind) => timelines(kind).values(),
    names: (kind) => [...timelines(kind).keys()],
    firstFactAt: (kind) => firstOf(factsOf[kind]),
    entity: (kind, name) => timelines(kind).get(name) ?? null,
    faultEnd: (node, faultId) => faultEndOf(timelines("node").get(node), faultId),
    facts: (kind, name) => inOrder(factsOf[kind].get(name) ?? []),
    factsOfTypes: (kind, name, types) =>
      view.facts(kind, name).filter(({ type }) => types.has(type)),
    findingsFrom: (kind, name, from) =>
      (timelines(kind).get(name)?.findings ?? []).filter(({ at }) => at >= from),
    lastFactAt: (kind, name) => view.facts(kind, name).at(-1)?.occurredAt ?? -Infinity,
    nodesAsIntegers: () => null,
    within: () => view,
  };
  return view;
}

function addTo(map: Facts, name: string, fact: Fact): void {
  const list = map.get(name);
  if (list === undefined) map.set(name, [fact]);
  else list.push(fact);
}

/** Each entity by its name, in the order of names. */
function foldAll<K extends KindName>(kind: K, facts: Facts): Map<string, TimelineOf[K]> {
  const names = [...facts.keys()].sort();
  return new Map(names.map((name) => [name, foldPlainly(kind, name, facts.get(name) ?? [])]));
}

/** The timeline of an entity from all of its facts, given in any order. */
export function foldPlainly<K extends KindName>(
  kind: K,
  name: string,
  facts: Fact[],
): TimelineOf[K] {
  return foldEntity(kinds[kind], name, inOrder(facts));
}

function firstOf(facts: Facts): number {
  let first = Infinity;
  for (const list of facts.values())
    for (const { occurredAt } of list) first = Math.min(first, occurredAt);
  return first;
}

/** Facts usually come sorted; sorting is skipped only then. */
function inOrder(facts: Fact[]): Fact[] {
  for (let i = 1; i < facts.length; i++) {
    const [before, fact] = [facts[i - 1], facts[i]];
    if (before !== undefined && fact !== undefined && compareFacts(before, fact) > 0)
      return facts.sort(compareFacts);
  }
  return facts;
}

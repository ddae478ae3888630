/** The view of a cluster by the plain fold: every fact, from the first. */
import { foldRollout } from "./blocked-rollouts.ts";
import type { ClusterView } from "./cluster-view.ts";
import { effectiveFacts, type RawEvent } from "./effective-facts.ts";
import { compareFacts, type Fact, type FactOf } from "./fact.ts";
import { foldJob } from "./job-timeline.ts";
import { foldNfz } from "./nfz-calendar.ts";
import { foldNode } from "./node-states.ts";

/** The cluster that a fact is about; `null` if it names none. */
export function clusterOf(fact: Fact): string | null {
  return "cluster" in fact.data ? (fact.data.cluster ?? null) : null;
}

/**
 * Builds the view of a cluster from facts in any order (those of other clusters are passed over).
 * `headRecordedAt` is the largest `recordedAt` of the whole ledger up to `sequence`.
 */
export function plainClusterView(
  facts: readonly Fact[],
  cluster: string,
  sequence: number,
  headRecordedAt: number | null,
): ClusterView {
  const nodeFacts = new Map<string, Fact[]>();
  const jobFacts = new Map<string, Fact[]>();
  const rolloutFacts = new Map<string, Fact[]>();
  const nfzFacts = new Map<string, Fact[]>();
  const policies: FactOf<"SlaPolicySet">[] = [];
  const registrations: FactOf<"ClusterRegistered">[] = [];
  let known = false;
  let zoneTable: string | null = null;
  for (const fact of facts) {
    if (fact.type === "ZoneTableAdopted") zoneTable = fact.data.tzdata;
    if (clusterOf(fact) !== cluster) continue;
    known = true;
    const { data } = fact;
    if ("node" in data) addTo(nodeFacts, data.node, fact);
    else if ("job" in data) addTo(jobFacts, data.job, fact);
    else if ("rollout" in data) addTo(rolloutFacts, data.rollout, fact);
    else if ("nfz" in data) addTo(nfzFacts, data.nfz, fact);
    else if (fact.type === "SlaPolicySet") policies.push(fact);
    else if (fact.type === "ClusterRegistered") registrations.push(fact);
  }
  const nodes = fold(nodeFacts, foldNode);
  const jobs = fold(jobFacts, foldJob);
  const rollouts = fold(rolloutFacts, foldRollout);
  const nfzs = fold(nfzFacts, foldNfz);
  const view: ClusterView = {
    cluster,
    sequence,
    headRecordedAt,
    zoneTable,
    known,
    registrations: registrations.sort(compareFacts),
    policies: policies.sort(compareFacts),
    nodes: () => nodes.values(),
    node: (name) => nodes.get(name) ?? null,
    jobs: () => jobs.values(),
    job: (name) => jobs.get(name) ?? null,
    rollouts: () => rollouts.values(),
    rollout: (name) => rollouts.get(name) ?? null,
    nfzs: () => nfzs.values(),
    nfz: (name) => nfzs.get(name) ?? null,
    within: () => view,
  };
  return view;
}

/** The view of a cluster at position P by the plain fold over raw events, in the order of their sequence. */
export function plainClusterViewAt(
  events: readonly RawEvent[],
  cluster: string,
  P: number,
): ClusterView {
  let headRecordedAt: number | null = null;
  let sequence = 0;
  for (const event of events) {
    if (event.sequence > P) continue;
    if (headRecordedAt === null || event.recordedAt > headRecordedAt)
      headRecordedAt = event.recordedAt;
    if (event.sequence > sequence) sequence = event.sequence;
  }
  return plainClusterView(effectiveFacts(events, P), cluster, sequence, headRecordedAt);
}

function addTo(map: Map<string, Fact[]>, name: string, fact: Fact): void {
  const list = map.get(name);
  if (list === undefined) map.set(name, [fact]);
  else list.push(fact);
}

function fold<T>(
  facts: Map<string, Fact[]>,
  one: (name: string, facts: readonly Fact[]) => T,
): Map<string, T> {
  const names = [...facts.keys()].sort();
  return new Map(names.map((name) => [name, one(name, inOrder(facts.get(name) ?? []))]));
}

/** Facts mostly come in their order; only then is sorting spared. */
function inOrder(facts: Fact[]): Fact[] {
  for (let i = 1; i < facts.length; i++) {
    const [before, fact] = [facts[i - 1], facts[i]];
    if (before !== undefined && fact !== undefined && compareFacts(before, fact) > 0)
      return facts.sort(compareFacts);
  }
  return facts;
}

/** The view of a cluster by the plain fold: every fact, from the first. */
import { foldRollout } from "./blocked-rollouts.ts";
import type { ClusterView } from "./cluster-view.ts";
import { effectiveFacts, type RawEvent } from "./effective-facts.ts";
import { compareFacts, type Fact, type FactOf } from "./fact.ts";
import { foldJob } from "./job-timeline.ts";
import { foldNfz } from "./nfz-calendar.ts";
import { foldNode } from "./node-states.ts";

/** What a fact is about: an entity of a cluster, by its name there; `null` for what no fold takes. */
export function subjectOf(
  fact: Fact,
): { kind: "node" | "job" | "rollout" | "nfz"; name: string } | null {
  const { data } = fact;
  if ("node" in data) return { kind: "node", name: data.node };
  if ("job" in data) return { kind: "job", name: data.job };
  if ("rollout" in data) return { kind: "rollout", name: data.rollout };
  return "nfz" in data ? { kind: "nfz", name: data.nfz } : null;
}

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
  const own = facts.filter((fact) => clusterOf(fact) === cluster).sort(compareFacts);
  const byKind = {
    node: new Map<string, Fact[]>(),
    job: new Map<string, Fact[]>(),
    rollout: new Map<string, Fact[]>(),
    nfz: new Map<string, Fact[]>(),
  };
  const policies: FactOf<"SlaPolicySet">[] = [];
  const registrations: FactOf<"ClusterRegistered">[] = [];
  for (const fact of own) {
    const subject = subjectOf(fact);
    if (subject !== null) addTo(byKind[subject.kind], subject.name, fact);
    else if (fact.type === "SlaPolicySet") policies.push(fact);
    else if (fact.type === "ClusterRegistered") registrations.push(fact);
  }
  const nodes = fold(byKind.node, foldNode);
  const jobs = fold(byKind.job, foldJob);
  const rollouts = fold(byKind.rollout, foldRollout);
  const nfzs = fold(byKind.nfz, foldNfz);
  return {
    cluster,
    sequence,
    headRecordedAt,
    known: own.length > 0,
    registrations,
    policies,
    nodes: () => nodes.values(),
    node: (name) => nodes.get(name) ?? null,
    jobs: () => jobs.values(),
    job: (name) => jobs.get(name) ?? null,
    rollouts: () => rollouts.values(),
    rollout: (name) => rollouts.get(name) ?? null,
    nfzs: () => nfzs.values(),
    nfz: (name) => nfzs.get(name) ?? null,
  };
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
  return new Map(names.map((name) => [name, one(name, facts.get(name) ?? [])]));
}

/**
 * The facts of a history by cluster and entity, so that entities can be folded whole, one after another. Only facts that
 * corrections affect, and those about a cluster itself, stay in memory.
 */
import type { MaybeDecided } from "../../../projections/facts/decided.ts";
import { clusterOf } from "../../../projections/plain-view.ts";
import {
  EffectiveFacts,
  isAmendment,
  isSystemEvent,
  type RawEvent,
  unamendedFact,
} from "../../../projections/facts/effective-facts.ts";
import type { Fact } from "../../../projections/facts/fact.ts";
import { forKinds } from "../../../projections/kinds.ts";
import type { KindName } from "../../../projections/kinds.ts";
import { isCoTest } from "../../../projections/facts/co-test-fact.ts";
import { isFolded, subjectOf } from "../../../projections/facts/subject.ts";
import type { Interval } from "../../../projections/arithmetic/intervals.ts";
import { FactSpool } from "./fact-spool.ts";

/** The facts of a cluster after all corrections. */
export interface ClusterFacts {
  /** Facts about the cluster itself, those that only name it, and zone tables; by sequence. */
  readonly own: readonly Fact[];
  /** From the first fact of its senders to the last; `null` if there is none. */
  readonly span: Interval | null;
  /** The entities of a kind, by name. */
  names(kind: KindName): readonly string[];
  factsOf(kind: KindName, name: string): Fact[];
}

interface Gathered {
  readonly own: Fact[];
  /** Whether any fact only names the cluster; one such fact is enough. */
  hasOther: boolean;
  span: Interval | null;
}

interface Spooled extends Gathered {
  readonly entities: Readonly<Record<KindName, Map<string, number>>>;
}

interface Amended extends Gathered {
  readonly entities: Readonly<Record<KindName, Map<string, Fact[]>>>;
}

type Packed = readonly [
  type: string,
  id: string,
  sequence: number,
  occurredAt: number,
  recordedAt: number,
  data: object,
  attribution?: MaybeDecided["attribution"],
];

export class FactsByEntity {
  readonly #named: ReadonlySet<string>;
  readonly #shared: EffectiveFacts;
  readonly #spool: FactSpool;
  readonly #clusters = new Map<string, Spooled>();
  /** Zone tables, and co-tests that name no cluster: every cluster has them. */
  readonly #ofEveryCluster: Fact[] = [];
  #entities = 0;
  /** The facts that corrections affect, as they are after the last event. */
  #amended: ReadonlyMap<string, Amended> | null = null;

  /** `named` contains at least the ids, in lower case, that corrections and retractions name. */
  constructor(named: ReadonlySet<string>, maxWaitingBytes: number) {
    this.#named = named;
    this.#shared = new EffectiveFacts(named);
    this.#spool = new FactSpool(maxWaitingBytes);
  }

  /** Adds the next event. */
  take(event: RawEvent): void {
    const isShared =
      isAmendment(event) || (this.#named.has(event.id.toLowerCase()) && !isSystemEvent(event.type));
    if (isShared) {
      this.#shared.take(event);
      this.#amended = null;
      return;
    }
    const fact = unamendedFact(event);
    const cluster = clusterOf(fact);
    if (isOfEveryCluster(fact)) this.#ofEveryCluster.push(fact);
    if (cluster !== null) this.#spoolFact(this.#cluster(cluster), fact);
  }

  /** Names of the clusters with a fact, sorted. */
  clusters(): string[] {
    return [...new Set([...this.#clusters.keys(), ...this.#amendedNow().keys()])].sort();
  }

  /** The facts as of the last event added; adding another event invalidates the result. */
  of(cluster: string): ClusterFacts {
    const spooled = this.#clusters.get(cluster);
    const amended = this.#amendedNow().get(cluster);
    const bySequence = (a: Fact, b: Fact) => a.sequence - b.sequence;
    return {
      own: [
        ...this.#ofEveryCluster,
        ...this.#shared.all().filter(isOfEveryCluster),
        ...(spooled?.own ?? []),
        ...(amended?.own ?? []),
      ].sort(bySequence),
      span: spanOf(spooled?.span ?? null, amended?.span ?? null),
      names: (kind) => {
        const names = new Set(spooled?.entities[kind].keys());
        for (const name of amended?.entities[kind].keys() ?? []) names.add(name);
        return [...names].sort();
      },
      factsOf: (kind, name) => {
        const entity = spooled?.entities[kind].get(name);
        const facts = entity === undefined ? [] : this.#spooledFacts(entity);
        const others = amended?.entities[kind].get(name);
        return others === undefined ? facts : facts.concat(others);
      },
    };
  }

  /** Call after the last event. */
  settle(): void {
    this.#spool.settle();
  }

  close(): void {
    this.#spool.close();
  }

  #spoolFact(cluster: Spooled, fact: Fact): void {
    const entity = gather(cluster, fact);
    if (entity === null) return;
    const { kind, name } = entity;
    let index = cluster.entities[kind].get(name);
    if (index === undefined) {
      index = this.#entities++;
      cluster.entities[kind].set(name, index);
    }
    const { type, id, sequence, occurredAt, recordedAt, data, decision } = fact;
    const stated = [type, id, sequence, occurredAt, recordedAt, data] as const;
    const packed: Packed = decision === undefined ? stated : [...stated, { decision }];
    this.#spool.add(index, JSON.stringify(packed));
  }

  #spooledFacts(entity: number): Fact[] {
    const all = JSON.parse(`[${this.#spool.read(entity)}]`) as Packed[];
    return all.map(([type, id, sequence, occurredAt, recordedAt, data, attribution = {}]) => {
      // Only a valid fact of this type was packed.
      const event = { type, id, sequence, occurredAt, recordedAt, data, attribution };
      return unamendedFact(event as unknown as RawEvent);
    });
  }

  #cluster(name: string): Spooled {
    let cluster = this.#clusters.get(name);
    if (cluster === undefined) {
      cluster = { ...nothing(), entities: forKinds(() => new Map<string, number>()) };
      this.#clusters.set(name, cluster);
    }
    return cluster;
  }

  #amendedNow(): ReadonlyMap<string, Amended> {
    if (this.#amended !== null) return this.#amended;
    const clusters = new Map<string, Amended>();
    for (const fact of this.#shared.all()) {
      const name = clusterOf(fact);
      if (name === null) continue;
      let cluster = clusters.get(name);
      if (cluster === undefined) {
        cluster = { ...nothing(), entities: forKinds(() => new Map<string, Fact[]>()) };
        clusters.set(name, cluster);
      }
      const entity = gather(cluster, fact);
      if (entity === null) continue;
      const facts = cluster.entities[entity.kind].get(entity.name);
      if (facts === undefined) cluster.entities[entity.kind].set(entity.name, [fact]);
      else facts.push(fact);
    }
    this.#amended = clusters;
    return clusters;
  }
}

function isOfEveryCluster(fact: Fact): boolean {
  return fact.type === "ZoneTableAdopted" || (isCoTest(fact) && clusterOf(fact) === null);
}

/** Notes a fact of the cluster; returns the entity that it is about, `null` if it is about none or about the cluster. */
function gather(cluster: Gathered, fact: Fact): { kind: KindName; name: string } | null {
  if (!isSystemEvent(fact.type)) {
    const { occurredAt } = fact;
    cluster.span = spanOf(cluster.span, { from: occurredAt, to: occurredAt });
  }
  const subject = subjectOf(fact.type, fact.data);
  if (subject === null) return null;
  const { kind, name } = subject;
  if (isFolded(kind)) return { kind, name };
  if (kind !== "other" || !cluster.hasOther) cluster.own.push(fact);
  if (kind === "other") cluster.hasOther = true;
  return null;
}

function nothing(): Gathered {
  return { own: [], hasOther: false, span: null };
}

function spanOf(a: Interval | null, b: Interval | null): Interval | null {
  if (a === null || b === null) return a ?? b;
  return { from: Math.min(a.from, b.from), to: Math.max(a.to, b.to) };
}

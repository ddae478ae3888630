/** The nodes and jobs of a cluster as the measured impact of rollouts looks at them, by the facts before an instant. */
import { type Interval, overlapMs } from "../arithmetic/intervals.ts";
import { at } from "../arithmetic/invariants.ts";
import type { Interruption, JobTimeline } from "../jobs/timeline.ts";
import { type Place, namesOf } from "../nodes/places.ts";
import type { MaintenanceInterval, Membership, NodeTimeline } from "../nodes/timeline.ts";
import type { RolloutTimeline } from "../rollouts/timeline.ts";
import type { ClusterView } from "../view.ts";

/** What an answer sees: its instant, and the facts with an `occurredAt` before another. Milliseconds. */
export interface Seen {
  readonly at: number;
  /** `at` for reads; one millisecond later for decisions, which see the facts of their own instant too. */
  readonly factsBefore: number;
}

/** Maintenance that names a rollout. `to` is Infinity while it is open. */
export interface RolloutStretch extends Interval {
  readonly node: NodeTimeline;
  readonly maintenanceId: string;
  readonly rollout: string;
  readonly startId: string;
  readonly endId: string | null;
}

/** An interruption that names a rollout or maintenance as its cause. */
export interface NamedInterruption {
  readonly job: JobTimeline;
  readonly interruption: Interruption;
}

/** Impact is about everything that ever happened to a node: maintenance may name a rollout long before or after it. */
const always: Interval = { from: -Infinity, to: Infinity };

/** Every rollout of the cluster, whole. */
export function rolloutsOf(view: ClusterView): readonly RolloutTimeline[] {
  return [...view.within(always).entities("rollout")];
}

export class Fleet {
  readonly seen: Seen;
  readonly #nodes: readonly NodeTimeline[];
  readonly #byName = new Map<string, NodeTimeline>();
  readonly #byRack = new Map<string, Set<NodeTimeline>>();
  readonly #bySku = new Map<string, Set<NodeTimeline>>();
  readonly #ofPlace = new Map<string, readonly NodeTimeline[]>();
  readonly #ofRollout = new Map<string, RolloutStretch[]>();
  readonly #ofNode = new Map<NodeTimeline, RolloutStretch[]>();
  readonly #interruptions: ReadonlyMap<string, readonly NamedInterruption[]>;

  constructor(view: ClusterView, seen: Seen) {
    const whole = view.within(always);
    this.seen = seen;
    this.#nodes = [...whole.entities("node")];
    for (const node of this.#nodes) this.#takeNode(node);
    for (const stretches of this.#ofRollout.values()) stretches.sort(compareStretches);
    this.#interruptions = interruptionsByCause(whole.entities("job"), seen);
  }

  /** The members in the targets at an instant; undefined targets are the whole cluster. */
  membersIn(targets: Place | undefined, instant: number): NodeTimeline[] {
    const { racks, skus } = targets ?? {};
    const found: NodeTimeline[] = [];
    for (const node of this.#candidates(targets)) {
      const held = membershipAt(node, instant);
      if (held === undefined) continue;
      if (racks !== undefined && !includes(racks, held.rack)) continue;
      if (skus !== undefined && !includes(skus, held.sku)) continue;
      found.push(node);
    }
    return found;
  }

  /** By their start, then maintenance id. */
  stretchesOf(rollout: string): readonly RolloutStretch[] {
    return this.#ofRollout.get(rollout) ?? [];
  }

  /** All that name a rollout, by their start, then maintenance id. */
  stretchesOn(node: NodeTimeline): readonly RolloutStretch[] {
    return this.#ofNode.get(node) ?? [];
  }

  /** Those whose cause names the rollout, or the maintenance. */
  interruptionsBy(kind: "rollout" | "maintenance", name: string): readonly NamedInterruption[] {
    return this.#interruptions.get(`${kind} ${name}`) ?? [];
  }

  /** Member node-time of a node in an interval, up to the instant. */
  exposureMs({ memberships }: NodeTimeline, from: number, to: number): number {
    const end = Math.min(to, this.seen.at);
    if (memberships.length === 1) return Math.max(0, overlapMs(at(memberships, 0), from, end));
    return memberships.reduce((sum, each) => sum + overlapMs(each, from, end), 0);
  }

  /** The faults that count and begin in the interval, up to the instant. */
  faultsIn({ faults }: NodeTimeline, from: number, to: number): NodeTimeline["faults"] {
    if (faults.length === 0) return faults;
    const end = Math.min(to, this.seen.at);
    return faults.filter((each) => from <= each.from && each.from < end);
  }

  #takeNode(node: NodeTimeline): void {
    this.#byName.set(node.node, node);
    for (const { rack, sku } of node.memberships) {
      if (rack !== null) addTo(this.#byRack, rack, node);
      if (sku !== null) addTo(this.#bySku, sku, node);
    }
    const stretches = node.maintenance.flatMap((each) => this.#stretch(node, each));
    if (stretches.length === 0) return;
    this.#ofNode.set(node, stretches.sort(compareStretches));
    for (const each of stretches) {
      const known = this.#ofRollout.get(each.rollout);
      if (known === undefined) this.#ofRollout.set(each.rollout, [each]);
      else known.push(each);
    }
  }

  #stretch(node: NodeTimeline, each: MaintenanceInterval): RolloutStretch[] {
    const { from, to, maintenanceId, rolloutId: rollout, startId, endId } = each;
    const { factsBefore } = this.seen;
    if (rollout === null || from >= factsBefore) return [];
    const isOver = to < factsBefore;
    const end = isOver ? { to, endId } : { to: Infinity, endId: null };
    return [{ node, maintenanceId, rollout, from, startId, ...end }];
  }

  #candidates(place: Place | undefined): readonly NodeTimeline[] {
    if (place === undefined) return this.#nodes;
    const key = JSON.stringify([place.nodes, place.racks, place.skus]);
    const known = this.#ofPlace.get(key);
    if (known !== undefined) return known;
    const made = this.#lookUp(place);
    this.#ofPlace.set(key, made);
    return made;
  }

  #lookUp({ nodes, racks, skus }: Place): readonly NodeTimeline[] {
    if (nodes !== undefined) {
      return [...namesOf(nodes)].flatMap((name) => this.#byName.get(name) ?? []);
    }
    const [groups, labels] = racks === undefined ? [this.#bySku, skus] : [this.#byRack, racks];
    if (labels === undefined) return this.#nodes;
    return [...new Set(labels.flatMap((label) => [...(groups.get(label) ?? [])]))];
  }
}

/** By their start, then maintenance id. */
function compareStretches(a: RolloutStretch, b: RolloutStretch): number {
  return (
    a.from - b.from ||
    compareText(a.maintenanceId, b.maintenanceId) ||
    compareText(a.startId, b.startId)
  );
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function membershipAt({ memberships }: NodeTimeline, instant: number): Membership | undefined {
  return memberships.findLast(({ from, to }) => from <= instant && instant < to);
}

function includes(labels: readonly string[], label: string | null): boolean {
  return label !== null && labels.includes(label);
}

function addTo(groups: Map<string, Set<NodeTimeline>>, label: string, node: NodeTimeline): void {
  const group = groups.get(label);
  if (group === undefined) groups.set(label, new Set([node]));
  else group.add(node);
}

function interruptionsByCause(
  jobs: Iterable<JobTimeline>,
  { factsBefore }: Seen,
): Map<string, NamedInterruption[]> {
  const found = new Map<string, NamedInterruption[]>();
  const add = (key: string, each: NamedInterruption): void => {
    const known = found.get(key);
    if (known === undefined) found.set(key, [each]);
    else known.push(each);
  };
  for (const job of jobs) {
    for (const interruption of job.interruptions) {
      const { from, rolloutId, maintenanceId } = interruption;
      if (from >= factsBefore) continue;
      if (rolloutId !== null) add(`rollout ${rolloutId}`, { job, interruption });
      if (maintenanceId !== null) add(`maintenance ${maintenanceId}`, { job, interruption });
    }
  }
  return found;
}

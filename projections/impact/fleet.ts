/** The nodes and jobs of a cluster as the measured impact of rollouts looks at them, by the facts before an instant. */
import { type Interval, overlapMs } from "../arithmetic/intervals.ts";
import { at } from "../arithmetic/invariants.ts";
import type { Interruption, JobTimeline } from "../jobs/timeline.ts";
import { type Place, namesOf } from "../nodes/places.ts";
import type { MaintenanceInterval, Membership, NodeTimeline } from "../nodes/timeline.ts";
import type { RolloutTimeline } from "../rollouts/timeline.ts";
import type { ClusterView } from "../view.ts";

/** What an answer sees: its instant, and the facts with an `occurredAt` before another. Milliseconds. */
interface Seen {
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

/** Nothing is folded before it is asked for: without a started rollout there is nothing to measure. */
export class Fleet {
  readonly seen: Seen;
  readonly #view: ClusterView;
  #index: FleetIndex | null = null;

  constructor(view: ClusterView, seen: Seen) {
    this.seen = seen;
    this.#view = view;
  }

  get #all(): FleetIndex {
    return (this.#index ??= indexOf(this.#view, this.seen));
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
    return this.#all.ofRollout.get(rollout) ?? [];
  }

  /** All that name a rollout, by their start, then maintenance id. */
  stretchesOn(node: NodeTimeline): readonly RolloutStretch[] {
    return this.#all.ofNode.get(node) ?? [];
  }

  /** Those whose cause names the rollout, or the maintenance. */
  interruptionsBy(kind: "rollout" | "maintenance", name: string): readonly NamedInterruption[] {
    return this.#all.interruptions.get(`${kind} ${name}`) ?? [];
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

  #candidates(place: Place | undefined): readonly NodeTimeline[] {
    const { nodes, ofPlace } = this.#all;
    if (place === undefined) return nodes;
    const key = JSON.stringify([place.nodes, place.racks, place.skus]);
    const known = ofPlace.get(key);
    if (known !== undefined) return known;
    const made = lookUp(this.#all, place);
    ofPlace.set(key, made);
    return made;
  }
}

interface FleetIndex {
  readonly nodes: readonly NodeTimeline[];
  readonly byName: Map<string, NodeTimeline>;
  /** Nodes that were ever members there, or of that model. */
  readonly byRack: Map<string, Set<NodeTimeline>>;
  readonly bySku: Map<string, Set<NodeTimeline>>;
  readonly ofPlace: Map<string, readonly NodeTimeline[]>;
  readonly ofRollout: Map<string, RolloutStretch[]>;
  readonly ofNode: Map<NodeTimeline, RolloutStretch[]>;
  readonly interruptions: ReadonlyMap<string, readonly NamedInterruption[]>;
}

function indexOf(view: ClusterView, seen: Seen): FleetIndex {
  const whole = view.within(always);
  const nodes = [...whole.entities("node")];
  const index: FleetIndex = {
    nodes,
    byName: new Map(nodes.map((node) => [node.node, node])),
    byRack: new Map(),
    bySku: new Map(),
    ofPlace: new Map(),
    ofRollout: new Map(),
    ofNode: new Map(),
    interruptions: interruptionsByCause(whole.entities("job"), seen),
  };
  for (const node of nodes) takeNode(index, node, seen);
  for (const stretches of index.ofRollout.values()) stretches.sort(compareStretches);
  return index;
}

function takeNode(
  { byRack, bySku, ofNode, ofRollout }: FleetIndex,
  node: NodeTimeline,
  seen: Seen,
) {
  for (const { rack, sku } of node.memberships) {
    if (rack !== null) addTo(byRack, rack, node);
    if (sku !== null) addTo(bySku, sku, node);
  }
  const stretches = node.maintenance.flatMap((each) => stretchOf(node, each, seen));
  if (stretches.length === 0) return;
  ofNode.set(node, stretches.sort(compareStretches));
  for (const each of stretches) {
    const known = ofRollout.get(each.rollout);
    if (known === undefined) ofRollout.set(each.rollout, [each]);
    else known.push(each);
  }
}

/** None for maintenance that names no rollout, or that has not begun. */
function stretchOf(node: NodeTimeline, each: MaintenanceInterval, seen: Seen): RolloutStretch[] {
  const { from, to, maintenanceId, rolloutId: rollout, startId, endId } = each;
  if (rollout === null || from >= seen.factsBefore) return [];
  const end = to < seen.factsBefore ? { to, endId } : { to: Infinity, endId: null };
  return [{ node, maintenanceId, rollout, from, startId, ...end }];
}

function lookUp(index: FleetIndex, { nodes, racks, skus }: Place): readonly NodeTimeline[] {
  if (nodes !== undefined) {
    return [...namesOf(nodes)].flatMap((name) => index.byName.get(name) ?? []);
  }
  const [groups, labels] = racks === undefined ? [index.bySku, skus] : [index.byRack, racks];
  if (labels === undefined) return index.nodes;
  return [...new Set(labels.flatMap((label) => [...(groups.get(label) ?? [])]))];
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

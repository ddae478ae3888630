/** A wave while the plan is made: what is in it on each class of nodes, and what it stops. */
import { at, intAt, wordAt } from "../arithmetic/invariants.ts";
import type { RolloutsInQueue } from "../co-tests/queued-rollouts.ts";
import { addBits } from "../co-tests/update-sets.ts";
import type { NodesOfGroups, Stops } from "./stops.ts";

/** A rollout of the plan, as waves need it. */
export interface Planned {
  /** Its place in the queue. */
  readonly place: number;
  readonly set: number;
  readonly target: number;
  readonly costMs: number;
}

export interface PlanGround {
  readonly queue: Pick<RolloutsInQueue, "sets" | "tested" | "shared">;
  readonly stops: Stops;
  readonly groups: number;
  /** The nodes in service of each class. */
  readonly nodesOfClass: readonly NodesOfGroups[];
  /** The nodes in service of each target, where they have been asked for. */
  readonly nodesOfTarget: (NodesOfGroups | undefined)[];
}

/** Sets of updates, and how many rollouts have each. */
interface CountedSets {
  readonly sets: number[];
  readonly counts: number[];
}

/** In `#onlySet`. */
const [noSet, severalSets] = [-1, -2];

const nothing: readonly number[] = [];
const noNodes: NodesOfGroups = { groups: new Uint32Array(0), counts: new Uint32Array(0) };

export class Wave {
  readonly #ground: PlanGround;
  readonly number: number;
  readonly members = new Set<Planned>();
  /** The sets of updates on each class. */
  readonly #sets: (CountedSets | undefined)[] = [];
  /** The only set on each class, `noSet` or `severalSets`: most checks come down to this number. */
  readonly #onlySet: Int32Array;
  /** How many rollouts take the nodes of each class out of service. */
  readonly #touching: Uint32Array;
  /** The touched nodes of each group. */
  readonly touched: Uint32Array;
  stops = 0;
  /** The fewest stops that there can be with what is touched; `null` if that is not known. */
  #least: number | null;
  /** The sums of what is touched up to and with each group. */
  readonly #ends: Uint32Array;

  /** `number`: how many waves of the plan were made before it. */
  constructor(ground: PlanGround, number = 0) {
    this.#ground = ground;
    this.number = number;
    this.#touching = new Uint32Array(ground.nodesOfClass.length);
    this.touched = new Uint32Array(ground.groups);
    this.#ends = new Uint32Array(ground.groups);
    this.#onlySet = new Int32Array(ground.nodesOfClass.length).fill(noSet);
    this.#least = ground.stops.least(this.touched);
  }

  /** Whether the wave stays admissible with the rollout. */
  admits({ set, target }: Planned): boolean {
    const { tested, shared } = this.#ground.queue;
    const classes = at(shared.classes, target);
    for (let i = 0; i < classes.length; i++)
      if (!this.#isApart(set, wordAt(classes, i))) return false;
    return !tested.mayFail(set) || !this.#failsWith(set, classes);
  }

  /** Whether the set passed with each one on the class. */
  #isApart(set: number, ofClass: number): boolean {
    const only = intAt(this.#onlySet, ofClass);
    if (only >= 0) return this.#goTogether(set, only);
    if (only === noSet) return true;
    return this.#setsOn(ofClass).every((other) => this.#goTogether(set, other));
  }

  #goTogether(set: number, other: number): boolean {
    const status = this.#ground.queue.tested.ofTwo(set, other);
    return status === "passed" || status === "none";
  }

  /** Nothing failed is within what is there: a failed set would have an update of this one. */
  #failsWith(set: number, classes: Uint32Array): boolean {
    const { tested, sets } = this.#ground.queue;
    return classes.some((each) => {
      const together = sets.bits(set).slice();
      for (const other of this.#setsOn(each)) addBits(together, sets.bits(other));
      return tested.failedWith(set, together);
    });
  }

  #setsOn(ofClass: number): readonly number[] {
    return this.#sets[ofClass]?.sets ?? nothing;
  }

  /** How many stops the rollout would add; Infinity where it is certain that they are not below a limit. */
  addedBy(rollout: Planned, limit = Infinity): number {
    return this.#stopsAfter(this.#changedBy(rollout, 0), 1, this.stops + limit) - this.stops;
  }

  /** Stops with a member left out. */
  stopsWithout(rollout: Planned): number {
    return this.#stopsAfter(this.#changedBy(rollout, 1), -1, Infinity);
  }

  add(rollout: Planned): void {
    this.members.add(rollout);
    this.#change(rollout, 1);
  }

  remove(rollout: Planned): void {
    this.members.delete(rollout);
    this.#change(rollout, -1);
  }

  /** The nodes that it takes out of service, and that so many members do. */
  #changedBy({ costMs, target }: Planned, members: 0 | 1): NodesOfGroups {
    if (costMs === 0) return noNodes;
    const { queue, nodesOfClass, nodesOfTarget } = this.#ground;
    const classes = at(queue.shared.classes, target);
    // Most targets are a rack, whose nodes are one class.
    const [first] = classes;
    if (first !== undefined && classes.length === 1)
      return wordAt(this.#touching, first) === members ? at(nodesOfClass, first) : noNodes;
    const changed = this.#changedOf(classes, members);
    if (changed.length < classes.length) return joined(changed, this.touched.length);
    return (nodesOfTarget[target] ??= joined(changed, this.touched.length));
  }

  #changedOf(classes: Uint32Array, members: 0 | 1): readonly NodesOfGroups[] {
    const { nodesOfClass } = this.#ground;
    const changed: NodesOfGroups[] = [];
    for (const each of classes)
      if (wordAt(this.#touching, each) === members) changed.push(at(nodesOfClass, each));
    return changed;
  }

  /** Infinity where it is certain that they are not below the limit. */
  #stopsAfter(nodes: NodesOfGroups, by: 1 | -1, limit: number): number {
    if (nodes.groups.length === 0) return this.stops;
    const { stops } = this.#ground;
    if (this.#least !== null) return stops.after(this.#ends, this.#least, { nodes, by }, limit);
    this.#count(nodes, by);
    const after = stops.of(this.touched);
    this.#count(nodes, -by as 1 | -1);
    return after;
  }

  #count({ groups, counts }: NodesOfGroups, by: 1 | -1): void {
    for (const [i, group] of groups.entries())
      this.touched[group] = wordAt(this.touched, group) + by * wordAt(counts, i);
  }

  #change(rollout: Planned, by: 1 | -1): void {
    for (const each of at(this.#ground.queue.shared.classes, rollout.target)) {
      const counted = (this.#sets[each] ??= { sets: [], counts: [] });
      countSet(counted, rollout.set, by);
      const [only = noSet] = counted.sets;
      this.#onlySet[each] = counted.sets.length > 1 ? severalSets : only;
    }
    const changed = this.#changedBy(rollout, by === 1 ? 0 : 1);
    if (rollout.costMs > 0)
      for (const each of at(this.#ground.queue.shared.classes, rollout.target))
        this.#touching[each] = wordAt(this.#touching, each) + by;
    if (changed.groups.length === 0) return;
    this.stops = this.#stopsAfter(changed, by, Infinity);
    if (this.#least !== null) {
      const { stops } = this.#ground;
      this.#least = stops.leastAfter(this.#ends, this.#least, { nodes: changed, by });
    }
    this.#count(changed, by);
    const first = wordAt(changed.groups, 0);
    let sum = first === 0 ? 0 : wordAt(this.#ends, first - 1);
    for (let group = first; group < this.#ends.length; group++)
      this.#ends[group] = sum += wordAt(this.touched, group);
  }
}

function countSet({ sets, counts }: CountedSets, set: number, by: 1 | -1): void {
  const known = sets.indexOf(set);
  const i = known < 0 ? sets.push(set) - 1 : known;
  counts[i] = (counts[i] ?? 0) + by;
  if (counts[i] > 0) return;
  sets.splice(i, 1);
  counts.splice(i, 1);
}

/** Beyond so many classes it is faster to count each of the groups. */
const fewClasses = 4;

/** The nodes of several classes; `groups` is how many groups there are. */
function joined(classes: readonly NodesOfGroups[], groups: number): NodesOfGroups {
  if (classes.length <= fewClasses) return classes.reduce(merged, noNodes);
  const counted = new Uint32Array(groups);
  for (const each of classes)
    for (let i = 0; i < each.groups.length; i++) {
      const group = wordAt(each.groups, i);
      counted[group] = wordAt(counted, group) + wordAt(each.counts, i);
    }
  const found: number[] = [];
  for (let group = 0; group < groups; group++) if (wordAt(counted, group) > 0) found.push(group);
  return {
    groups: Uint32Array.from(found),
    counts: Uint32Array.from(found, (group) => wordAt(counted, group)),
  };
}

function merged(a: NodesOfGroups, b: NodesOfGroups): NodesOfGroups {
  if (a === noNodes) return b;
  const most = a.groups.length + b.groups.length;
  const [groups, counts] = [new Uint32Array(most), new Uint32Array(most)];
  let [i, k, length] = [0, 0, 0];
  while (i < a.groups.length || k < b.groups.length) {
    const mine = a.groups[i] ?? Infinity;
    const its = b.groups[k] ?? Infinity;
    groups[length] = Math.min(mine, its);
    counts[length++] =
      (mine <= its ? wordAt(a.counts, i++) : 0) + (its <= mine ? wordAt(b.counts, k++) : 0);
  }
  return { groups: groups.subarray(0, length), counts: counts.subarray(0, length) };
}

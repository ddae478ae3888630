/** A wave while the plan is made: what is in it on each class of nodes, and what it stops. */
import { at, wordAt } from "../arithmetic/invariants.ts";
import type { RolloutsInQueue } from "../co-tests/queued-rollouts.ts";
import { addBits } from "../co-tests/update-sets.ts";
import type { Stops } from "./stops.ts";

/** A rollout of the plan, as waves need it. */
export interface Planned {
  /** Its place in the queue. */
  readonly place: number;
  readonly set: number;
  readonly target: number;
  readonly costMs: number;
}

/** Nodes in service of a class, by their group. */
export type NodesOfClass = readonly { readonly group: number; readonly count: number }[];

export interface PlanGround {
  readonly queue: Pick<RolloutsInQueue, "sets" | "tested" | "shared">;
  readonly stops: Stops;
  readonly groups: number;
  readonly nodesOfClass: readonly NodesOfClass[];
}

const nothing: readonly number[] = [];

export class Wave {
  readonly #ground: PlanGround;
  readonly members = new Set<Planned>();
  /** How many rollouts of each set of updates are on each class. */
  readonly #sets = new Map<number, Map<number, number>>();
  /** How many rollouts take the nodes of each class out of service. */
  readonly #touching = new Map<number, number>();
  /** The touched nodes of each group. */
  readonly touched: Uint32Array;
  stops = 0;
  /** The fewest stops that there can be with what is touched; `null` if that is not known. */
  #least: number | null;

  constructor(ground: PlanGround) {
    this.#ground = ground;
    this.touched = new Uint32Array(ground.groups);
    this.#least = ground.stops.least(this.touched);
  }

  /** Whether the wave stays admissible with the rollout. */
  admits({ set, target }: Planned): boolean {
    const { tested, shared, sets } = this.#ground.queue;
    const classes = at(shared.classes, target);
    const mayFail = tested.mayFail(set);
    for (const each of classes) {
      const others = this.#sets.get(each);
      const together = mayFail ? sets.bits(set).slice() : null;
      for (const other of others?.keys() ?? []) {
        const status = tested.ofTwo(set, other);
        if (status !== "passed" && status !== "none") return false;
        if (together !== null) addBits(together, sets.bits(other));
      }
      // Nothing failed is within what is there: a failed set would have an update of this one.
      if (together !== null && tested.failedWith(set, together)) return false;
    }
    return true;
  }

  /** How many stops the rollout would add; Infinity where it is certain that they are not below a limit. */
  addedBy(rollout: Planned, limit = Infinity): number {
    const fresh = this.#changedBy(rollout, 0);
    if (fresh.length === 0) return 0;
    // Each job of the wave is stopped once at least, and what it is stopped more often can at most be saved.
    if (this.#least !== null && this.#least + this.#freshJobs(fresh) - this.stops >= limit)
      return Infinity;
    return this.#stopsAfter(fresh, 1) - this.stops;
  }

  /** Stops with a member left out. */
  stopsWithout(rollout: Planned): number {
    return this.#stopsAfter(this.#changedBy(rollout, 1), -1);
  }

  add(rollout: Planned): void {
    this.members.add(rollout);
    this.#change(rollout, 1);
  }

  remove(rollout: Planned): void {
    this.members.delete(rollout);
    this.#change(rollout, -1);
  }

  /** The classes that it takes out of service, and that so many members do. */
  #changedBy({ costMs, target }: Planned, members: 0 | 1): readonly number[] {
    if (costMs === 0) return nothing;
    let changed: number[] | null = null;
    for (const each of at(this.#ground.queue.shared.classes, target))
      if ((this.#touching.get(each) ?? 0) === members) (changed ??= []).push(each);
    return changed ?? nothing;
  }

  /** Jobs on these classes that nothing in the wave stops; where no node has two jobs. */
  #freshJobs(classes: readonly number[]): number {
    const groups = new Set<number>();
    for (const each of classes)
      for (const { group } of at(this.#ground.nodesOfClass, each))
        if (wordAt(this.touched, group) === 0 && this.#ground.stops.hasJob(group))
          groups.add(group);
    return groups.size;
  }

  #stopsAfter(classes: readonly number[], by: 1 | -1): number {
    if (classes.length === 0) return this.stops;
    this.#count(classes, by);
    const stops = this.#ground.stops.of(this.touched);
    this.#count(classes, -by as 1 | -1);
    return stops;
  }

  #count(classes: readonly number[], by: 1 | -1): void {
    for (const each of classes)
      for (const { group, count } of at(this.#ground.nodesOfClass, each))
        this.touched[group] = wordAt(this.touched, group) + by * count;
  }

  #change(rollout: Planned, by: 1 | -1): void {
    for (const each of at(this.#ground.queue.shared.classes, rollout.target)) {
      const sets = this.#sets.get(each) ?? new Map<number, number>();
      this.#sets.set(each, sets);
      add(sets, rollout.set, by);
    }
    const changed = this.#changedBy(rollout, by === 1 ? 0 : 1);
    if (rollout.costMs > 0)
      for (const each of at(this.#ground.queue.shared.classes, rollout.target))
        add(this.#touching, each, by);
    if (changed.length === 0) return;
    this.#count(changed, by);
    this.stops = this.#ground.stops.of(this.touched);
    this.#least = this.#ground.stops.least(this.touched);
  }
}

/** Counts up or down; nothing is kept for 0. */
function add(counts: Map<number, number>, key: number, by: number): void {
  const count = (counts.get(key) ?? 0) + by;
  if (count === 0) counts.delete(key);
  else counts.set(key, count);
}

/** A wave while the plan is made: what is in it on each class of nodes, and what it stops. */
import { at } from "../arithmetic/invariants.ts";
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

export class Wave {
  readonly #ground: PlanGround;
  readonly members = new Set<Planned>();
  /** How many rollouts of each set of updates are on each class. */
  readonly #sets = new Map<number, Map<number, number>>();
  /** How many rollouts take the nodes of each class out of service. */
  readonly #touching = new Map<number, number>();
  /** The touched nodes of each group. */
  readonly touched: Int32Array;
  stops = 0;

  constructor(ground: PlanGround) {
    this.#ground = ground;
    this.touched = new Int32Array(ground.groups);
  }

  /** Whether the wave stays admissible with the rollout. */
  admits({ set, target }: Planned): boolean {
    const { tested, shared, sets } = this.#ground.queue;
    const classes = at(shared.classes, target);
    for (const each of classes)
      for (const other of this.#sets.get(each)?.keys() ?? []) {
        const status = tested.ofTwo(set, other);
        if (status !== "passed" && status !== "none") return false;
      }
    if (!tested.hasFailed) return true;
    for (const each of classes) {
      const together = sets.bits(set).slice();
      for (const other of this.#sets.get(each)?.keys() ?? []) addBits(together, sets.bits(other));
      if (tested.failedWithin(together)) return false;
    }
    return true;
  }

  /** Stops with the rollout added. */
  stopsWith(rollout: Planned): number {
    const fresh = this.#classesOf(rollout).filter((each) => !this.#touching.has(each));
    return this.#stopsAfter(fresh, 1);
  }

  /** Stops with a member left out. */
  stopsWithout(rollout: Planned): number {
    const freed = this.#classesOf(rollout).filter((each) => this.#touching.get(each) === 1);
    return this.#stopsAfter(freed, -1);
  }

  add(rollout: Planned): void {
    this.members.add(rollout);
    this.#change(rollout, 1);
  }

  remove(rollout: Planned): void {
    this.members.delete(rollout);
    this.#change(rollout, -1);
  }

  /** Classes whose nodes it takes out of service. */
  #classesOf({ costMs, target }: Planned): number[] {
    return costMs === 0 ? [] : [...at(this.#ground.queue.shared.classes, target)];
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
        this.touched[group] = at(this.touched, group) + by * count;
  }

  #change(rollout: Planned, by: 1 | -1): void {
    for (const each of at(this.#ground.queue.shared.classes, rollout.target)) {
      const sets = this.#sets.get(each) ?? new Map<number, number>();
      this.#sets.set(each, sets);
      add(sets, rollout.set, by);
    }
    const changed: number[] = [];
    for (const each of this.#classesOf(rollout)) {
      const isFirstOrLast = (this.#touching.get(each) ?? 0) === (by === 1 ? 0 : 1);
      if (isFirstOrLast) changed.push(each);
      add(this.#touching, each, by);
    }
    if (changed.length === 0) return;
    this.#count(changed, by);
    this.stops = this.#ground.stops.of(this.touched);
  }
}

/** Counts up or down; nothing is kept for 0. */
function add(counts: Map<number, number>, key: number, by: number): void {
  const count = (counts.get(key) ?? 0) + by;
  if (count === 0) counts.delete(key);
  else counts.set(key, count);
}

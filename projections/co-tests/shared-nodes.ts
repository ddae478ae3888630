/** Which of many targets share a node. Nodes in exactly the same targets are one class, and are looked at once. */
import { at } from "../arithmetic/invariants.ts";
import type { NodeSet } from "../nodes/node-sets.ts";

export class SharedNodes {
  /** Distinct targets. */
  readonly targets: readonly NodeSet[];
  readonly #indexes = new Map<NodeSet, number>();
  /** The classes of each target, ascending. */
  readonly classes: readonly Uint32Array[];
  /** The targets of each class, ascending. */
  readonly targetsOfClass: readonly Uint32Array[];
  /** The class of each node by its number; -1 if it is in no target. */
  readonly classOf: Int32Array;
  /** How many nodes had a number then; later questions may give numbers to more. */
  readonly count: number;
  readonly #sharing: (Uint32Array | undefined)[] = [];

  /** `count`: how many nodes have a number. Two targets that are the whole cluster share a node even without members. */
  constructor(targets: Iterable<NodeSet>, count: number) {
    const whole = count;
    this.count = count;
    for (const target of targets)
      if (!this.#indexes.has(target)) this.#indexes.set(target, this.#indexes.size);
    this.targets = [...this.#indexes.keys()];
    const found = new Classes(count + 1);
    const nodesOf = ({ nodes, isWhole }: NodeSet) => (isWhole ? [...nodes, whole] : nodes);
    for (const target of this.targets) found.split(nodesOf(target));
    const { classOf, size } = found.numbered();
    this.classOf = classOf;
    this.classes = this.targets.map((target) => {
      const classes = new Set<number>();
      for (const node of nodesOf(target)) classes.add(at(classOf, node));
      return Uint32Array.from(classes).sort();
    });
    const lists = Array.from({ length: size }, (): number[] => []);
    for (const [target, classes] of this.classes.entries())
      for (const each of classes) at(lists, each).push(target);
    this.targetsOfClass = lists.map((list) => Uint32Array.from(list));
  }

  /** The index of one of the targets. */
  indexOf(target: NodeSet): number {
    const index = this.#indexes.get(target);
    if (index === undefined) throw new RangeError("a target that was not given");
    return index;
  }

  /** Indexes of the targets that share a node with this one; itself, too, unless it has no node. */
  sharing(target: number): Uint32Array {
    const known = this.#sharing[target];
    if (known !== undefined) return known;
    const marks = new Uint8Array(this.targets.length);
    const found: number[] = [];
    for (const each of at(this.classes, target))
      for (const other of at(this.targetsOfClass, each)) {
        if (marks[other] === 1) continue;
        marks[other] = 1;
        found.push(other);
      }
    return (this.#sharing[target] = Uint32Array.from(found).sort());
  }
}

/** Nodes with the same targets so far have the same class. */
class Classes {
  readonly #classOf: Int32Array;
  #next = 1;

  constructor(count: number) {
    this.#classOf = new Int32Array(count);
  }

  split(nodes: Iterable<number>): void {
    const inside = new Map<number, number>();
    for (const node of nodes) {
      const before = at(this.#classOf, node);
      const now = inside.get(before) ?? this.#next++;
      inside.set(before, now);
      this.#classOf[node] = now;
    }
  }

  /** Classes that still have a node, numbered from 0. */
  numbered(): { readonly classOf: Int32Array; readonly size: number } {
    const numbers = new Map<number, number>();
    const classOf = this.#classOf.map((each) => {
      if (each === 0) return -1;
      const number = numbers.get(each) ?? numbers.size;
      numbers.set(each, number);
      return number;
    });
    return { classOf, size: numbers.size };
  }
}

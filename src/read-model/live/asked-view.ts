/** A view that notes what was asked of it: with that, a result can be held against other positions of the ledger. */
import type { Interval } from "../../../projections/arithmetic/intervals.ts";
import { kinds } from "../../../projections/kinds.ts";
import type { KindName, TimelineOf } from "../../../projections/kinds.ts";
import type { ClusterView } from "../../../projections/view.ts";
import { windowOf } from "../../../projections/figures/series/pieces.ts";
import { viewWith } from "../../../projections/view-with.ts";

/** The entities of a kind as far as they touch a window. */
interface AskedList {
  readonly window: Interval;
  readonly kind: KindName;
  /** Whether only sums are made of them, which costs little. */
  readonly isSummed: boolean;
}

/** When a fault ended, as the view of a window tells it. */
interface AskedFault {
  readonly window: Interval;
  readonly node: string;
  readonly faultId: string;
}

interface AskedEntity {
  readonly kind: KindName;
  readonly name: string;
}

/** Of one of them: an object, its key and their place in a map. */
const askedBytes = 300;

/** What a computation asked for, besides the terms of the cluster and ledger time. */
export class Asked {
  readonly #lists = new Map<string, AskedList>();
  readonly #entities = new Map<string, AskedEntity>();
  readonly #faults = new Map<string, AskedFault>();
  /** Whether something was asked for that any event of the cluster may change. */
  isUnbounded = false;

  list(window: Interval, kind: KindName): void {
    const { from, to } = window;
    this.#lists.set(`${from} ${to} ${kind}`, { window: { from, to }, kind, isSummed: false });
  }

  /** All nodes, for sums. */
  sums(window: Interval): void {
    const { from, to } = window;
    const list = { window: { from, to }, kind: "node", isSummed: true } as const;
    this.#lists.set(`${from} ${to} sums`, list);
  }

  entity(kind: KindName, name: string): void {
    this.#entities.set(`${kind} ${name}`, { kind, name });
  }

  fault(asked: AskedFault): void {
    const { window, node, faultId } = asked;
    this.#faults.set(`${window.from} ${window.to} ${node} ${faultId}`, asked);
  }

  get faults(): Iterable<AskedFault> {
    return this.#faults.values();
  }

  /** What it takes in memory, roughly. */
  get bytes(): number {
    return askedBytes * (this.#lists.size + this.#entities.size + this.#faults.size);
  }

  get lists(): Iterable<AskedList> {
    return this.#lists.values();
  }

  /** Entities that were asked for by name, whole. */
  get entities(): Iterable<AskedEntity> {
    return this.#entities.values();
  }

  /** The latest end of a window that was asked for; -Infinity if there was none. */
  get until(): number {
    let until = -Infinity;
    for (const { window } of this.lists) until = Math.max(until, window.to);
    return until;
  }
}

/** The same view, which notes in `asked` what is asked of it. */
export function askedView(view: ClusterView, asked: Asked): ClusterView {
  return noted(view, asked, null);
}

function noted(view: ClusterView, asked: Asked, window: Interval | null): ClusterView {
  const lists = new Map<KindName, unknown>();
  return viewWith(view, {
    entities: <K extends KindName>(kind: K): Iterable<TimelineOf[K]> => {
      if (window === null) {
        asked.isUnbounded = true;
        return view.entities(kind);
      }
      asked.list(window, kind);
      // The list under a kind holds timelines of that kind.
      const known = lists.get(kind) as Iterable<TimelineOf[K]> | undefined;
      const seen = known ?? seenIn(view.entities(kind), kind, window);
      lists.set(kind, seen);
      return seen;
    },
    names: (kind) => {
      asked.isUnbounded = true;
      return view.names(kind);
    },
    firstFactAt: (kind) => {
      asked.isUnbounded = true;
      return view.firstFactAt(kind);
    },
    entity: (kind, name) => {
      asked.entity(kind, name);
      return view.entity(kind, name);
    },
    faultEnd: (node, faultId) => {
      if (window === null) asked.entity("node", node);
      else asked.fault({ window, node, faultId });
      return view.faultEnd(node, faultId);
    },
    nodesAsIntegers: (edges) => {
      const nodes = view.nodesAsIntegers(edges);
      if (nodes !== null) asked.sums(windowOf(edges));
      return nodes;
    },
    within: (other) => noted(view.within(other), asked, other),
  });
}

/** What a result is made of is what it is compared by. */
function seenIn<K extends KindName>(
  timelines: Iterable<TimelineOf[K]>,
  kind: K,
  { to }: Interval,
): Iterable<TimelineOf[K]> {
  const of = kinds[kind];
  return Array.from(timelines, (each) => of.seenBefore?.(each, to) ?? each);
}

/** A view that notes what was asked of it: with that, a result can be held against other positions of the ledger. */
import type { Interval } from "../../../projections/arithmetic/intervals.ts";
import type { KindName } from "../../../projections/kinds.ts";
import type { ClusterView } from "../../../projections/view.ts";
import { viewWith } from "../../../projections/view-with.ts";

/** The entities of a kind as far as they touch a window. */
interface AskedList {
  readonly window: Interval;
  readonly kind: KindName;
}

interface AskedEntity {
  readonly kind: KindName;
  readonly name: string;
}

/** What a computation asked for, besides the terms of the cluster and ledger time. */
export class Asked {
  readonly #lists = new Map<string, AskedList>();
  readonly #entities = new Map<string, AskedEntity>();
  /** Whether something was asked for that any event of the cluster may change. */
  isUnbounded = false;

  list(window: Interval, kind: KindName): void {
    const { from, to } = window;
    this.#lists.set(`${from} ${to} ${kind}`, { window: { from, to }, kind });
  }

  entity(kind: KindName, name: string): void {
    this.#entities.set(`${kind} ${name}`, { kind, name });
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
  return viewWith(view, {
    entities: (kind) => {
      if (window === null) asked.isUnbounded = true;
      else asked.list(window, kind);
      return view.entities(kind);
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
    within: (other) => noted(view.within(other), asked, other),
  });
}

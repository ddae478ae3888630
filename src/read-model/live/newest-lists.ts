/**
 * The timelines of a cluster's windows as they were listed last: the next position's list differs in the entities that
 * changed. Held only as long as somebody else holds a list: an answer, or a page's stand.
 */
import type { Interval } from "../../../projections/arithmetic/intervals.ts";
import type { KindName } from "../../../projections/kinds.ts";
import type { EntityHistory } from "../entities/entity-history.ts";

/** The entities that a window sees as of a position, in order of their names, and the timeline of each. */
export interface ListedWindow {
  readonly sequence: number;
  readonly timelines: readonly unknown[];
  /** The index of each entity among the timelines. */
  readonly places: ReadonlyMap<EntityHistory, number>;
}

/** Lists of a kind and window: more are asked for rarely. */
const most = 16;

export class NewestLists {
  readonly #lists = new Map<string, WeakRef<readonly unknown[]>>();
  readonly #listed = new WeakMap<readonly unknown[], ListedWindow>();

  /** The list of the newest position that there is one of; `null` if there is none. */
  get(kind: KindName, window: Interval): ListedWindow | null {
    const timelines = this.#lists.get(keyOf(kind, window))?.deref();
    return timelines === undefined ? null : (this.#listed.get(timelines) ?? null);
  }

  set(kind: KindName, window: Interval, listed: ListedWindow): void {
    const key = keyOf(kind, window);
    const before = this.get(kind, window);
    if (before !== null && before.sequence > listed.sequence) return;
    this.#lists.delete(key);
    this.#lists.set(key, new WeakRef(listed.timelines));
    this.#listed.set(listed.timelines, listed);
    for (const oldest of this.#lists.keys()) {
      if (this.#lists.size <= most) break;
      this.#lists.delete(oldest);
    }
  }
}

function keyOf(kind: KindName, { from, to }: Interval): string {
  return `${kind} ${from} ${to}`;
}

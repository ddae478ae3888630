/** Places at any instant, resolved only once between two changes of the members. */
import { ResolvedPlaces, membersAt } from "./places.ts";
import type { NodeTimeline } from "./timeline.ts";

export class PlacesOverTime {
  readonly #nodes: () => readonly NodeTimeline[];
  /** Instants at which the members change, ascending; computed at the first use. */
  #changes: number[] | null = null;
  #last: { readonly changes: number; readonly places: ResolvedPlaces } | null = null;

  /** `nodes` is called only if members matter. */
  constructor(nodes: () => readonly NodeTimeline[]) {
    this.#nodes = nodes;
  }

  /** Places according to the facts up to an instant. Cheap if the instants ascend. */
  at(instant: number): ResolvedPlaces {
    const changes = this.#changesBy(instant);
    if (this.#last?.changes === changes) return this.#last.places;
    const places = new ResolvedPlaces(() => membersAt(this.#nodes(), instant));
    this.#last = { changes, places };
    return places;
  }

  /** How many changes of the members there are up to an instant. */
  #changesBy(instant: number): number {
    this.#changes ??= changesOf(this.#nodes());
    let [low, high] = [0, this.#changes.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#changes[middle] ?? Infinity) > instant) high = middle;
      else low = middle + 1;
    }
    return low;
  }
}

function changesOf(nodes: readonly NodeTimeline[]): number[] {
  const instants = new Set<number>();
  for (const { memberships } of nodes)
    for (const { from, to } of memberships) instants.add(from).add(to);
  return [...instants].sort((a, b) => a - b);
}

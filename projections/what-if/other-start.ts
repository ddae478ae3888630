/** When a rollout would have started under another calendar of no-fly zones, and how it would have waited until then. */
import { matches } from "../nfz/in-force.ts";
import type { NfzsOverTime } from "../nfz/over-time.ts";
import { type Place, type ResolvedPlaces, nextMembershipChange } from "../nodes/places.ts";
import { PlacesOverTime } from "../nodes/places-over-time.ts";
import type { NodeTimeline } from "../nodes/timeline.ts";

/** A refusal by the other calendar. */
interface OtherRefusal {
  readonly at: number;
  /** By name. */
  readonly nfzIds: readonly string[];
}

export interface OtherStart {
  readonly refusals: readonly OtherRefusal[];
  /** The first instant from the ask on at which no zone of the calendar holds it; Infinity if there is none. */
  readonly at: number;
}

/** Answers for one calendar; asks must come in the order of time to be cheap. */
export class OtherCalendar {
  readonly #nfzs: NfzsOverTime;
  readonly #nodes: readonly NodeTimeline[];
  readonly #places: PlacesOverTime;

  constructor(nfzs: NfzsOverTime, nodes: readonly NodeTimeline[]) {
    this.#nfzs = nfzs;
    this.#nodes = nodes;
    this.#places = new PlacesOverTime(() => nodes);
  }

  /** What a rollout with these targets meets that asks at an instant and waits; undefined targets are the whole cluster. */
  startOf(targets: Place | undefined, ask: number): OtherStart {
    const refusals: OtherRefusal[] = [];
    for (let at = ask; ;) {
      const inForce = this.#nfzs.inForceAt(at);
      const holding = inForce.filter(({ known }) =>
        this.#holds(known.scope, targets, this.#places.at(at)),
      );
      if (holding.length === 0 || at === Infinity) return { refusals, at };
      const named = refusals.at(-1)?.nfzIds;
      const waits = named?.some((nfz) => inForce.some(({ known }) => known.nfz === nfz)) ?? false;
      // While a zone that was named is in force, nobody asks again.
      if (!waits) refusals.push({ at, nfzIds: holding.map(({ known }) => known.nfz) });
      at = Math.min(
        ...inForce.map(({ to }) => to),
        this.#nfzs.nextFactAfter(at),
        nextMembershipChange(this.#nodes, at),
      );
    }
  }

  #holds(scope: Place | undefined, targets: Place | undefined, places: ResolvedPlaces): boolean {
    if (scope === undefined || targets === undefined) return true;
    return matches(places.of(scope), places.of(targets));
  }
}

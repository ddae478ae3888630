/** Keeps targets and scopes, resolved to nodes, per cluster until a membership changes: in a large fleet, resolving them costs more than all else. */
import {
  ResolvedPlaces,
  membersAt,
  nextMembershipChange,
} from "../../../projections/nodes/places.ts";
import type { NodeTimeline } from "../../../projections/nodes/timeline.ts";
import type { DecisionView } from "../../../projections/view.ts";
import type { EventType } from "../../events/catalogue.ts";
import type { Ledger } from "../../ledger/ledger.ts";

const ofMembership: ReadonlySet<EventType> = new Set<EventType>([
  "NodeCommissioned",
  "NodeDecommissioned",
  "FactCorrected",
  "FactRetracted",
]);

interface Kept {
  readonly places: ResolvedPlaces;
  readonly sequence: number;
  /** The interval in which the memberships stay the same. */
  readonly from: number;
  readonly to: number;
}

export class KeptPlaces {
  readonly #ledger: Pick<Ledger, "eventsOf">;
  readonly #kept = new Map<string, Kept>();

  constructor(ledger: Pick<Ledger, "eventsOf">) {
    this.#ledger = ledger;
  }

  /**
   * `nodes` must be those of the view up to the instant `until`: they may lack what happens later. Called only if nothing
   * kept can be used.
   */
  of(
    view: DecisionView,
    at: number,
    until: number,
    nodes: () => Iterable<NodeTimeline>,
  ): ResolvedPlaces {
    const kept = this.#kept.get(view.cluster);
    if (kept !== undefined && this.#holds(kept, view.sequence, at)) return kept.places;
    const around = [...nodes()];
    const members = membersAt(around, at);
    const places = new ResolvedPlaces(() => members);
    // A look back is made once; what is kept is for what comes.
    if (kept !== undefined && view.sequence < kept.sequence) return places;
    const to = Math.min(nextMembershipChange(around, at), until);
    this.#kept.set(view.cluster, { places, sequence: view.sequence, from: at, to });
    return places;
  }

  #holds({ sequence, from, to }: Kept, P: number, at: number): boolean {
    if (P < sequence || at < from || at >= to) return false;
    return this.#ledger.eventsOf(ofMembership, sequence, P).length === 0;
  }
}

/**
 * The states and faults of a node from integers. It knows the ordinary course of things alone, and says of a node when
 * there is more to it: two facts at one instant, something that was stated outside a membership or outlasted it, a return
 * before its failure. Such a node is for the fold of facts (../nodes/kind.ts), which knows every rule; what both tell is equal.
 */
import { wordAt } from "../arithmetic/invariants.ts";
import { UsedIds } from "./used-ids.ts";
import { notTold, stateCodes } from "./node-integers.ts";
import type { NodeIntegers } from "./node-integers.ts";
import { NodeSpans, spanKinds } from "./node-spans.ts";

/** The state of which no span is made: in service, or no member. */
const inService = -1;

export class IntegerFold {
  /** What the last node was that was folded. */
  readonly spans = new NodeSpans();
  readonly #faults = new UsedIds();
  readonly #maintenance = new UsedIds();
  /** Infinity while it is no member. */
  #memberSince = Infinity;
  #isLost = false;

  /** Folds the node at an index into `spans`; `false` if integers do not tell what it was. */
  fold(of: Pick<NodeIntegers, "begins" | "facts">, node: number): boolean {
    const begin = wordAt(of.begins, node);
    const end = wordAt(of.begins, node + 1);
    this.#begin(of, end - begin);
    const { facts } = of;
    let last = -Infinity;
    let state: number = inService;
    let since = 0;
    for (let i = begin; i < end; i++) {
      const code = facts.codeOf(i);
      if (code === 0) continue;
      const at = facts.instantOf(i);
      // At one instant facts apply in the order that fits.
      if (at === last || !this.#apply(code, i, at)) return false;
      last = at;
      const now = this.#stateNow();
      if (now === state) continue;
      if (state !== inService) this.spans.add(state, since, at);
      state = now;
      since = at;
    }
    if (state !== inService) this.spans.add(state, since, Infinity);
    if (this.#memberSince !== Infinity)
      this.spans.add(spanKinds.member, this.#memberSince, Infinity);
    for (const from of this.#faults.openSince())
      this.spans.add(spanKinds.openFault, from, Infinity);
    return true;
  }

  #begin(of: Pick<NodeIntegers, "facts">, facts: number): void {
    this.spans.clear();
    this.#faults.begin(of.facts, facts);
    this.#maintenance.begin(of.facts, facts);
    this.#memberSince = Infinity;
    this.#isLost = false;
  }

  #stateNow(): number {
    if (this.#faults.open > 0) return spanKinds.down;
    if (this.#maintenance.open > 0) return spanKinds.maintenance;
    return this.#isLost ? spanKinds.unknown : inService;
  }

  /** What does not fit changes nothing; `false` if it may change something that integers do not tell. */
  #apply(code: number, fact: number, at: number): boolean {
    const isMember = this.#memberSince !== Infinity;
    switch (code) {
      case stateCodes.NodeCommissioned:
        if (!isMember) this.#memberSince = at;
        return true;
      case stateCodes.NodeDecommissioned:
        return !isMember || this.#decommission(at);
      case stateCodes.NodeFailed:
        return isMember && this.#begins(this.#faults, fact, at);
      case stateCodes.NodeReturned:
        return this.#bringBack(fact, at);
      case stateCodes.NodeMaintenanceStarted:
        return isMember && this.#begins(this.#maintenance, fact, at);
      case stateCodes.NodeMaintenanceEnded:
        return this.#endMaintenance(fact);
      case stateCodes.NodeObservationLost:
        this.#isLost = true;
        return isMember;
      case stateCodes.NodeObservationRestored:
        this.#isLost = false;
        return true;
      case notTold:
        return false;
      default:
        throw new RangeError(`no fact has the code ${code}`);
    }
  }

  #decommission(at: number): boolean {
    if (this.#stateNow() !== inService) return false;
    this.spans.add(spanKinds.member, this.#memberSince, at);
    this.#memberSince = Infinity;
    return true;
  }

  /** An id is used once: what is stated of it again changes nothing. */
  #begins(ids: UsedIds, fact: number, at: number): boolean {
    if (ids.find(fact) === null) ids.use(fact, at);
    return !ids.isCrowded;
  }

  #bringBack(fact: number, at: number): boolean {
    const place = this.#faults.find(fact);
    // Its failure may follow within minutes.
    if (place === null || this.#faults.isCrowded) return false;
    if (!this.#faults.isOpen(place)) return true;
    this.#faults.close(place);
    this.spans.add(spanKinds.repaired, this.#faults.since(place), at);
    return true;
  }

  #endMaintenance(fact: number): boolean {
    const place = this.#maintenance.find(fact);
    if (place !== null && this.#maintenance.isOpen(place)) this.#maintenance.close(place);
    return !this.#maintenance.isCrowded;
  }
}

/**
 * Whether a node's facts so far leave anything open: a fault that no return ended, a maintenance
 * without its end, lost observation. Where nothing is open, what follows can be folded by itself.
 */
import type { Fact } from "../../projections/fact.ts";
import { returnToleranceMs } from "../../projections/node-faults.ts";

export class NodeOpenness {
  /** Ids of faults that failed and did not return. */
  readonly #openFaults = new Set<string>();
  readonly #failed = new Set<string>();
  /** By fault id: the last return that named it. */
  readonly #returned = new Map<string, number>();
  readonly #openMaintenance = new Set<string>();
  readonly #started = new Set<string>();
  readonly #ended = new Map<string, number>();
  #watched = true;
  #instant = -Infinity;
  #lost = false;
  #restored = false;

  /** Takes the next fact, by `compareFacts`. */
  add(fact: Fact): void {
    const at = fact.occurredAt;
    if (at !== this.#instant) this.#endInstant(at);
    switch (fact.type) {
      case "NodeFailed":
        this.#fail(fact.data.faultId, at);
        break;
      case "NodeReturned":
        for (const id of fact.data.faultIds) this.#returnFault(id, at);
        break;
      case "NodeMaintenanceStarted":
        this.#start(fact.data.maintenanceId, at);
        break;
      case "NodeMaintenanceEnded":
        this.#openMaintenance.delete(fact.data.maintenanceId);
        this.#ended.set(fact.data.maintenanceId, at);
        break;
      case "NodeObservationLost":
        this.#lost = true;
        break;
      case "NodeObservationRestored":
        this.#restored = true;
        break;
      default:
    }
  }

  /** Whether nothing is open once every fact of the last instant is there. */
  isClosed(): boolean {
    this.#endInstant(Infinity);
    return this.#watched && this.#openFaults.size === 0 && this.#openMaintenance.size === 0;
  }

  /** Both of one instant cancel each other, in the order that fits, from either state. */
  #endInstant(next: number): void {
    if (this.#lost !== this.#restored) this.#watched = this.#restored;
    this.#lost = false;
    this.#restored = false;
    this.#instant = next;
  }

  #fail(id: string, at: number): void {
    if (this.#failed.has(id)) return;
    this.#failed.add(id);
    if ((this.#returned.get(id) ?? -Infinity) < at - returnToleranceMs) {
      this.#openFaults.add(id);
    }
  }

  #returnFault(id: string, at: number): void {
    this.#openFaults.delete(id);
    this.#returned.set(id, at);
  }

  #start(id: string, at: number): void {
    if (this.#started.has(id)) return;
    this.#started.add(id);
    // An end of the same instant ends it, whichever of the two ids comes first.
    if (this.#ended.get(id) !== at) this.#openMaintenance.add(id);
  }
}

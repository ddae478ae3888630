/** A cluster's queue with its pairs, kept until a question about another position or instant: pages ask for several of its figures. */
import {
  type RolloutsInQueue,
  rolloutsInQueue,
} from "../../../projections/co-tests/queued-rollouts.ts";
import type { ClusterView } from "../../../projections/view.ts";
import type { Ledger } from "../../ledger/ledger.ts";

interface Kept {
  readonly sequence: number;
  readonly queue: RolloutsInQueue;
}

const kept = new WeakMap<Ledger, Map<string, Kept>>();

/** According to the facts before the instant. */
export function keptQueue(ledger: Ledger, view: ClusterView, at: number): RolloutsInQueue {
  const ofLedger = kept.get(ledger) ?? new Map<string, Kept>();
  kept.set(ledger, ofLedger);
  const last = ofLedger.get(view.cluster);
  if (last?.sequence === view.sequence && last.queue.at === at) return last.queue;
  const queue = rolloutsInQueue(view, at, last?.queue.nodeSets ?? null);
  ofLedger.set(view.cluster, { sequence: view.sequence, queue });
  return queue;
}

/** While it is down anyway: what waits for a node that is out of service, and could be applied to it now. */
import { exact } from "../arithmetic/ratio.ts";
import type { UntestedPair } from "../co-tests/gate.ts";
import type { QueuedRollout, RolloutsInQueue } from "../co-tests/queued-rollouts.ts";
import { addBits } from "../co-tests/update-sets.ts";
import type { CostOf } from "./plan.ts";

export const pendingReasons = ["in-service", "nfz", "co-test", "time"] as const;

type PendingReason = (typeof pendingReasons)[number];

interface PendingUpdate {
  readonly queued: QueuedRollout;
  /** None: it could be applied. */
  readonly reasons: readonly PendingReason[];
  readonly expectedMs: number;
}

/** What is known of the node and of what waits for it. */
interface NodeAsked {
  readonly isInService: boolean;
  /** How long its maintenance still lasts; `null` if nothing says so. */
  readonly remainingMs: number | null;
  /** Whether a no-fly zone holds the rollout. */
  readonly isHeld: (queued: QueuedRollout) => boolean;
  /** The companions that hold each rollout. */
  readonly untested: ReadonlyMap<string, readonly UntestedPair[]>;
  readonly costOf: CostOf;
}

/** The queued rollouts whose targets contain the node, in queue order. */
export function waitingFor({ nodeSets, rollouts }: RolloutsInQueue, node: string): QueuedRollout[] {
  const number = nodeSets.numberOf(node);
  if (number === null) return [];
  return rollouts.filter(({ targets }) => targets.nodes.includes(number));
}

/** What could be done about each of those that wait for the node, in their order. */
export function pendingUpdates(
  queue: RolloutsInQueue,
  waiting: readonly QueuedRollout[],
  asked: NodeAsked,
): PendingUpdate[] {
  const pending: PendingUpdate[] = [];
  const before = new Together(queue);
  let expected = 0;
  for (const queued of waiting) {
    const { rollout, status, set } = queued;
    const expectedMs = asked.costOf(rollout, status);
    const sum = exact(expected + expectedMs, "the expected time");
    const isOver = asked.remainingMs !== null && sum > asked.remainingMs;
    const isUntested = asked.untested.has(rollout) || !before.mayJoin(set);
    const reasons = pendingReasons.filter((reason) => {
      if (reason === "in-service") return asked.isInService;
      if (reason === "nfz") return asked.isHeld(queued);
      return reason === "co-test" ? isUntested : isOver;
    });
    if (reasons.length === 0) {
      before.join(set);
      expected = sum;
    }
    pending.push({ queued, reasons, expectedMs });
  }
  return pending;
}

/** The updates that could be applied so far. */
class Together {
  readonly #queue: RolloutsInQueue;
  readonly #sets: number[] = [];
  readonly #updates: Uint32Array;

  constructor(queue: RolloutsInQueue) {
    this.#queue = queue;
    this.#updates = new Uint32Array(queue.sets.words);
  }

  /** Whether the union passed, without a conflict; with nothing before it there is no union to test. */
  mayJoin(set: number): boolean {
    const { tested, sets } = this.#queue;
    if (this.#sets.length === 0) return true;
    if (this.#sets.some((other) => tested.ofTwo(set, other) === "conflict")) return false;
    const union = this.#updates.slice();
    addBits(union, sets.bits(set));
    return !tested.failedWithin(union) && tested.hasPassed(union);
  }

  join(set: number): void {
    this.#sets.push(set);
    addBits(this.#updates, this.#queue.sets.bits(set));
  }
}

/** Which pairs of waiting rollouts passed a test together, failed, conflict, or were never tested. */
import { at } from "../arithmetic/invariants.ts";
import { exact, fraction, roundAtNinth } from "../arithmetic/ratio.ts";
import type { QueuedRollout, RolloutsInQueue } from "./queued-rollouts.ts";
import { type PairStatus, pairStatuses } from "./tested-sets.ts";

/** Pairs by status. */
export type PairCounts = Readonly<Record<PairStatus, number>>;

interface QueuedPair {
  /** In queue order. */
  readonly rollouts: readonly [string, string];
  readonly status: PairStatus;
}

interface PairPage {
  readonly pairs: readonly QueuedPair[];
  /** Whether more follow. */
  readonly hasMore: boolean;
}

/** Passed ÷ (passed + failed + never); `null` without such a pair. */
export function coverageRatio({ passed, failed, never }: PairCounts): number | null {
  const tested = passed + failed + never;
  return tested === 0 ? null : roundAtNinth(fraction(passed, tested));
}

function noPairs(): Record<PairStatus, number> {
  return { passed: 0, failed: 0, never: 0, conflict: 0 };
}

/** The pairs of each rollout of the queue with all others. Rollouts of equal updates and targets have the same ones. */
export class QueueCoverage {
  readonly #queue: RolloutsInQueue;
  /** How many rollouts of each set have targets that share a node with one. */
  readonly #meeting: (ReadonlyMap<number, number> | undefined)[] = [];
  /** How many rollouts of each set have exactly these targets. */
  readonly #having: readonly Map<number, number>[];
  readonly #counts = new Map<string, PairCounts>();

  constructor(queue: RolloutsInQueue) {
    this.#queue = queue;
    this.#having = queue.shared.targets.map(() => new Map());
    for (const { target, set } of queue.rollouts) {
      const having = at(this.#having, target);
      having.set(set, (having.get(set) ?? 0) + 1);
    }
  }

  /** Its pairs by status. */
  of({ set, target }: Pick<QueuedRollout, "set" | "target">): PairCounts {
    const key = `${set} ${target}`;
    const known = this.#counts.get(key);
    if (known !== undefined) return known;
    const counts = noPairs();
    const meeting = this.#meetingOf(target);
    for (const [other, count] of meeting) {
      const status = this.#queue.tested.ofTwo(set, other);
      if (status !== "none") counts[status] += count;
    }
    // One that names a component in two versions conflicts with all that do the same, but is no pair with itself.
    if (meeting.has(set) && this.#queue.tested.ofTwo(set, set) === "conflict") counts.conflict--;
    this.#counts.set(key, counts);
    return counts;
  }

  /** All pairs by status. */
  total(): PairCounts {
    const twice = noPairs();
    for (const rollout of this.#queue.rollouts) {
      const counts = this.of(rollout);
      for (const status of pairStatuses)
        twice[status] = exact(twice[status] + counts[status], "the number of pairs");
    }
    for (const status of pairStatuses) twice[status] /= 2;
    return twice;
  }

  /** Pairs in queue order after the given one, of some status if one is given. `null` if there is no such pair. */
  page(
    after: readonly [string, string] | null,
    limit: number,
    only: PairStatus | null = null,
  ): PairPage | null {
    const { rollouts } = this.#queue;
    const indexOf = (name: string) => rollouts.findIndex(({ rollout }) => rollout === name);
    const [first, second] = after === null ? [0, 0] : [indexOf(after[0]), indexOf(after[1])];
    if (first < 0 || second < 0) return null;
    const pairs: QueuedPair[] = [];
    for (let i = first; i < rollouts.length; i++) {
      const found = this.#pairsOf(i, i === first ? second : i, only);
      for (const pair of found) {
        if (pairs.length === limit) return { pairs, hasMore: true };
        pairs.push(pair);
      }
    }
    return { pairs, hasMore: false };
  }

  /** With those after an index. */
  *#pairsOf(i: number, after: number, only: PairStatus | null): Generator<QueuedPair> {
    const { rollouts, tested, shared } = this.#queue;
    const one = at(rollouts, i);
    const counts = this.of(one);
    if (!pairStatuses.some((status) => counts[status] > 0 && isAsked(status, only))) return;
    const meets = new Uint8Array(shared.targets.length);
    for (const target of shared.sharing(one.target)) meets[target] = 1;
    for (let j = Math.max(i, after) + 1; j < rollouts.length; j++) {
      const other = at(rollouts, j);
      if (meets[other.target] !== 1) continue;
      const status = tested.ofTwo(one.set, other.set);
      if (status !== "none" && isAsked(status, only))
        yield { rollouts: [one.rollout, other.rollout], status };
    }
  }

  #meetingOf(target: number): ReadonlyMap<number, number> {
    const known = this.#meeting[target];
    if (known !== undefined) return known;
    const sum = new Map<number, number>();
    for (const other of this.#queue.shared.sharing(target))
      for (const [set, count] of at(this.#having, other)) sum.set(set, (sum.get(set) ?? 0) + count);
    return (this.#meeting[target] = sum);
  }
}

function isAsked(status: PairStatus, only: PairStatus | null): boolean {
  return only === null || status === only;
}

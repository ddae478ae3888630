/** Which rollouts hold the start of another one, because it was not tested together with them. */
import { at as elementAt } from "../arithmetic/invariants.ts";
import { viewBefore } from "../figures/queue/near.ts";
import { type NodeSets, nodeSetsAt } from "../nodes/node-sets.ts";
import { statusBefore } from "../rollouts/kind.ts";
import { rolloutPolicyAt } from "../rollouts/policy.ts";
import { type RolloutStatus, isInFlight } from "../rollouts/status.ts";
import type { ClusterView } from "../view.ts";
import { updatesOf } from "./queued-rollouts.ts";
import { type Seen, coTestResults } from "./results.ts";
import { SharedNodes } from "./shared-nodes.ts";
import { TestedSets } from "./tested-sets.ts";
import { UpdateSets, addBits } from "./update-sets.ts";

/** A companion that holds a start. */
export interface UntestedPair {
  readonly rollout: string;
  readonly status: "conflict" | "failed" | "never";
}

/** A rollout that wants to start. */
interface Starting {
  readonly rollout: string;
  readonly status: RolloutStatus;
}

interface GateAnswer {
  /** What holds each rollout, by rollout; a rollout that nothing holds is not there. */
  readonly untested: ReadonlyMap<string, readonly UntestedPair[]>;
  /** To pass to the next call for the same cluster; `null` if there was no need for them. */
  readonly nodeSets: NodeSets | null;
}

const nothingHeld: ReadonlyMap<string, readonly UntestedPair[]> = new Map();

/**
 * The companions that hold the starts, where the policy demands that companions were tested: each other rollout that shares
 * a node and is in flight, or was completed at or after the submission. Of a completed one, components that the starting
 * one has too are replaced and do not count.
 */
export function gateAt(
  view: ClusterView,
  starting: readonly Starting[],
  seen: Seen,
  known: NodeSets | null = null,
): GateAnswer {
  const { at, factsBefore } = seen;
  const policy = rolloutPolicyAt(view.rolloutPolicies, factsBefore - 1);
  if (policy.coTest === "none" || starting.length === 0)
    return { untested: nothingHeld, nodeSets: known };
  const companions = companionsOf(view, starting, factsBefore);
  if (companions.length === 0) return { untested: nothingHeld, nodeSets: known };
  const nodes = [...viewBefore(view, factsBefore).entities("node")];
  const nodeSets = nodeSetsAt(nodes, factsBefore - 1, known);
  const results = coTestResults(view.coTests, policy, { at, factsBefore });
  const gate = new Gate(starting, companions, nodeSets, (sets) => new TestedSets(sets, results));
  const held = starting.map((each): [string, UntestedPair[]] => [each.rollout, gate.of(each)]);
  return { untested: new Map(held.filter(([, pairs]) => pairs.length > 0)), nodeSets };
}

const hourMs = 3_600_000;

/** What is in flight, or was completed since the first of the submissions. */
function companionsOf(
  view: ClusterView,
  starting: readonly Starting[],
  factsBefore: number,
): Starting[] {
  const submitted = starting.map(({ status }) => submittedAt(status));
  const since = submitted.reduce((a, b) => Math.min(a, b), factsBefore);
  // Whole hours are folded, so that the next question can use the same folds.
  const from = Math.floor((since - 1) / hourMs) * hourMs;
  const to = (Math.floor(factsBefore / hourMs) + 1) * hourMs;
  const companions: Starting[] = [];
  for (const timeline of view.within({ from, to }).entities("rollout")) {
    const status = statusBefore(timeline, factsBefore);
    const isDone = status.state === "completed" && endedAt(status) >= since;
    if (isInFlight(status.state) || isDone) companions.push({ rollout: timeline.rollout, status });
  }
  return companions;
}

/** Infinity without a submission: then no completed rollout is a companion. */
function submittedAt({ submission }: RolloutStatus): number {
  return submission?.occurredAt ?? Infinity;
}

function endedAt({ endedBy }: RolloutStatus): number {
  return endedBy?.occurredAt ?? -Infinity;
}

interface Companion extends Starting {
  readonly set: number;
  readonly isCompleted: boolean;
}

class Gate {
  readonly #nodeSets: NodeSets;
  readonly #shared: SharedNodes;
  readonly #sets: UpdateSets;
  readonly #tested: TestedSets;
  /** By the index of their targets. */
  readonly #companions: readonly (readonly Companion[])[];
  readonly #statuses = new Map<string, UntestedPair["status"] | null>();

  constructor(
    starting: readonly Starting[],
    companions: readonly Starting[],
    nodeSets: NodeSets,
    tested: (sets: UpdateSets) => TestedSets,
  ) {
    const all = [...starting, ...companions];
    this.#nodeSets = nodeSets;
    this.#shared = new SharedNodes(
      all.map((each) => this.#targetsOf(each)),
      nodeSets.count,
    );
    this.#sets = new UpdateSets(all.map(({ status }) => updatesOf(status)));
    this.#tested = tested(this.#sets);
    const lists = this.#shared.targets.map((): Companion[] => []);
    for (const each of companions)
      elementAt(lists, this.#targetOf(each)).push({
        ...each,
        set: this.#sets.of(updatesOf(each.status)),
        isCompleted: each.status.state === "completed",
      });
    this.#companions = lists;
  }

  /** By rollout. */
  of(starting: Starting): UntestedPair[] {
    const target = this.#targetOf(starting);
    const set = this.#sets.of(updatesOf(starting.status));
    const pairs = new Map<string, UntestedPair["status"]>();
    for (const other of this.#shared.sharing(target))
      for (const companion of this.#companionsAt(other, starting)) {
        const status = this.#statusWith(set, companion);
        if (status !== null) pairs.set(companion.rollout, status);
      }
    if (this.#tested.hasFailed)
      for (const companion of this.#failedTogether(starting, set, target))
        if (pairs.get(companion.rollout) !== "conflict") pairs.set(companion.rollout, "failed");
    return [...pairs]
      .map(([rollout, status]) => ({ rollout, status }))
      .sort((a, b) => (a.rollout < b.rollout ? -1 : 1));
  }

  #targetsOf({ status }: Starting) {
    return this.#nodeSets.setOf(status.submission?.data.targets);
  }

  #targetOf(each: Starting): number {
    return this.#shared.indexOf(this.#targetsOf(each));
  }

  /** Those with these targets. */
  #companionsAt(target: number, { rollout, status }: Starting): readonly Companion[] {
    const since = submittedAt(status);
    return elementAt(this.#companions, target).filter(
      (each) => each.rollout !== rollout && (!each.isCompleted || endedAt(each.status) >= since),
    );
  }

  /** `null` if the companion does not hold it. */
  #statusWith(set: number, { set: other, isCompleted }: Companion): UntestedPair["status"] | null {
    const key = `${set} ${other} ${isCompleted}`;
    const known = this.#statuses.get(key);
    if (known !== undefined) return known;
    const status = isCompleted ? this.#withCompleted(set, other) : this.#tested.ofTwo(set, other);
    const holding = status === "none" || status === "passed" ? null : status;
    this.#statuses.set(key, holding);
    return holding;
  }

  #withCompleted(set: number, other: number): UntestedPair["status"] | null {
    const own = this.#sets.updates(set);
    const together = this.#sets.without(other, set);
    // Without a component in common, one is within the other only if it is empty.
    if (own.length === 0 || together.every((word) => word === 0)) return null;
    addBits(together, this.#sets.bits(set));
    if (this.#tested.failedWithin(together)) return "failed";
    return this.#tested.hasPassed(together) ? null : "never";
  }

  /** All companions on a node whose updates, together with its own, contain a failed set. */
  *#failedTogether(starting: Starting, set: number, target: number): Generator<Companion> {
    for (const each of elementAt(this.#shared.classes, target)) {
      const there = [...elementAt(this.#shared.targetsOfClass, each)].flatMap((other) =>
        this.#companionsAt(other, starting),
      );
      const together = this.#sets.bits(set).slice();
      for (const { set: other, isCompleted } of there)
        addBits(together, isCompleted ? this.#sets.without(other, set) : this.#sets.bits(other));
      if (this.#tested.failedWithin(together)) yield* there;
    }
  }
}

/** What happens when no-fly zones end: how many rollouts may start at once, and how they affect nodes and jobs. */
import { exact } from "../../arithmetic/ratio.ts";
import type { JobTimeline } from "../../jobs/timeline.ts";
import { type NodeSet, type NodeSets, NodeUnion } from "../../nodes/node-sets.ts";
import type { NodeTimeline } from "../../nodes/timeline.ts";

export interface ThawStep {
  /** When they may start; `null` if that is unknown. */
  readonly at: number | null;
  readonly rollouts: number;
  /** The number of their target nodes. */
  readonly nodes: number;
  /** The number of nodes in service that are targets of rollouts which take nodes out of service. */
  readonly impactfulNodes: number;
  /** For how long they are taken out of service, summed over the nodes. */
  readonly nodeMs: number;
  /** The number of jobs that run on these nodes. */
  readonly jobs: number;
}

/** A waiting rollout. */
export interface Thawing {
  readonly nextStart: number | null;
  readonly targets: NodeSet;
  /** For how long it takes a node out of service; 0 if it does not. */
  readonly costMs: number;
}

interface Fleet {
  readonly sets: NodeSets;
  readonly nodes: readonly NodeTimeline[];
  readonly jobs: Iterable<JobTimeline>;
}

/** By instant, the unknown one last. Facts up to and including `at` are seen. */
export function thawOf(waiting: readonly Thawing[], fleet: Fleet, at: number): ThawStep[] {
  const steps = Map.groupBy(waiting, ({ nextStart }) => nextStart);
  const isCostly = waiting.some(({ costMs }) => costMs > 0);
  const service = new InService(fleet, at);
  const jobs = isCostly ? runningJobs(fleet, at) : [];
  return [...steps]
    .sort(([a], [b]) => (a ?? Infinity) - (b ?? Infinity))
    .map(([start, rollouts]) => ({ at: start, ...stepOf(rollouts, fleet, service, jobs) }));
}

function stepOf(
  rollouts: readonly Thawing[],
  { sets }: Fleet,
  service: InService,
  jobs: readonly Uint32Array[],
): Omit<ThawStep, "at"> {
  const all = new NodeUnion(sets.count);
  const touched = new NodeUnion(sets.count, service.total);
  let nodeMs = 0;
  for (const { targets, costMs } of rollouts) {
    all.add(targets);
    if (costMs === 0) continue;
    touched.add(targets, service.marks);
    nodeMs = exact(nodeMs + costMs * service.countOf(targets), "the cost of a thaw");
  }
  return {
    rollouts: rollouts.length,
    nodes: all.size,
    impactfulNodes: touched.size,
    nodeMs,
    jobs: jobs.filter((nodes) => nodes.some((node) => touched.has(node))).length,
  };
}

/** The nodes in service, by number. */
class InService {
  readonly marks: Uint8Array;
  total = 0;
  readonly #counts = new Map<NodeSet, number>();

  constructor({ sets, nodes }: Fleet, at: number) {
    this.marks = new Uint8Array(sets.count);
    for (const { node, segments } of nodes) {
      const state = segments.containing(at)?.state;
      const number = state === "in-service" ? sets.numberOfMember(node) : null;
      if (number === null) continue;
      this.marks[number] = 1;
      this.total++;
    }
  }

  countOf(set: NodeSet): number {
    const known = this.#counts.get(set);
    if (known !== undefined) return known;
    let count = 0;
    for (const node of set.nodes) count += this.marks[node] ?? 0;
    this.#counts.set(set, count);
    return count;
  }
}

/** The members that each running job holds. */
function runningJobs({ sets, jobs }: Fleet, at: number): Uint32Array[] {
  const held: Uint32Array[] = [];
  for (const { running, holds } of jobs) {
    if (!running.some(({ from, to }) => from <= at && at < to)) continue;
    const hold = holds.findLast(({ from }) => from <= at);
    if (hold !== undefined) held.push(sets.membersIn(hold.nodes));
  }
  return held;
}

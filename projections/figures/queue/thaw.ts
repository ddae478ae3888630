/** What comes when no-fly zones let go: how many rollouts may start at once, and what they do to nodes and jobs. */
import { exact } from "../../arithmetic/ratio.ts";
import type { JobTimeline } from "../../jobs/timeline.ts";
import { namesOfPart, parseHostlist } from "../../nodes/hostlist.ts";
import { type NodeSet, type NodeSets, NodeUnion } from "../../nodes/node-sets.ts";
import type { NodeTimeline } from "../../nodes/timeline.ts";

export interface ThawStep {
  /** When they may start; `null` if nobody has said. */
  readonly at: number | null;
  readonly rollouts: number;
  /** Nodes of their targets. */
  readonly nodes: number;
  /** Nodes in service that those touch which take nodes out of service. */
  readonly impactfulNodes: number;
  /** How long they take these out of service. */
  readonly nodeMs: number;
  /** Jobs that run on these. */
  readonly jobs: number;
}

/** A rollout that waits. */
export interface Thawing {
  readonly nextStart: number | null;
  readonly targets: NodeSet;
  /** How long it takes a node out of service; 0: not at all. */
  readonly costMs: number;
}

export interface Fleet {
  readonly sets: NodeSets;
  readonly nodes: readonly NodeTimeline[];
  readonly jobs: Iterable<JobTimeline>;
}

/** By instant, what nobody has said last. `at` is the last instant whose facts are seen. */
export function thawOf(waiting: readonly Thawing[], fleet: Fleet, at: number): ThawStep[] {
  const steps = Map.groupBy(waiting, ({ nextStart }) => nextStart);
  const service = new InService(fleet, at);
  const jobs = waiting.some(({ costMs }) => costMs > 0)
    ? jobsByNode(fleet, at)
    : new Map<number, readonly number[]>();
  return [...steps]
    .sort(([a], [b]) => (a ?? Infinity) - (b ?? Infinity))
    .map(([start, rollouts]) => ({ at: start, ...stepOf(rollouts, fleet, service, jobs) }));
}

function stepOf(
  rollouts: readonly Thawing[],
  { sets }: Fleet,
  service: InService,
  jobs: ReadonlyMap<number, readonly number[]>,
): Omit<ThawStep, "at"> {
  const all = new NodeUnion(sets.count);
  const touched = new NodeUnion(sets.count);
  let nodeMs = 0;
  for (const { targets, costMs } of rollouts) {
    all.add(targets);
    if (costMs === 0) continue;
    touched.add(targets, (node) => service.has(node));
    nodeMs = exact(nodeMs + costMs * service.countOf(targets), "the cost of a thaw");
  }
  const stopped = new Set<number>();
  for (const [node, holding] of jobs)
    if (touched.has(node)) for (const job of holding) stopped.add(job);
  return {
    rollouts: rollouts.length,
    nodes: all.size,
    impactfulNodes: touched.size,
    nodeMs,
    jobs: stopped.size,
  };
}

/** Nodes in service, by number. */
class InService {
  readonly #marks: Uint8Array;
  readonly #counts = new Map<NodeSet, number>();

  constructor({ sets, nodes }: Fleet, at: number) {
    this.#marks = new Uint8Array(sets.count);
    for (const { node, segments } of nodes) {
      const state = segments.findLast(({ from, to }) => from <= at && at < to)?.state;
      const number = state === "in-service" ? sets.knownNumberOf(node) : null;
      if (number !== null) this.#marks[number] = 1;
    }
  }

  has(node: number): boolean {
    return this.#marks[node] === 1;
  }

  countOf(set: NodeSet): number {
    const known = this.#counts.get(set);
    if (known !== undefined) return known;
    let count = 0;
    for (const node of set.nodes) if (this.has(node)) count++;
    this.#counts.set(set, count);
    return count;
  }
}

/** The jobs that run on each node, by number. */
function jobsByNode({ sets, jobs }: Fleet, at: number): Map<number, number[]> {
  const byNode = new Map<number, number[]>();
  let job = 0;
  for (const { running, holds } of jobs) {
    job++;
    if (!running.some(({ from, to }) => from <= at && at < to)) continue;
    const held = holds.findLast(({ from }) => from <= at);
    for (const node of held === undefined ? [] : numbersOf(sets, held.nodes)) {
      const holding = byNode.get(node);
      if (holding === undefined) byNode.set(node, [job]);
      else holding.push(job);
    }
  }
  return byNode;
}

function* numbersOf(sets: NodeSets, lists: readonly string[]): Generator<number> {
  for (const list of lists)
    for (const part of parseHostlist(list) ?? [])
      for (const name of namesOfPart(part)) {
        const number = sets.knownNumberOf(name);
        if (number !== null) yield number;
      }
}

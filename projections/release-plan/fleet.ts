/** What a plan must keep running: members, those in service, and the jobs on them, in the order in which batches are cut. */
import { at as elementAt } from "../arithmetic/invariants.ts";
import { viewBefore } from "../figures/queue/near.ts";
import type { NodeSets } from "../nodes/node-sets.ts";
import type { ClusterView } from "../view.ts";

/** Consecutive nodes on which the same jobs run: which of them are touched makes no difference to what is stopped. */
interface Group {
  /** Numbers of the jobs. */
  readonly jobs: readonly number[];
}

export interface Fleet {
  readonly members: number;
  readonly inService: number;
  /** In the order of first running job, rack, node. */
  readonly groups: readonly Group[];
  /** The group of each node by its number; -1 if it is not in service. */
  readonly groupOf: Int32Array;
  /** Names of the running jobs. */
  readonly jobs: readonly string[];
}

interface InService {
  readonly number: number;
  readonly jobs: readonly string[];
  readonly rack: string;
  readonly node: string;
}

/** According to the facts before the instant; `sets` are those of the members then. */
export function fleetAt(view: ClusterView, at: number, sets: NodeSets): Fleet {
  const near = viewBefore(view, at);
  const last = at - 1;
  const holding = jobsOf(view, at, sets);
  let members = 0;
  const nodes: InService[] = [];
  for (const { node, memberships, segments } of near.entities("node")) {
    const held = memberships.findLast(({ from, to }) => from <= last && last < to);
    if (held === undefined) continue;
    members++;
    const state = segments.containing(last)?.state;
    const number = sets.numberOfMember(node);
    if (state !== "in-service" || number === null) continue;
    const jobs = (holding.get(number) ?? []).sort();
    nodes.push({ number, jobs, rack: held.rack ?? "", node });
  }
  nodes.sort(
    (a, b) =>
      compare(a.jobs[0] ?? "", b.jobs[0] ?? "") ||
      compare(a.rack, b.rack) ||
      compare(a.node, b.node),
  );
  return { members, inService: nodes.length, ...grouped(nodes, sets.count) };
}

/** The running jobs that hold each member, by its number. */
function jobsOf(view: ClusterView, at: number, sets: NodeSets): Map<number, string[]> {
  const last = at - 1;
  const holding = new Map<number, string[]>();
  for (const { job, running, holds } of viewBefore(view, at).entities("job")) {
    if (!running.some(({ from, to }) => from <= last && last < to)) continue;
    const hold = holds.findLast(({ from }) => from <= last);
    for (const node of hold === undefined ? [] : sets.membersIn(hold.nodes)) {
      const jobs = holding.get(node);
      if (jobs === undefined) holding.set(node, [job]);
      else jobs.push(job);
    }
  }
  return holding;
}

function grouped(nodes: readonly InService[], count: number) {
  const groups: Group[] = [];
  const groupOf = new Int32Array(count).fill(-1);
  const numbers = new Map<string, number>();
  let before: readonly string[] | null = null;
  for (const { number, jobs } of nodes) {
    if (before === null || !isSame(before, jobs)) {
      for (const job of jobs) if (!numbers.has(job)) numbers.set(job, numbers.size);
      groups.push({ jobs: jobs.map((job) => numbers.get(job) ?? 0) });
      before = jobs;
    }
    groupOf[number] = groups.length - 1;
  }
  return { groups, groupOf, jobs: [...numbers.keys()] };
}

function isSame(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((job, i) => job === elementAt(b, i));
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

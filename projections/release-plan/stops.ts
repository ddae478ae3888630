/** How often jobs are stopped when touched nodes are taken out of service batch by batch. */
import { at, intAt, wordAt } from "../arithmetic/invariants.ts";
import type { Fleet } from "./fleet.ts";

/** Numbers of nodes by their group; groups ascending. */
export interface NodesOfGroups {
  readonly groups: Uint32Array;
  readonly counts: Uint32Array;
}

/** Nodes that are touched more, or no longer. */
interface Change {
  readonly nodes: NodesOfGroups;
  readonly by: 1 | -1;
}

/** In `#jobOf`: no job runs on the group, or more than one. */
const [noJob, severalJobs] = [-1, -2];

export class Stops {
  readonly #groups: Fleet["groups"];
  /** The only job of each group. */
  readonly #jobOf: Int32Array;
  /** Whether no node has two jobs: then a job is one group. */
  readonly #isSimple: boolean;
  readonly #batch: number;
  /** The last batch in which each job was stopped. */
  readonly #last: Int32Array;

  /** `batch`: how many nodes may be out at once. */
  constructor({ groups, jobs }: Pick<Fleet, "groups" | "jobs">, batch: number) {
    this.#groups = groups;
    this.#batch = batch;
    this.#last = new Int32Array(jobs.length);
    this.#jobOf = Int32Array.from(groups, (group) =>
      group.jobs.length > 1 ? severalJobs : (group.jobs[0] ?? noJob),
    );
    this.#isSimple = groups.every((group) => group.jobs.length <= 1);
  }

  /** The least number of stops: one for each job that runs on a touched node. `null` where jobs share nodes. */
  least(touched: Uint32Array): number | null {
    if (!this.#isSimple) return null;
    let jobs = 0;
    for (let group = 0; group < touched.length; group++)
      if (wordAt(touched, group) > 0 && intAt(this.#jobOf, group) !== noJob) jobs++;
    return jobs;
  }

  /**
   * `least` with some nodes more, or less, where no node has two jobs. `ends` are the sums of what is touched up to and with
   * each group.
   */
  leastAfter(ends: Uint32Array, least: number, { nodes, by }: Change): number {
    let jobs = least;
    for (let i = 0; i < nodes.groups.length; i++) {
      const group = wordAt(nodes.groups, i);
      if (intAt(this.#jobOf, group) === noJob) continue;
      const touched = wordAt(ends, group) - (group === 0 ? 0 : wordAt(ends, group - 1));
      if (by === 1 ? touched === 0 : touched === wordAt(nodes.counts, i)) jobs += by;
    }
    return jobs;
  }

  /**
   * The stops with some nodes more, or less, where no node has two jobs: each job is stopped once, and once more for each border
   * of batches within its nodes. Infinity where it is certain that they are not below the limit.
   */
  after(ends: Uint32Array, least: number, change: Change, limit: number): number {
    const jobs = this.leastAfter(ends, least, change);
    return jobs >= limit ? Infinity : jobs + this.#bordersWithin(ends, change);
  }

  /** How many borders of batches are between two nodes of a job. */
  #bordersWithin(ends: Uint32Array, { nodes, by }: Change): number {
    const { groups, counts } = nodes;
    const all = ends.length === 0 ? 0 : wordAt(ends, ends.length - 1);
    const total = counts.reduce((sum, count) => sum + by * count, all);
    let [i, moved, begin, borders] = [0, 0, 0, 0];
    for (let border = this.#batch; border < total; border += this.#batch) {
      // Past the changed groups that end before the border.
      for (; i < groups.length; i++) {
        const group = wordAt(groups, i);
        const movedWith = moved + by * wordAt(counts, i);
        if (wordAt(ends, group) + movedWith > border) break;
        [moved, begin] = [movedWith, group + 1];
      }
      const final = i < groups.length ? wordAt(groups, i) : ends.length - 1;
      const group = firstBeyond(ends, border - moved, begin, final);
      const start = group === 0 ? 0 : wordAt(ends, group - 1) + moved;
      if (start < border && intAt(this.#jobOf, group) !== noJob) borders++;
      begin = group;
    }
    return borders;
  }

  /** Jobs per batch, summed over the batches. `touched` is the number of touched nodes of each group. */
  of(touched: Uint32Array): number {
    const [last, batch] = [this.#last.fill(-1), this.#batch];
    let [place, stops] = [0, 0];
    for (let group = 0; group < touched.length; group++) {
      const count = wordAt(touched, group);
      if (count === 0) continue;
      const job = intAt(this.#jobOf, group);
      if (job !== noJob) {
        const first = Math.floor(place / batch);
        const final = Math.floor((place + count - 1) / batch);
        if (job === severalJobs)
          for (const each of at(this.#groups, group).jobs)
            stops += timesStopped(last, each, first, final);
        else stops += timesStopped(last, job, first, final);
      }
      place += count;
    }
    return stops;
  }

  /** The same job by job, by its number. */
  byJob(touched: Uint32Array): Map<number, number> {
    const found = new Map<number, number>();
    const last = this.#last.fill(-1);
    let place = 0;
    for (const [group, count] of touched.entries()) {
      if (count === 0) continue;
      const first = Math.floor(place / this.#batch);
      const final = Math.floor((place + count - 1) / this.#batch);
      for (const job of at(this.#groups, group).jobs) {
        const times = timesStopped(last, job, first, final);
        if (times > 0) found.set(job, (found.get(job) ?? 0) + times);
      }
      place += count;
    }
    return found;
  }
}

/** In how many batches from `first` to `final` a job is stopped that was not stopped in them yet. */
function timesStopped(last: Int32Array, job: number, first: number, final: number): number {
  const times = final - Math.max(first, intAt(last, job) + 1) + 1;
  last[job] = final;
  return times;
}

/** The first of the groups from `begin` on that ends beyond a place; `final` if none before it does. */
function firstBeyond(ends: Uint32Array, place: number, begin: number, final: number): number {
  let [low, high] = [begin, final];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (wordAt(ends, middle) > place) high = middle;
    else low = middle + 1;
  }
  return low;
}

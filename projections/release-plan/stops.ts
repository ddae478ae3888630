/** How often jobs are stopped when touched nodes are taken out of service batch by batch. */
import { at, intAt, wordAt } from "../arithmetic/invariants.ts";
import type { Fleet } from "./fleet.ts";

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

  /** Whether a job runs on the group. */
  hasJob(group: number): boolean {
    return intAt(this.#jobOf, group) !== noJob;
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

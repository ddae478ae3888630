/** How often jobs are stopped when touched nodes are taken out of service batch by batch. */
import { at } from "../arithmetic/invariants.ts";
import type { Fleet } from "./fleet.ts";

export class Stops {
  readonly #groups: Fleet["groups"];
  readonly #batch: number;
  /** The last batch in which each job was stopped. */
  readonly #last: Int32Array;

  /** `batch`: how many nodes may be out at once. */
  constructor({ groups, jobs }: Pick<Fleet, "groups" | "jobs">, batch: number) {
    this.#groups = groups;
    this.#batch = batch;
    this.#last = new Int32Array(jobs.length);
  }

  /** Jobs per batch, summed over the batches. `touched` is the number of touched nodes of each group. */
  of(touched: Int32Array): number {
    let stops = 0;
    this.#each(touched, (_job, times) => {
      stops += times;
    });
    return stops;
  }

  /** The same job by job, by its number. */
  byJob(touched: Int32Array): Map<number, number> {
    const found = new Map<number, number>();
    this.#each(touched, (job, times) => {
      if (times > 0) found.set(job, (found.get(job) ?? 0) + times);
    });
    return found;
  }

  #each(touched: Int32Array, tell: (job: number, times: number) => void): void {
    const last = this.#last.fill(-1);
    let place = 0;
    for (let group = 0; group < touched.length; group++) {
      const count = at(touched, group);
      if (count === 0) continue;
      const first = Math.floor(place / this.#batch);
      const final = Math.floor((place + count - 1) / this.#batch);
      for (const job of at(this.#groups, group).jobs) {
        tell(job, final - Math.max(first, at(last, job) + 1) + 1);
        last[job] = final;
      }
      place += count;
    }
  }
}

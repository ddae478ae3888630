/** A job's strip, held against adding up its timeline cell by cell. */
import { describe, expect, test } from "vitest";
import { jobStrip, stripStates } from "../../../projections/figures/grid/job-strip.ts";
import type { Interval } from "../../../projections/arithmetic/intervals.ts";
import { overlapMs } from "../../../projections/arithmetic/intervals.ts";
import type { JobTimeline } from "../../../projections/jobs/timeline.ts";
import { randomHistory } from "../../histories/random-history.ts";
import { randomSource } from "../../histories/random-source.ts";
import { History, hour, hourMs } from "../../projections/history.ts";
import { plainClusterViewAt } from "../../projections/plain-view-at.ts";
import { soakRuns } from "../../random-runs.ts";
import { rawHistory, storedHistory } from "../../read-model/stored-history.ts";

function expectedState(job: JobTimeline, from: number, to: number): string {
  const ms = (pieces: Iterable<Interval>) =>
    [...pieces].reduce((sum, each) => sum + overlapMs(each, from, to), 0);
  if (ms(job.interruptions) > 0) return "interrupted";
  if (ms(job.lost) > 0) return "lost";
  if (ms(job.paused) > 0) return "paused";
  if (ms(job.kept) + ms(job.checkpointing) === 0) return "not-held";
  return ms(job.kept) >= ms(job.checkpointing) ? "kept" : "checkpointing";
}

describe("the strip of a job", () => {
  test("has in each cell the most important state of the job in it, up to where it is known", () => {
    const seen = new Set<string>();
    for (let seed = 1; seed <= soakRuns(600, 200); seed++) {
      const random = randomSource(seed);
      const events = storedHistory(randomHistory(seed));
      const view = plainClusterViewAt(rawHistory(events), "c1", events.length);
      for (const job of view.entities("job")) {
        const begin = job.runs[0]?.from;
        if (begin === undefined) continue;
        const from = begin + random.between(-5, 5) * hourMs;
        const window = { from, to: from + random.between(1, 400) * hourMs + 1 };
        const knownUntil = random.between(window.from, window.to);
        const columns = random.between(1, 25);
        const { cells, states } = jobStrip(job, window, knownUntil, { columns, mostBreaks: 5 });
        for (const [i, state] of states.entries()) {
          const [left = NaN, right = NaN] = [cells.edges[i], cells.edges[i + 1]];
          const end = Math.min(right, knownUntil);
          const expected = left < end ? expectedState(job, left, end) : "not-held";
          expect(stripStates[state], `seed ${seed}, ${job.job}, cell ${i}`).toBe(expected);
          seen.add(expected);
        }
      }
    }
    expect(seen).toEqual(new Set(stripStates));
  });
});

describe("breaks", () => {
  /** A job that breaks at each of the hours, for half an hour. */
  function broken(hours: readonly number[], kinds: readonly ("software" | "user")[]): JobTimeline {
    const history = new History();
    history.add("JobStarted", 0, { job: "j", nodes: ["n1"] });
    for (const [i, each] of hours.entries()) {
      const kind = kinds[i % kinds.length] ?? "software";
      history.add("JobInterrupted", each, { job: "j", cause: { kind } });
      history.add("JobResumed", each + 0.5, { job: "j" });
    }
    const job = history.view().entity("job", "j");
    if (job === null) throw new Error("there is no job");
    return job;
  }
  const day = { from: hour(0), to: hour(24) };

  test("that touch the window are listed with their cause and end, even those from before it", () => {
    const job = broken([1, 5, 30], ["software", "user"]);
    const window = { from: hour(1.25), to: hour(24) };
    const { breaks, isMerged, total } = jobStrip(job, window, hour(24), {
      columns: 4,
      mostBreaks: 2,
    });
    expect(breaks.map(({ at, until, kind, count }) => [at, until, kind, count])).toEqual([
      [hour(1), hour(1.5), "software", 1],
      [hour(5), hour(5.5), "user", 1],
    ]);
    expect([isMerged, total]).toEqual([false, 2]);
  });

  test("are merged where there are too many, into the commonest kind, and it is said", () => {
    const hours = [1, 2, 3, 13, 14];
    const job = broken(hours, ["user", "software", "user"]);
    const { breaks, isMerged, total } = jobStrip(job, day, hour(24), { columns: 4, mostBreaks: 2 });
    expect([isMerged, total]).toEqual([true, 5]);
    expect(breaks).toEqual([
      expect.objectContaining({ at: hour(1), until: hour(3.5), kind: "user", count: 3 }),
      expect.objectContaining({ at: hour(13), until: hour(14.5), kind: "software", count: 2 }),
    ]);
    expect(breaks[0]?.eventId).toBe(job.interruptions[0]?.eventId);
  });
});

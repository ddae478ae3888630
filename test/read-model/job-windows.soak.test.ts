/** Jobs within windows: the same as the whole fold's there, at the head and as of any position. */
import { describe, expect, test } from "vitest";
import { jobUptimeIn } from "../../projections/figures/jobs/job-uptime.ts";
import type { JobPiece } from "../../projections/jobs/pieces.ts";
import type { JobTimeline } from "../../projections/jobs/timeline.ts";
import { plainClusterViewAt } from "../projections/plain-view-at.ts";
import type { Interval } from "../../projections/arithmetic/intervals.ts";
import type { StoredEvent } from "../../src/events/envelope.ts";
import { LiveModel } from "../../src/read-model/live/live-model.ts";
import { randomSource } from "../histories/random-source.ts";
import type { RandomSource } from "../histories/random-source.ts";
import { soakRuns } from "../random-runs.ts";
import { rawHistory } from "./stored-history.ts";
import { take } from "./take.ts";

const begin = Date.UTC(2026, 2, 1);
const hourMs = 3_600_000;
const runs = soakRuns(8_000, 400);
const job = { cluster: "c", job: "j" };

/** Runs with many checkpoints, from few ids, at few instants; told late now and then. */
function randomJob(random: RandomSource): StoredEvent[] {
  const spread = random.pick([12, 40, 120]);
  const unitMs = random.pick([1_000, hourMs, 13 * hourMs]);
  const events = Array.from({ length: random.between(4, 60) }, (_, i) => {
    const late = random.below(6) === 0 ? random.below(spread) : 0;
    const at = begin + Math.max(0, Math.floor((i * spread) / 60) - late) * unitMs;
    return { at, ...randomData(random) };
  });
  return events.map(({ at, type, data }, i) => stored(i + 1, at, type, data));
}

function stored(sequence: number, occurredAt: number, type: string, data: object): StoredEvent {
  const id = `00000000-0000-4000-8000-${String(sequence).padStart(12, "0")}`;
  const made = { id, type, schemaVersion: 1, stream: "any", revision: 0n, sequence };
  return {
    ...made,
    occurredAt,
    recordedAt: begin + sequence,
    data,
    attribution: {},
  } as StoredEvent;
}

/** Some are told to have been at another time, or of another run, or not to have been. */
function amended(random: RandomSource, facts: readonly StoredEvent[]): StoredEvent[] {
  const events = [...facts];
  for (let left = random.pick([0, 0, 1, 4]); left > 0; left--) {
    const { id, type, data } = random.pick(facts);
    const { occurredAt: other } = random.pick(facts);
    const moved = { occurredAt: new Date(other + random.pick([0, 1, hourMs])).toISOString() };
    const outcome = { data: { ...data, outcome: random.pick(["failed", "completed"]) } };
    const place = events.length + 1;
    const said = [moved, moved, ...(type === "JobFinished" ? [outcome] : [])];
    events.push(
      random.chance(0.4)
        ? stored(place, begin, "FactRetracted", { eventId: id })
        : stored(place, begin, "FactCorrected", { eventId: id, ...random.pick(said) }),
    );
  }
  return events;
}

function randomData(random: RandomSource): { type: string; data: object } {
  const checkpointId = `c${random.below(4)}`;
  const restored = { from: { checkpointId } };
  const restore = random.pick([{}, { from: "start" }, restored, restored]);
  const nodes = Array.from({ length: random.between(1, 3) }, (_, i) => `n${i}`);
  const cause = { kind: random.pick(["fault", "user"] as const) };
  const checkpoint = {
    type: "JobCheckpointed",
    data: { ...job, checkpointId, durationMs: random.pick([0, 1_500, 2 * hourMs]) },
  };
  return random.pick([
    { type: "JobStarted", data: { ...job, nodes, ...restore } },
    checkpoint,
    checkpoint,
    checkpoint,
    checkpoint,
    { type: "JobInterrupted", data: { ...job, cause } },
    { type: "JobResumed", data: { ...job, ...restore } },
    { type: "JobResumed", data: { ...job, ...restore, nodes } },
    { type: "JobPaused", data: job },
    { type: "JobUnpaused", data: job },
    { type: "JobNodesChanged", data: { ...job, nodes } },
    {
      type: "JobFinished",
      data: { ...job, outcome: random.pick(["failed", "failed", "completed"]) },
    },
  ]);
}

/** What figures and lists of a window look at. */
function inside(timeline: JobTimeline | null, { from, to }: Interval): object {
  const clipped = (pieces: readonly JobPiece[] = []) =>
    merged(
      pieces
        .map((piece) => ({
          from: Math.max(piece.from, from),
          to: Math.min(piece.to, to),
          nodeCount: piece.nodeCount,
        }))
        .filter((piece) => piece.from < piece.to),
    );
  const isIn = (at: number): boolean => from <= at && at < to;
  const begun = (timeline?.runs ?? []).filter((run) => run.from < to);
  const first = begun.findLastIndex((run) => run.from <= from);
  const figures = jobUptimeIn(timeline === null ? [] : [timeline], { from, to }, 0);
  // Of a job that is listed the last run before the window is told too, whenever it ended.
  const told = figures.jobs.length === 0 ? [] : begun.slice(Math.max(0, first));
  return {
    figures,
    runs: told.map((run) => (run.to < to ? run : run.startId)),
    running: clipped(timeline?.running),
    paused: clipped(timeline?.paused),
    kept: clipped([...(timeline?.kept ?? [])]),
    checkpointing: clipped([...(timeline?.checkpointing ?? [])]),
    lost: clipped(timeline?.lost),
    lostBy: (timeline?.interruptions ?? [])
      .map((each, i) => ({
        eventId: each.eventId,
        at: each.from,
        lost: clipped(timeline?.lost.filter(({ interruption }) => interruption === i)),
      }))
      .filter(({ at }) => isIn(at)),
    interruptions: (timeline?.interruptions ?? [])
      .filter((each) => each.from < to && each.to > from)
      .map((each) => ({
        ...each,
        to: Math.min(each.to, to),
        resumedAt: each.resumedAt !== null && each.resumedAt < to ? each.resumedAt : null,
      })),
    checkpoints: [...(timeline?.checkpoints ?? [])].filter(({ at }) => isIn(at)),
    findings: timeline?.findings.filter(({ at }) => isIn(at)) ?? [],
  };
}

/** Pieces that touch and hold as many nodes are one. */
function merged(pieces: readonly JobPiece[]): JobPiece[] {
  const all: JobPiece[] = [];
  for (const piece of pieces) {
    const last = all.at(-1);
    if (last?.to === piece.from && last.nodeCount === piece.nodeCount)
      all[all.length - 1] = { ...last, to: piece.to };
    else all.push(piece);
  }
  return all;
}

describe("a job within a window", () => {
  test("is part of the job's whole timeline, wherever its fold begins and whatever came before", () => {
    let resumed = 0;
    for (let seed = 1; seed <= runs; seed++) {
      const random = randomSource(seed);
      const events = amended(random, randomJob(random));
      const last = Math.max(...events.map(({ occurredAt }) => occurredAt));
      const model = new LiveModel({
        factsPerState: random.between(1, 4),
        segmentEvents: random.pick([4, 9, 1_000]),
        maxKeptTimelineBytes: random.pick([0, 4_000, 1_000_000]),
        maxKeptPastTimelineBytes: random.pick([0, 4_000, 1_000_000]),
      });
      for (let done = 0; done < events.length;) {
        const more = random.between(1, 20);
        take(model, events.slice(done, done + more));
        done = Math.min(events.length, done + more);
        for (let each = 0; each < 3; each++) {
          const from = begin + random.below(last - begin + 2);
          const window = { from, to: from + 1 + random.below(last - from + 2) };
          const P = random.pick([done, random.between(1, done)]);
          const [timeline = null] = model.view("c", P).within(window).entities("job");
          const whole = plainClusterViewAt(rawHistory(events), "c", P).entity("job", "j");
          const context = `seed ${seed}, P ${P}, ${window.from - begin} to ${window.to - begin}`;
          expect(inside(timeline, window), context).toEqual(inside(whole, window));
          if (timeline !== null && timeline.checkpoints.length < (whole?.checkpoints.length ?? 0))
            resumed++;
        }
      }
    }
    // Folds that began at the first fact would show nothing.
    expect(resumed).toBeGreaterThan(runs / 2);
  });
});

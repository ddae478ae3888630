import { describe, expect, it } from "vitest";
import { hour, inHours, reportOf } from "./hand-written.ts";
import type { Line } from "./hand-written.ts";

const MILLISECOND = 1 / 3_600_000;
const started = (at: number, more = {}): Line => [
  "JobStarted",
  at,
  { job: "j", nodes: ["a"], ...more },
];
const checkpoint = (at: number, checkpointId: string, hours = 0): Line => [
  "JobCheckpointed",
  at,
  { job: "j", checkpointId, durationMs: inHours(hours) },
];
const interrupted = (at: number, kind = "software"): Line => [
  "JobInterrupted",
  at,
  { job: "j", cause: { kind } },
];
const resumed = (at: number, more = {}): Line => ["JobResumed", at, { job: "j", ...more }];
const finished = (at: number, outcome: string): Line => ["JobFinished", at, { job: "j", outcome }];

describe("the oracle on failed finishes", () => {
  it("takes a start at most 24 hours later as a resume of the same run", () => {
    const { jobUptime } = reportOf([started(0), finished(10, "failed"), started(34)], 0, 40);
    expect(jobUptime).toMatchObject({ crashes: 1, crashesUnresumed: 0, crashMeanMs: inHours(24) });
    expect(jobUptime.jobs).toMatchObject([{ interruptedMs: inHours(24), lostMs: inHours(10) }]);
  });

  it("takes a later start as a new run: the job had ended", () => {
    const { jobUptime } = reportOf(
      [started(0), finished(10, "failed"), started(34 + MILLISECOND)],
      0,
      40,
    );
    expect(jobUptime).toMatchObject({
      crashes: 1,
      crashesUnresumed: 1,
      crashMeanMs: null,
      open: [],
    });
    expect(jobUptime.jobs).toMatchObject([{ interruptedMs: 0, lostMs: inHours(10) }]);
  });

  it("uses all facts to decide whether the interruption is open at the window's end", () => {
    const { jobUptime } = reportOf([started(0), finished(4, "failed"), started(9)], 0, 6);
    expect(jobUptime.open).toEqual([
      { job: "j", since: hour(4), ageMs: inHours(2), kind: "unknown" },
    ]);
  });
});

describe("the oracle on lost time", () => {
  it("reaches back over earlier runs on a resume from an older checkpoint", () => {
    const { jobUptime } = reportOf(
      [
        started(0),
        checkpoint(1, "old"),
        checkpoint(4, "new"),
        interrupted(5, "fault"),
        resumed(6),
        interrupted(8, "user"),
        resumed(9, { from: { checkpointId: "old" } }),
        finished(10, "completed"),
      ],
      0,
      10,
    );
    // The fault lost 4 to 5; the user's interruption 6 to 8 at once, and 1 to 4 by going back.
    expect(jobUptime.attribution).toMatchObject({
      fault: { interruptedNodeMs: inHours(1), lostNodeMs: inHours(1) },
      user: { interruptedNodeMs: inHours(1), lostNodeMs: inHours(5) },
    });
    expect(jobUptime).toMatchObject({ uptime: 0.8, contractual: 0.888888889, ettr: 0.2 });
  });

  it("counts time lost by an interruption after the window in the window in which it was run", () => {
    const { jobUptime } = reportOf([started(0), interrupted(8)], 0, 5);
    expect(jobUptime.jobs).toMatchObject([
      { runningMs: inHours(5), lostMs: inHours(5), keptMs: 0 },
    ]);
    expect(jobUptime.interruptions).toBe(0);
  });

  it("lets lost time win over checkpointing, and counts overlapping checkpoints once", () => {
    const { jobUptime } = reportOf(
      [
        started(0),
        checkpoint(4, "a", 2),
        checkpoint(5, "b", 2),
        interrupted(8),
        finished(9, "completed"),
      ],
      0,
      9,
    );
    expect(jobUptime.jobs).toMatchObject([
      { checkpointingMs: inHours(3), lostMs: inHours(3), keptMs: inHours(2) },
    ]);
  });

  it("reports a resume from a checkpoint that nobody knows", () => {
    const { dataQuality, jobUptime } = reportOf(
      [started(0), checkpoint(2, "a"), interrupted(3), resumed(4, { from: { checkpointId: "b" } })],
      0,
      9,
    );
    expect(dataQuality.findings).toEqual({ "unknown-checkpoint": 1 });
    expect(jobUptime.lostNodeMs).toBe(inHours(1));
  });
});

describe("the oracle on a job's nodeCount", () => {
  it("keeps an interruption's nodeCount, and applies a change of nodes at the resume", () => {
    const { jobUptime } = reportOf(
      [
        started(0, { nodes: ["n[1-4]", "n1"] }),
        interrupted(2),
        ["JobNodesChanged", 3, { job: "j", nodes: ["n1", "n2"] }],
        resumed(4),
      ],
      0,
      10,
    );
    expect(jobUptime).toMatchObject({
      runningNodeMs: inHours(2 * 4 + 6 * 2),
      interruptedNodeMs: inHours(2 * 4),
    });
  });
});

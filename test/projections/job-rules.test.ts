import { describe, expect, it } from "vitest";
import type { JobTimeline } from "../../projections/jobs/timeline.ts";
import { begin, History, hourMs } from "./history.ts";

const fault = { cause: { kind: "fault" } } as const;

function started(nodes = ["n[1-2]"]): History {
  const history = new History();
  history.add("JobStarted", 0, { job: "j", nodes });
  return history;
}

function checkpoint(history: History, hours: number, checkpointId: string, durationMs = 0): void {
  history.add("JobCheckpointed", hours, { job: "j", checkpointId, durationMs });
}

function jobJ(history: History): JobTimeline {
  const job = history.view().entity("job", "j");
  if (job === null) throw new Error("there is no job j");
  return job;
}

function hoursOf(pieces: readonly { from: number; to: number }[]): number[][] {
  return pieces.map(({ from, to }) => [(from - begin) / hourMs, (to - begin) / hourMs]);
}

function kinds(history: History): string[] {
  return jobJ(history).findings.map((finding) => finding.kind);
}

describe("what an interruption loses", () => {
  it("is running time since the latest checkpoint, and stays lost if the resume uses a newer one", () => {
    const history = started();
    checkpoint(history, 2, "k");
    history.add("JobInterrupted", 5, { job: "j", ...fault });
    checkpoint(history, 5.5, "late");
    history.add("JobResumed", 6, { job: "j", from: { checkpointId: "late" } });
    expect(hoursOf(jobJ(history).lost)).toEqual([[2, 5]]);
  });

  it("is everything since the run's start where there is no checkpoint", () => {
    const history = started();
    history.add("JobInterrupted", 5, { job: "j", ...fault });
    expect(hoursOf(jobJ(history).lost)).toEqual([[0, 5]]);
  });

  it("reaches back over earlier runs if the resume goes back to an older checkpoint", () => {
    const history = started();
    checkpoint(history, 1, "old");
    checkpoint(history, 3, "new");
    history.add("JobInterrupted", 4, { job: "j", ...fault });
    history.add("JobResumed", 5, { job: "j", from: { checkpointId: "old" } });
    expect(hoursOf(jobJ(history).lost)).toEqual([
      [1, 3],
      [3, 4],
    ]);
  });

  it("is all of the run if the resume is from the start; an instant counts for the interruption that lost it first", () => {
    const history = started();
    checkpoint(history, 1, "k");
    history.add("JobInterrupted", 2, { job: "j", ...fault });
    history.add("JobResumed", 2, { job: "j" });
    history.add("JobInterrupted", 3, { job: "j", cause: { kind: "software" } });
    history.add("JobResumed", 4, { job: "j", from: "start" });
    expect(jobJ(history).lost.map(({ interruption }) => interruption)).toEqual([1, 0, 1]);
    expect(hoursOf(jobJ(history).lost)).toEqual([
      [0, 1],
      [1, 2],
      [2, 3],
    ]);
  });

  it("treats an unknown checkpoint as if none were given, with a finding", () => {
    const history = started();
    checkpoint(history, 1, "k");
    history.add("JobInterrupted", 2, { job: "j", ...fault });
    history.add("JobResumed", 3, { job: "j", from: { checkpointId: "never" } });
    expect(hoursOf(jobJ(history).lost)).toEqual([[1, 2]]);
    expect(kinds(history)).toEqual(["unknown-checkpoint"]);
  });

  it("depends on the latest completion of a checkpoint's id", () => {
    const history = started();
    checkpoint(history, 1, "k");
    checkpoint(history, 3, "k");
    checkpoint(history, 4, "x");
    history.add("JobInterrupted", 5, { job: "j", ...fault });
    history.add("JobResumed", 6, { job: "j", from: { checkpointId: "k" } });
    expect(hoursOf(jobJ(history).lost)).toEqual([
      [3, 4],
      [4, 5],
    ]);
  });

  it("is counted in the window in which it was run, also if the interruption comes after it", () => {
    const history = started();
    history.add("JobInterrupted", 5, { job: "j", ...fault });
    expect(history.report(1, 3).jobUptime.lostNodeMs).toBe(4 * hourMs);
    expect(history.report(1, 3).jobUptime.interruptions).toBe(0);
  });

  it("wins over checkpointing, whose overlaps count once", () => {
    const history = started();
    checkpoint(history, 2, "a", hourMs);
    checkpoint(history, 2.5, "b", hourMs);
    checkpoint(history, 4, "c", 10 * hourMs);
    history.add("JobInterrupted", 4.5, { job: "j", ...fault });
    history.add("JobResumed", 5, { job: "j", from: { checkpointId: "b" } });
    const job = jobJ(history);
    expect(hoursOf(job.lost)).toEqual([
      [2.5, 4],
      [4, 4.5],
    ]);
    expect(hoursOf([...job.checkpointing])).toEqual([[0, 2.5]]);
  });
});

describe("a failed finish", () => {
  it("that is followed by a start within 24 hours is no end: the same run was interrupted until then", () => {
    const history = started();
    history.add("JobFinished", 2, { job: "j", outcome: "failed" });
    history.add("JobStarted", 26, { job: "j", nodes: ["n1"] });
    history.reach(30);
    const job = jobJ(history);
    expect(job.runs).toHaveLength(1);
    expect(job.interruptions.map(({ kind, nodeCount }) => [kind, nodeCount])).toEqual([
      ["unknown", 2],
    ]);
    expect(hoursOf(job.interruptions)).toEqual([[2, 26]]);
    const { jobUptime } = history.report(0, 28);
    expect(jobUptime.crashes).toBe(1);
    expect(jobUptime.crashMeanMs).toBe(24 * hourMs);
    expect(jobUptime.runningNodeMs).toBe((2 * 2 + 2 * 1) * hourMs);
  });

  it("uses all facts to know of the requeue, also for what is open at a window's end", () => {
    const history = started();
    history.add("JobFinished", 2, { job: "j", outcome: "failed" });
    expect(history.report(0, 2).jobUptime.open).toHaveLength(0);
    history.reach(4);
    expect(history.report(0, 4).jobUptime.open).toHaveLength(0);
    expect(history.report(0, 4).jobUptime.crashesUnresumed).toBe(1);
    history.add("JobStarted", 5, { job: "j", nodes: [] });
    expect(history.report(0, 4).jobUptime.open).toHaveLength(1);
  });

  it("without a start within 24 hours ends the job; a later start is a new run without checkpoints", () => {
    const history = started();
    checkpoint(history, 1, "k");
    history.add("JobFinished", 2, { job: "j", outcome: "failed", cause: { kind: "software" } });
    history.add("JobStarted", 26 + 1 / hourMs, {
      job: "j",
      nodes: ["n1"],
      from: { checkpointId: "k" },
    });
    history.add("JobInterrupted", 28, { job: "j", ...fault });
    history.add("JobResumed", 29, { job: "j", from: { checkpointId: "k" } });
    const job = jobJ(history);
    expect(job.runs).toHaveLength(2);
    expect(hoursOf(job.interruptions.slice(0, 1))).toEqual([[2, 2]]);
    expect(kinds(history)).toEqual(["unknown-checkpoint"]);
  });

  it("is not a second interruption of a job that is already interrupted", () => {
    const history = started();
    history.add("JobInterrupted", 1, { job: "j", cause: { kind: "user" } });
    history.add("JobFinished", 2, { job: "j", outcome: "failed", cause: { kind: "fault" } });
    history.add("JobStarted", 3, { job: "j", nodes: ["n1"] });
    expect(jobJ(history).interruptions.map(({ kind }) => kind)).toEqual(["user"]);
    expect(hoursOf(jobJ(history).interruptions)).toEqual([[1, 3]]);
  });

  it("accepts only a start after it", () => {
    const history = started();
    history.add("JobFinished", 2, { job: "j", outcome: "failed" });
    history.add("JobResumed", 3, { job: "j" });
    checkpoint(history, 3, "k");
    history.add("JobNodesChanged", 3, { job: "j", nodes: [] });
    expect(kinds(history)).toEqual(["job-does-not-fit", "job-does-not-fit", "job-does-not-fit"]);
  });
});

describe("job uptime", () => {
  it("excludes interruptions by the user from the contractual figure, which is compared with the target", () => {
    const history = started();
    history.add("JobInterrupted", 5, { job: "j", cause: { kind: "user" } });
    history.add("JobFinished", 10, { job: "j", outcome: "cancelled" });
    history.reach(11);
    const { jobUptime } = history.report(0, 11);
    expect(jobUptime.uptime).toBe(0.5);
    expect(jobUptime.contractual).toBe(1);
    expect(jobUptime.met).toBe(true);
    expect(jobUptime.crashes).toBe(0);
    expect(jobUptime.open).toEqual([]);
  });

  it("excludes pauses from both running and interrupted time", () => {
    const history = started();
    history.add("JobPaused", 1, { job: "j" });
    history.add("JobNodesChanged", 2, { job: "j", nodes: ["n[1-4]"] });
    history.add("JobUnpaused", 3, { job: "j" });
    history.add("JobFinished", 4, { job: "j", outcome: "completed" });
    const { jobUptime } = history.report(0, 4);
    expect(jobUptime.uptime).toBe(1);
    expect(jobUptime.pausedNodeMs).toBe((2 + 4) * hourMs);
    expect(jobUptime.runningNodeMs).toBe((2 + 4) * hourMs);
  });

  it("keeps an interruption's nodeCount; a change of nodes during it applies at the resume", () => {
    const history = started();
    history.add("JobInterrupted", 1, { job: "j", ...fault });
    history.add("JobNodesChanged", 2, { job: "j", nodes: ["n1"] });
    history.add("JobResumed", 3, { job: "j" });
    const job = jobJ(history);
    expect(job.interruptions.map(({ nodeCount }) => nodeCount)).toEqual([2]);
    expect(job.running.map(({ nodeCount }) => nodeCount)).toEqual([2, 1]);
  });

  it("prefers the nodes that the resume names to those of an earlier change", () => {
    const history = started();
    history.add("JobInterrupted", 1, { job: "j", ...fault });
    history.add("JobNodesChanged", 2, { job: "j", nodes: ["n1"] });
    history.add("JobResumed", 3, { job: "j", nodes: ["n[1-8]"] });
    expect(jobJ(history).running.map(({ nodeCount }) => nodeCount)).toEqual([2, 8]);
  });

  it("has figures that are null if there are no jobs, and says why", () => {
    const history = new History();
    history.add("NodeCommissioned", 0, { node: "a" });
    history.reach(5);
    const { jobUptime } = history.report(0, 5);
    expect(jobUptime).toMatchObject({
      uptime: null,
      contractual: null,
      met: null,
      ettr: null,
      crashesPerDay: null,
    });
    expect(jobUptime.note).toBeDefined();
    expect(Object.keys(jobUptime.attribution)).toHaveLength(6);
  });

  it("lists a run without duration in the window of its instant", () => {
    const history = started();
    history.add("JobFinished", 0, { job: "j", outcome: "completed" });
    history.reach(5);
    expect(history.report(0, 1).jobUptime.jobs).toHaveLength(1);
    expect(history.report(1, 2).jobUptime.jobs).toHaveLength(0);
  });

  it("applies facts at one instant in the order that fits: finish, then requeue", () => {
    const history = started();
    history.add("JobStarted", 2, { job: "j", nodes: ["n1"] });
    history.add("JobFinished", 2, { job: "j", outcome: "failed" });
    expect(kinds(history)).toEqual([]);
    expect(jobJ(history).running.map(({ nodeCount }) => nodeCount)).toEqual([2, 1]);
  });
});

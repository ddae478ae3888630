/** What a job's strip is drawn from. */
import { describe, expect, it } from "vitest";
import { jobNodeMs, stripPieces } from "../../projections/figures/grid/strip-pieces.ts";
import { length } from "../../projections/arithmetic/intervals.ts";
import { dayMs, History, hour, hourMs } from "./history.ts";

/** The worked example of measures.md: 4 nodes, checkpoints at 2 h and 4 h, a fault at 5 h, a resume at 5.5 h, the end at 10 h. */
function worked(): History {
  const history = new History();
  history.add("JobStarted", 0, { job: "j", nodes: ["n[1-4]"] });
  history.add("JobCheckpointed", 2, { job: "j", checkpointId: "c1", durationMs: hourMs / 10 });
  history.add("JobCheckpointed", 4, { job: "j", checkpointId: "c2", durationMs: hourMs / 10 });
  history.add("JobInterrupted", 5, {
    job: "j",
    cause: { kind: "fault", node: "n3", faultId: "f" },
  });
  history.add("JobResumed", 5.5, { job: "j" });
  history.add("JobFinished", 10, { job: "j", outcome: "completed" });
  return history;
}

function piecesOf(
  history: History,
  fromHours: number,
  toHours: number,
  cells = 1_000,
  mostBreaks = 500,
) {
  const job = history.view().entity("job", "j");
  if (job === null) throw new Error("there is no such job");
  const window = { from: hour(fromHours), to: hour(toHours) };
  return { ...stripPieces(job, window, window.to, { cells, mostBreaks }), timeline: job };
}

describe("the pieces of a job's strip", () => {
  it("are its runs, and within them what was not kept, by cause", () => {
    const { runs, checkpointing, lost, interrupted, breaks, paused } = piecesOf(worked(), 0, 12);
    expect(runs).toEqual([{ from: hour(0), to: hour(10) }]);
    expect(checkpointing).toEqual([
      { from: hour(1.9), to: hour(2) },
      { from: hour(3.9), to: hour(4) },
    ]);
    expect(lost.fault).toEqual([{ from: hour(4), to: hour(5) }]);
    expect(interrupted.fault).toEqual([{ from: hour(5), to: hour(5.5) }]);
    expect([lost.user, interrupted.software, paused]).toEqual([[], [], []]);
    expect(breaks.map(({ at, kind, node, count }) => [at, kind, node, count])).toEqual([
      [hour(5), "fault", "n3", 1],
    ]);
  });

  it("are cut to the window, and to where it is known", () => {
    const { timeline, runs, lost } = piecesOf(worked(), 4.5, 8);
    expect(runs).toEqual([{ from: hour(4.5), to: hour(8) }]);
    expect(lost.fault).toEqual([{ from: hour(4.5), to: hour(5) }]);
    const window = { from: hour(0), to: hour(10) };
    const known = stripPieces(timeline, window, hour(3), { cells: 10, mostBreaks: 10 });
    expect(known.runs).toEqual([{ from: hour(0), to: hour(3) }]);
    expect(known.breaks).toEqual([]);
  });

  it("of one kind that begin in the same part of the window are one, of their total length", () => {
    const history = new History();
    history.add("JobStarted", 0, { job: "j", nodes: ["n1"] });
    for (let i = 1; i <= 200; i++)
      history.add("JobCheckpointed", i / 10, {
        job: "j",
        checkpointId: `c${i}`,
        durationMs: 60_000,
      });
    const { checkpointing } = piecesOf(history, 0, 24, 24);
    expect(checkpointing.length).toBeLessThanOrEqual(24);
    expect(length(checkpointing)).toBe(200 * 60_000);
  });

  it("have at most so many breaks, which are merged and counted beyond that", () => {
    const history = new History();
    history.add("JobStarted", 0, { job: "j", nodes: ["n1"] });
    for (let i = 1; i <= 59; i++) {
      const kind = i % 3 === 0 ? "software" : "fault";
      history.add("JobInterrupted", i / 10, { job: "j", cause: { kind } });
      history.add("JobResumed", i / 10 + 0.01, { job: "j" });
    }
    const { breaks, isMerged, total } = piecesOf(history, 0, 24, 100, 24);
    expect([isMerged, total]).toEqual([true, 59]);
    expect(breaks.length).toBeLessThanOrEqual(24);
    expect(breaks.reduce((sum, { count }) => sum + count, 0)).toBe(59);
    expect(breaks.every(({ kind }) => kind === "fault")).toBe(true);
  });

  it("weigh as much as the nodes held, while it ran or was interrupted", () => {
    const { timeline } = piecesOf(worked(), 0, 12);
    expect(jobNodeMs(timeline, { from: hour(0), to: hour(0) + dayMs })).toBe(10 * 4 * hourMs);
    expect(jobNodeMs(timeline, { from: hour(5), to: hour(6) })).toBe(4 * hourMs);
    expect(jobNodeMs(timeline, { from: hour(11), to: hour(12) })).toBe(0);
  });
});

/** The slope of recovery time over the size of jobs. */
import { describe, expect, it } from "vitest";
import { recoveryIn } from "../../projections/figures/repair/recovery.ts";
import { History, hour } from "./history.ts";

/** A job each of 2^i nodes, interrupted at 1 h and resumed after so many seconds. */
function recoveryOf(
  ...recoveries: readonly (readonly [doublings: number, seconds: number])[]
): ReturnType<typeof recoveryIn> {
  const history = new History();
  recoveries.forEach(([doublings, seconds], i) => {
    const job = `j${i}`;
    history.add("JobStarted", 0, { job, nodes: [`n[1-${2 ** doublings}]`] });
    history.add("JobInterrupted", 1, { job, cause: { kind: "fault" } });
    history.add("JobResumed", 1 + seconds / 3_600, { job });
  });
  return recoveryIn(history.view().entities("job"), { from: hour(0), to: hour(2) });
}

describe("the slope of recovery time against size", () => {
  it("is exact for recoveries that take 30 s longer with each doubling", () => {
    expect(recoveryOf([0, 60], [1, 90], [2, 120], [5, 210])).toEqual({
      recoveries: 4,
      secondsPerDoubling: 30,
      from: 30,
      to: 30,
    });
  });

  it("is 0 for recoveries that do not take longer with size", () => {
    expect(recoveryOf([0, 60], [4, 60], [6, 60]).secondsPerDoubling).toBe(0);
  });

  it("has the interval of Student's t: 60, 100 and 110 s give 25 ± 12.706 × √75", () => {
    expect(recoveryOf([0, 60], [1, 100], [2, 110])).toEqual({
      recoveries: 3,
      secondsPerDoubling: 25,
      from: -85.037,
      to: 135.037,
    });
  });

  it("is null for two recoveries, or for one size only", () => {
    const none = { secondsPerDoubling: null, from: null, to: null };
    expect(recoveryOf([0, 60], [1, 90])).toEqual({ recoveries: 2, ...none });
    expect(recoveryOf([2, 60], [2, 90], [2, 70])).toEqual({ recoveries: 3, ...none });
  });

  it("counts an interruption in the window in which it was resumed", () => {
    const resumedAtTheEnd: [number, number] = [3, 3_600];
    expect(recoveryOf([0, 60], [1, 90], [2, 120], resumedAtTheEnd).recoveries).toBe(3);
  });
});

import { expect, it } from "vitest";
import { msUntil } from "../../../src/clock.ts";
import { DemoClock } from "../../../src/cli/commands/demo/demo-clock.ts";

/** A demo's clock that reads 1,000,000 at first, and the real time, in milliseconds, that it goes by. */
function demoClock(speed: number) {
  const real = { ms: 50 };
  return { real, clock: new DemoClock(1_000_000, speed, () => real.ms) };
}

it("stands until it is told how far to run, however long that takes", () => {
  const { real, clock } = demoClock(60);
  real.ms += 7_000;
  expect(clock.nowMs()).toBe(1_000_000);
  clock.runUntil(2_000_000);
  expect(clock.nowMs()).toBe(1_000_000);
});

it("runs at its speed, and waits at the instant that it may run to", () => {
  const { real, clock } = demoClock(60);
  clock.runUntil(1_090_000);
  real.ms += 1_000;
  expect(clock.nowMs()).toBe(1_060_000);
  expect(msUntil(clock, 1_090_000)).toBe(500);
  real.ms += 1_000;
  expect(clock.nowMs()).toBe(1_090_000);
});

it("makes up for a wait, by a second at most", () => {
  const { real, clock } = demoClock(60);
  clock.runUntil(1_060_000);
  real.ms += 1_500;
  clock.runUntil(9_000_000);
  expect(clock.nowMs()).toBe(1_090_000);
  clock.runUntil(1_090_000);
  real.ms += 3_600_000;
  clock.runUntil(9_000_000);
  expect(clock.nowMs()).toBe(1_150_000);
});

it("never goes back when it is told an instant that is over", () => {
  const { real, clock } = demoClock(60);
  clock.runUntil(9_000_000);
  real.ms += 1_000;
  clock.runUntil(1_060_000);
  expect(clock.nowMs()).toBe(1_060_000);
});

it("stands still for ever at speed 0, and once it has ended, and says so", () => {
  const { real, clock } = demoClock(0);
  clock.runUntil(2_000_000);
  real.ms += 1_000;
  expect([clock.nowMs(), clock.speed(), msUntil(clock, 2_000_000)]).toEqual([
    1_000_000,
    0,
    Infinity,
  ]);
  const other = demoClock(60);
  other.clock.runUntil(2_000_000);
  other.real.ms += 1_000;
  other.clock.end();
  other.real.ms += 1_000;
  expect([other.clock.nowMs(), other.clock.speed()]).toEqual([1_060_000, 0]);
});

/** How far a mirror says that it is behind. */
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { MirrorLag } from "../../../src/store/mirror/lag.ts";

type FollowedFeed = Parameters<MirrorLag["noteTaken"]>[0];

// The clock stands still unless a test moves it.
beforeEach(() => void vi.useFakeTimers({ toFake: ["performance"], now: 0 }));
afterEach(() => void vi.useRealTimers());
const later = (ms: number): void => void vi.advanceTimersByTime(ms);

const at = (place: number) => ({ commit: BigInt(place), prepare: BigInt(place) });
const idle: FollowedFeed = {
  hasCaughtUp: true,
  queued: 0,
  get completeUntil() {
    return performance.now();
  },
};
const filling: FollowedFeed = { hasCaughtUp: false, queued: 10, completeUntil: -Infinity };

describe("the lag of a mirror", () => {
  test("is zero while the subscription is live and every event was taken", () => {
    const lag = new MirrorLag();
    expect(lag.wasComplete).toBe(false);
    lag.noteTaken(idle);
    expect([lag.events(idle, 7, at(70)), lag.seconds(idle), lag.wasComplete]).toEqual([0, 0, true]);
  });

  test("is the age of the oldest waiting event, not the time since the last look", () => {
    const lag = new MirrorLag();
    lag.noteTaken(idle);
    later(30);
    const since = performance.now() - 2_000;
    const busy = { hasCaughtUp: true, queued: 3, completeUntil: since };
    expect(lag.events(busy, 7, at(70))).toBe(3);
    // It was complete when it was looked at last, later than what waits now can have come.
    const fresh = new MirrorLag();
    expect(fresh.seconds({ ...busy, completeUntil: performance.now() })).toBe(0);
    expect(lag.seconds(idle)).toBe(0);
  });

  test("estimates events from the bytes of the log that are left while the mirror is filled", () => {
    const lag = new MirrorLag();
    lag.noteEnd(at(10_000));
    expect(lag.events(filling, 100, at(1_000))).toBe(900);
    expect(lag.events(filling, 900, at(9_990))).toBe(10);
    expect(lag.events(filling, 0, null)).toBe(10);
  });

  test("grows while the store is unavailable, counted from the break and not from the last event", () => {
    const lag = new MirrorLag();
    lag.noteTaken(idle);
    later(60);
    lag.noteBroken({ hasCaughtUp: false, queued: 0, completeUntil: performance.now() });
    expect(lag.seconds(null)).toBe(0);
    later(60);
    expect(lag.seconds(null)).toBe(0.06);
  });

  test("grows while delivered events cannot be taken, however often they are delivered again", () => {
    const lag = new MirrorLag();
    lag.noteTaken(idle);
    lag.noteBroken({ hasCaughtUp: false, queued: 42, completeUntil: performance.now() });
    later(60);
    const again = { hasCaughtUp: true, queued: 42, completeUntil: performance.now() };
    expect(lag.seconds(again)).toBe(0.06);
    lag.noteBroken({ ...again, hasCaughtUp: false });
    expect([lag.events(null, 7, at(70)), lag.seconds(null)]).toEqual([42, 0.06]);
    lag.noteTaken(idle);
    expect([lag.events(null, 7, at(70)), lag.seconds(idle)]).toEqual([0, 0]);
  });
});

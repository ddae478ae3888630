/** How far a mirror says that it is behind. */
import { setTimeout as pause } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import type { FollowedFeed } from "../../src/store/mirror-lag.ts";
import { MirrorLag } from "../../src/store/mirror-lag.ts";

const at = (place: number) => ({ commit: BigInt(place), prepare: BigInt(place) });
const idle: FollowedFeed = { hasCaughtUp: true, queued: 0, waitingSince: null };
const filling: FollowedFeed = { hasCaughtUp: false, queued: 10, waitingSince: 0 };

describe("the lag of a mirror", () => {
  test("is nothing while the subscription is live and all of it was taken", () => {
    const lag = new MirrorLag();
    expect(lag.wasComplete).toBe(false);
    lag.noteTaken(idle);
    expect([lag.events(idle, 7, at(70)), lag.seconds(idle), lag.wasComplete]).toEqual([0, 0, true]);
  });

  test("is the age of the oldest that waits, and not the time since somebody looked", async () => {
    const lag = new MirrorLag();
    lag.noteTaken(idle);
    await pause(30);
    const since = performance.now() - 2_000;
    const busy = { hasCaughtUp: true, queued: 3, waitingSince: since };
    expect(lag.events(busy, 7, at(70))).toBe(3);
    expect(lag.seconds(busy)).toBeGreaterThanOrEqual(2);
    expect(lag.seconds(idle)).toBe(0);
  });

  test("counts events by the bytes of the log that are left while the mirror is filled", () => {
    const lag = new MirrorLag();
    lag.noteEnd(at(10_000));
    expect(lag.events(filling, 100, at(1_000))).toBe(900);
    expect(lag.events(filling, 900, at(9_990))).toBe(10);
    expect(lag.events(filling, 0, null)).toBe(10);
  });

  test("grows while the store is away, from when everything was there last", async () => {
    const lag = new MirrorLag();
    lag.noteTaken(idle);
    lag.noteBroken({ hasCaughtUp: true, queued: 42, waitingSince: performance.now() });
    await pause(20);
    expect(lag.events(null, 7, at(70))).toBe(42);
    expect(lag.seconds(null)).toBeGreaterThan(0.01);
    lag.noteTaken(idle);
    expect(lag.events(null, 7, at(70))).toBe(0);
  });
});

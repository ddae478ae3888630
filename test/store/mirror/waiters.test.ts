import { expect, test } from "vitest";
import { MirrorWaiters } from "../../../src/store/mirror/waiters.ts";

const longMs = 60_000;

test("a waiter for a revision is called once the stream has reached it, and not before", async () => {
  const waiters = new MirrorWaiters();
  const told: string[] = [];
  const waiting = [2n, 5n].map(async (revision) => {
    expect(await waiters.wait("s", revision, longMs)).toBe(true);
    told.push(String(revision));
  });
  waiters.reached("s", 1n);
  waiters.reached("other", 9n);
  expect(waiters.count).toBe(2);
  waiters.reached("s", 4n);
  await waiting[0];
  expect(told).toEqual(["2"]);
  waiters.reached("s", 5n);
  await Promise.all(waiting);
  expect(waiters.count).toBe(0);
  expect(waiters.has("s")).toBe(false);
});

test("a wait fails at its limit", async () => {
  const waiters = new MirrorWaiters();
  expect(await waiters.wait("s", 0n, 1)).toBe(false);
  expect(waiters.count).toBe(0);
});

test("once nothing more can come, nobody goes on waiting", async () => {
  const waiters = new MirrorWaiters();
  const waiting = ["s", "s", "t"].map((stream) => waiters.wait(stream, 0n, longMs));
  waiters.giveUp();
  expect(await Promise.all(waiting)).toEqual([false, false, false]);
  expect(waiters.count).toBe(0);
});

import { expect, it } from "vitest";
import { SharedResults } from "../../../src/dashboard/frame/shared-results.ts";
import type { Stand } from "../../../src/dashboard/frame/stand.ts";
import { keptResults } from "../../../src/limits/pages.ts";

const stand: Stand = { sequence: 7, recordedAt: 0, at: 0, isPast: false };

/** Counts how often each key was computed. */
function counting(results: SharedResults) {
  const made = new Map<string, number>();
  const ask = (key: string, of = stand) =>
    results.of(of, key, async () => made.set(key, (made.get(key) ?? 0) + 1));
  return { ask, times: (key: string) => made.get(key) };
}

it("computes a result once however many ask for it at a position", async () => {
  const { ask, times } = counting(new SharedResults());
  await Promise.all([ask("document"), ask("document"), ask("document")]);
  expect(times("document")).toBe(1);
});

it("keeps a bounded number of results, however many windows are asked for at one position", async () => {
  const { ask, times } = counting(new SharedResults());
  await ask("first");
  for (let i = 0; i < keptResults; i++) {
    await ask(`window ${i}`);
    await ask("often");
  }
  await ask("first");
  await ask("often");
  expect([times("first"), times("often")]).toEqual([2, 1]);
});

it("drops results of positions that are no longer looked at before those of the newest", async () => {
  const { ask, times } = counting(new SharedResults());
  await ask("old", { ...stand, sequence: 6 });
  await ask("new");
  for (let i = 0; i < keptResults - 1; i++) await ask(`window ${i}`);
  await ask("new");
  await ask("old", { ...stand, sequence: 6 });
  expect([times("new"), times("old")]).toEqual([1, 2]);
});

it("computes again what failed", async () => {
  const results = new SharedResults();
  const failed = results.of(stand, "key", () => Promise.reject(new Error("no")));
  await expect(failed).rejects.toThrow("no");
  expect(await results.of(stand, "key", async () => 3)).toBe(3);
});
